"""What the program can refuse is known whole: each code is raised somewhere, has one status, and is written out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from api.errors import TITLES, status_of
from api.errors_page import MEANINGS
from api.refusals import ALL_SENTENCES, FAMILY, PACKAGES, ROOT, sites, sites_in, statuses

ELSEWHERE = {"workflow/services/scenario_nodes.py"}
"""A scenario file is refused with sentences of its own, which name the line."""


def test_each_sentence_is_said_somewhere() -> None:
    assert ALL_SENTENCES.keys() == {site.code for site in sites()}


def test_a_code_has_one_status_wherever_it_is_raised() -> None:
    for site in sites():
        assert site.code
        assert status_of(FAMILY[site.family](site.code)) == statuses()[site.code], site.place


def test_each_status_has_a_title_and_a_meaning() -> None:
    answered = set(statuses().values())
    assert answered <= TITLES.keys()
    assert answered <= MEANINGS.keys()
    assert all(status_of(kind("some_code")) < 600 for kind in FAMILY.values())


@pytest.mark.parametrize(
    "source",
    [
        "from workflow.rules.errors import Refused\nraise Refused('new_code', day=1)",
        "from workflow.rules.errors import Refused as No\ndef f():\n    return No('new_code', day=1)",
        "from workflow.rules import errors\nraise errors.Refused('new_code', day=1) from None",
        "from workflow.rules.errors import Refused\nmake = {'x': lambda: Refused('new_code', day=1)}",
    ],
)
def test_a_new_code_is_found_however_it_is_raised(source: str) -> None:
    (site,) = sites_in(source, "some.py")
    assert (site.code, site.family, site.facts) == ("new_code", "Refused", frozenset({"day"}))


def test_a_code_that_is_not_written_out_is_found_too() -> None:
    (site,) = sites_in("from workflow.rules.errors import Invalid\nInvalid(code)", "some.py")
    assert (site.place, site.code) == ("some.py:2", None)


def test_the_family_stands_in_one_file() -> None:
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name not in {"workflow/rules/errors.py", *ELSEWHERE}:
            assert not grown_in(path), f"{name}: a refusal of its own is in no table"


def grown_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return [one.name for one in classes if FAMILY.keys() & {ast.unparse(b) for b in one.bases}]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("malformed_body", 422),
        ("unknown_event_type", 422),
        ("attachment_unreadable", 422),
        ("pack_unusable", 409),
        ("dates_reversed", 409),
        ("day_outside_calendar", 409),
        ("unknown_division", 409),
        ("attachment_too_large", 413),
        ("attachment_type", 415),
        ("unreadable_event", 500),
        ("attachment_damaged", 500),
    ],
)
def test_only_what_cannot_be_read_is_malformed(code: str, status: int) -> None:
    """What another record, pack or calendar would allow is refused; what is damaged here is a fault of ours."""
    assert statuses()[code] == status
