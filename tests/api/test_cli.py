"""Every command shows an example of itself and says what its exit codes mean, in its help and in the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.cli import app
from api.commands.exits import FOUND_BY, MEANINGS

OPERATIONS = (Path(__file__).resolve().parents[2] / "docs/operations.md").read_text("utf-8")


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each command by its words: `keys rotate`. Typer brings a click of its own, whose classes have no public name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    for name, each in (inner or {}).items():
        yield from commands(each, f"{path} {name}".strip())


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_the_commands_are_those_that_an_office_needs() -> None:
    tops = {name.split()[0] for name in COMMANDS}
    asked = "demo serve migrate tick rehearse verify backup restore keys openapi policy create-admin runs"
    assert set(asked.split()) <= tops


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_shows_an_example_in_its_help(name: str) -> None:
    done = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    shown = done.output.partition("Example")[2]
    assert re.search(rf"guitu {name}\b", shown), f"guitu {name} --help shows no example"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_in_the_documents(name: str) -> None:
    assert re.search(rf"`guitu {name}\b", OPERATIONS), f"docs/operations.md lacks guitu {name}"


def test_the_exit_codes_of_the_documents_are_those_of_the_program() -> None:
    codes = dict(re.findall(r"^\| (\d) \| (.+?) \|$", OPERATIONS, re.MULTILINE))
    assert codes == {str(code): said for code, said in MEANINGS.items()}
    found = dict(re.findall(r"^\| `guitu ([\w -]+)` \| ([^|]+) \|$", OPERATIONS, re.MULTILINE))
    assert {name: found.get(name) for name in FOUND_BY} == dict(FOUND_BY)
    assert FOUND_BY.keys() <= COMMANDS.keys()


def test_a_command_that_may_find_something_says_so_in_its_help() -> None:
    for name in FOUND_BY:
        assert "Exit status" in " ".join(COMMANDS[name].help.split()), name
