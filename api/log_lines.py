"""
What goes to the error stream (日志): one JSON object a line, Chinese as it is written, and never a word about a person.

Only fields that are known go out, each a plain value; of any other the name does. Of an error its type and
the places that it came through go out, and never its text: that may hold what somebody wrote. What libraries
log goes the same way.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType
from typing import Any

import structlog

KNOWN = frozenset(
    {
        *("event", "level", "timestamp"),
        *(
            "id",
            "run_id",
            "case_id",
            "message_id",
            "staff_id",
            "owner_id",
            "for_day",
            "path",
            "file",
            "worker",
            "job",
        ),
        *("error", "where", "code", "what", "count", "owner", "channel", "logger"),
        *("cases", "notices", "rows", "failures", "messages", "items", "nobody", "withdrawn"),
        *(
            "delivered",
            "sent",
            "again",
            "refused",
            "left",
            "lost",
            "late",
            "passed",
            "failed",
            "moved",
        ),
    }
)
"""The fields that go out. Each is a code, a number, an id, a day, or a name that this program gave."""

LONGEST = 300
"""Characters of a value; the rest is cut."""

DEEPEST = 12
"""Places of an error, the innermost last."""

OUTSPOKEN = ("uvicorn", "uvicorn.error", "uvicorn.access")
"""Libraries that give their loggers a voice of their own unless they are told otherwise."""

Line = MutableMapping[str, Any]
Caught = tuple[type[BaseException], BaseException, TracebackType | None]


def configure() -> None:
    """Send what this program and its libraries log to the error stream; warnings and worse."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _without_text,
            only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    for name in OUTSPOKEN:
        found = logging.getLogger(name)
        found.handlers.clear()
        found.propagate = True


def only_known(_: object, __: str, line: Line) -> Line:
    """The known fields with plain values; the names of the others stand in `withheld`."""
    withheld = sorted(name for name in line if name not in KNOWN)
    kept = {name: _plain(value) for name, value in line.items() if name in KNOWN}
    return {**kept, "withheld": withheld} if withheld else kept


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value[:LONGEST] if isinstance(value, str) else type(value).__name__


def _without_text(_: object, __: str, line: Line) -> Line:
    """An error as its type and its places."""
    caught = line.pop("exc_info", None)
    error = caught[1] if isinstance(caught, tuple) else caught
    if error is True:
        error = sys.exception()
    if isinstance(error, BaseException):
        line["error"], line["where"] = type(error).__name__, list(places_of(error))
    return line


def places_of(error: BaseException) -> Iterator[str]:
    """Where an error came through: file, line and function."""
    for frame in extract_tb(error.__traceback__)[-DEEPEST:]:
        yield f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"


class _Libraries(logging.Handler):
    """What a library logs: who, where, and the type of the error. Its words may hold what it was given."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on as a line of ours."""
        tell = structlog.get_logger("library")
        at = f"{record.module}:{record.lineno} {record.funcName}"
        known = _without_text(None, "", {"where": [at], "exc_info": record.exc_info})
        tell.log(record.levelno, "library", logger=record.name, **known)
