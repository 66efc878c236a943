"""The error stream: one JSON object a line, known fields only, and no text of an error; of our own lines and of libraries'."""

from __future__ import annotations

import ast
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from uvicorn.config import LOGGING_CONFIG

from api.log_lines import KNOWN, configure
from tests.test_architecture import PACKAGES, modules

MARKER = "司空标记甲 13812345678"
TELLING = {"debug", "info", "warning", "error", "exception", "critical"}


@pytest.fixture(autouse=True)
def as_in_production() -> Iterator[None]:
    """As `refusals_told` sets it up; afterwards as it was."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.config.dictConfig(LOGGING_CONFIG)  # as uvicorn leaves it that was started otherwise
    configure()
    yield
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_and_what_is_not_known_is_withheld(
    capsys: pytest.CaptureFixture[str],
) -> None:
    structlog.get_logger().warning("alarm", what="gap", count=3, name=MARKER, code="原因")
    (found,) = lines(capsys)
    assert found.pop("timestamp")
    assert found == {
        "event": "alarm",
        "level": "warning",
        "what": "gap",
        "count": 3,
        "code": "原因",
        "withheld": ["name"],
    }


def test_of_an_error_its_type_and_its_places_go_out_and_never_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        dict[str, str]()[MARKER]
    except KeyError as error:
        structlog.get_logger().error("unexpected", exc_info=error)
        structlog.get_logger().exception("unexpected")
        logging.getLogger("uvicorn.error").error("%s failed", MARKER, exc_info=True)
        logging.getLogger("uvicorn.error").error(MARKER)
    written = capsys.readouterr().err
    assert MARKER not in written
    assert "13812345678" not in written
    found = [json.loads(line) for line in written.splitlines()]
    assert [one.get("error") for one in found] == ["KeyError", "KeyError", "KeyError", None]
    assert "test_log_lines.py" in found[0]["where"][-1]
    assert [one.get("logger") for one in found[2:]] == ["uvicorn.error", "uvicorn.error"]


def test_what_is_no_plain_value_goes_out_as_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().error("case_failed", error=ValueError(MARKER), path="x" * 999)
    (found,) = lines(capsys)
    assert (found["error"], len(found["path"])) == ("ValueError", 300)


def test_each_field_that_the_program_logs_is_known() -> None:
    """A field that nobody added to the list would be withheld where somebody needs it."""
    unknown = []
    for name, tree in modules(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of, how = node.func.value, node.func.attr
                if isinstance(of, ast.Name) and of.id == "log" and how in TELLING:
                    fields = {each.arg for each in node.keywords if each.arg}
                    unknown += [f"{name}: {one}" for one in fields - KNOWN - {"exc_info"}]
    assert not unknown
