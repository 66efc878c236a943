"""
How the rules say no: one family of refusals, each with a stable code.

A refusal holds data: a code, the facts that its sentence needs. The sentences,
Chinese and English, stand in `workflow.rules.sentences`; status codes stand in
`api.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

Facts = Mapping[str, object]


class GuituError(Exception):
    """Whatever Guitu refuses or cannot find, with a stable code and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, object] = facts

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={_plain(value)}" for key, value in self.facts.items())
        return f"{self.code}({shown})" if shown else self.code


class Refused(GuituError):
    """The event is not possible on its day; the sentence says why and what would make it possible."""


class WouldOrphan(Refused):
    """The new event, placed where it happened, would make a recorded move impossible."""


class NotFound(GuituError):
    """There is nothing of that name, or nothing that this caller may know of."""


class Conflict(GuituError):
    """The same id with other content, or a version that is not the present one."""


class Invalid(GuituError):
    """The request is malformed: it cannot be read as what it claims to be."""


class Unauthenticated(GuituError):
    """Nobody is logged in here, or what says so has expired."""


class Forbidden(GuituError):
    """The caller is known, and may not do this; whether the thing exists is not said."""


class Unavailable(GuituError):
    """The record cannot be reached or written now; nothing was half-written."""


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
