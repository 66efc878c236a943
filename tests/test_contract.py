"""
The API keeps to its own description, whoever asks and whatever they send.

Each role sends what schemathesis makes up of the description to a county's cases, on both databases;
`tests.contracts` says how. `--hypothesis-profile long` is for a night.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests import databases
from tests.api.worlds import ROLES_OF, a_world
from tests.contracts import Asking, beyond, edges, requests, secured
from tests.depths import is_known

HANDLES = [*ROLES_OF, None]
"""Everybody who may log in to the county of `tests.api.worlds`, and nobody."""
ONE_OF_EACH = [handle for handle in HANDLES if handle not in ("s1", "d2")]
HALVES, THIRDS = 2, 3
"""One caller sends this half of what was made up, the next the other; of the bounds a run meets a third, a night all."""
ON_SQLITE, ON_POSTGRES = 3, 2
"""How many requests of an operation a caller sends; as many times more as a profile asks for."""
LEAST = {"county": 16, "supervisor": 16, "worker": 16}
"""Of how many operations something has to come, so that a run shows something; of 3 for the other roles. Half as many on PostgreSQL, where less is sent."""


def more() -> int:
    return max(1, settings().max_examples // 100)


def check(asking: Asking) -> None:
    assert not asking.found, asking.report()
    asks_who = secured(asking.app) | {"POST /api/v1/sessions"}
    for label, status in asking.answers:
        assert status != 401 or label in asks_who, f"{label} asks who calls, and does not say so"
        if asking.handle is None:
            assert status in (401, 422) or label not in asks_who, f"{label} answers to nobody"


def ask_everything(kind: databases.Kind, count: int, handle: str | None) -> None:
    with databases.on(kind), a_world() as world:
        asking = Asking(world, handle)
        for operation in asking.all():
            made = requests(operation, HALVES * count * more())
            asking.ask(operation, made[HANDLES.index(handle) % HALVES :: HALVES])
    check(asking)
    if handle is not None:
        least = LEAST.get(ROLES_OF[handle], 3) // (1 if kind == "sqlite" else 2)
        assert len(asking.let_through) >= least, sorted(asking.let_through)


@pytest.mark.slow
@pytest.mark.parametrize("handle", HANDLES)
def test_each_role_is_answered_as_described_and_reads_nothing_beyond(handle: str | None) -> None:
    ask_everything("sqlite", ON_SQLITE, handle)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("handle", ONE_OF_EACH)
def test_each_role_is_answered_as_described_on_postgresql_too(handle: str | None) -> None:
    ask_everything("postgres", ON_POSTGRES, handle)


@pytest.mark.slow
def test_every_bound_that_is_described_is_kept() -> None:
    with databases.on("sqlite"), a_world() as world:
        asking = Asking(world, "c1")
        for operation in asking.all():
            asking.ask(operation, edges(operation)[:: 1 if more() > 1 else THIRDS])
    check(asking)


def test_every_address_is_asked_about_something() -> None:
    with databases.on("sqlite"), a_world() as world:
        asked = {
            parameter.name
            for operation in Asking(world, None).all()
            for parameter in operation.path_parameters
        }
    assert all(map(is_known, asked)), "give it something in tests/depths.py"


def test_what_is_wrong_is_found() -> None:
    """The two that matter most: an answer that nobody described, and a name that was to stay hidden."""
    with databases.on("sqlite"), a_world() as world:
        asking = Asking(world, "c1")
        described = asking.app.openapi()
        answers = described["paths"]["/api/v1/cases/{case_id}"]["get"]["responses"]
        for status in ("200", "404", "422"):
            del answers[status]
        asking.hidden = beyond("w1")
        for operation in asking.all():
            if operation.label in ("GET /api/v1/cases", "GET /api/v1/cases/{case_id}"):
                asking.ask(operation, requests(operation, 20))
    assert ("GET /api/v1/cases", "leak") in asking.found
    assert ("GET /api/v1/cases/{case_id}", "UndefinedStatusCode") in asking.found
