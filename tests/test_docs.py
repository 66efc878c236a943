"""What the documents say is so: the commands of the README give what stands there, and what is written from the code is current."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from api.commands.documents import api_description, written
from api.errors_page import errors_page
from api.refusals import ALL_SENTENCES, statuses
from api.settings import Settings
from tests.servers import serving
from workflow.rules.access import RESOURCES, ROLES, Action
from workflow.rules.events import EVENTS
from workflow.rules.plan import KINDS
from workflow.rules.stages import STAGES
from workflow.services.access_tables import ACTIONS
from workflow.services.rules_pages import rules_page

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
GUITU = [sys.executable, "-m", "api.cli"]
Command = tuple[str, list[str]]


@pytest.mark.parametrize("name", ["openapi.json", "rules.md", "errors.md"])
def test_what_is_written_from_the_code_is_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == written()[name], "run `make docs`"


def test_the_page_of_the_rules_names_everything() -> None:
    page = rules_page()
    kinds = [kind for kinds in KINDS.values() for kind in kinds]
    for name in (*STAGES, *EVENTS, *kinds):
        assert f"`{name}`" in page
    for label in (*ROLES.values(), *RESOURCES.values()):
        assert f"{label.zh} {label.en}" in page
    assert get_args(Action) == tuple(ACTIONS)


def test_the_page_of_the_errors_has_a_row_for_each_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \|", errors_page(), re.MULTILINE)
    assert dict(rows) == {code: str(status) for code, status in statuses().items()}
    assert len(rows) == len(ALL_SENTENCES)


def test_the_description_gives_examples_and_refusals() -> None:
    found = json.loads(api_description())
    record = found["paths"]["/api/v1/cases/{case_id}/events"]["post"]
    assert {"201", "200", "404", "409", "422"} <= record["responses"].keys()
    assert "application/problem+json" in record["responses"]["409"]["content"]
    assert found["components"]["schemas"]["EventsCreate"]["examples"]
    assert "Problem" in found["components"]["schemas"]


def test_each_setting_is_documented_with_what_holds_without_it() -> None:
    rows = dict(re.findall(r"^\| `GUITU_(\w+)` \| (.*?) \|", OPERATIONS, re.MULTILINE))
    assert rows.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        assert default in (None, "") or rows[name.upper()] == f"`{default}`"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/operations.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


# ------------------------------------------------------------------ the tour


def tour() -> list[Command]:
    """Each command of the README with the lines that it shows."""
    found: list[Command] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A demo, as `make demo` starts it."""
    folder = tmp_path_factory.mktemp("demo")
    with serving("demo", "--database", str(folder / "demo.db"), log=folder / "log") as found:
        yield found


def holds(shown: list[str], output: str) -> str | None:
    """The first shown line that does not stand in the output in its order; `...` stands for anything."""
    lines = iter(output.splitlines())
    for line in shown:
        if line.strip() in ("...", ""):
            continue
        pattern = re.escape(line.rstrip()).replace(re.escape("..."), ".*")
        if not any(re.fullmatch(pattern, each.rstrip()) for each in lines):
            return line
    return None


@pytest.mark.slow
def test_the_tour_of_the_readme_gives_what_it_shows(port: int, tmp_path: Path) -> None:
    commands = tour()
    assert len(commands) >= 6
    place = {"GUITU_DATABASE_URL": f"sqlite:///{tmp_path / 'guitu.db'}", "PYTHONPATH": str(ROOT)}
    (tmp_path / "tests").symlink_to(ROOT / "tests")  # what the commands write stays out of the tree
    for command, shown in commands:
        run = command.replace(":8000", f":{port}").replace(".venv/bin/guitu", " ".join(GUITU))
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", run],
            cwd=tmp_path,
            env={**os.environ, **place},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        output = done.stdout.replace(str(tmp_path) + "/", "")
        assert (missing := holds(shown, output)) is None, (
            f"{command}\nnot shown: {missing}\n{output[:3000]}"
        )
