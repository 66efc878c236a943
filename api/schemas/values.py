"""
The values that requests and answers share: days, instants, texts, labels.

A day is a text `2024-03-01` and nothing else: a number that happens to be read
as a day has cost somebody a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from workflow.rules.events.fields import Means

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def iso_day(given: object) -> object:
    """A day as it is written and as nothing else; a number that can be read as one is refused."""
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise ValueError("YYYY-MM-DD")
    return given


def instant_text(given: object) -> object:
    """An instant as a text, for the same reason."""
    if isinstance(given, str | None):
        return given
    raise ValueError("YYYY-MM-DDThh:mm:ss+08:00")


def whole_number(given: object) -> object:
    """A number as a number: `false` is not version 0, and "90" is no count of days."""
    if given is None or (isinstance(given, int | float) and not isinstance(given, bool)):
        return given
    raise ValueError("a whole number")


def meanings(table: Mapping[Any, Means]) -> str:
    """What each name in a table means, for the description of a field."""
    return "；".join(f"{name} {said.zh} {said.en}" for name, said in table.items())


Whole = Annotated[int, BeforeValidator(whole_number)]
Version = Annotated[
    Annotated[int, Field(ge=0, le=2**31)] | None,
    BeforeValidator(whole_number),
    Field(description="调用方看到的版本；不符则不受理 The version that the caller saw."),
]
Day = Annotated[
    date,
    BeforeValidator(iso_day),
    Field(
        ge=date(1900, 1, 1),
        le=date(2199, 12, 31),
        json_schema_extra={"pattern": r"^(19|20|21)\d{2}-\d{2}-\d{2}$"},
    ),
]
Instant = Annotated[AwareDatetime, BeforeValidator(instant_text)]


def clean(given: Any, depth: int = 0) -> None:
    """
    See that every text in it can be kept.

    Raises:
        ValueError: half a character, a NUL, or nesting that no event has.
    """
    if depth > 8:
        raise ValueError("nested too deep")
    if isinstance(given, str):
        if "\0" in given or any("\ud800" <= sign <= "\udfff" for sign in given):
            raise ValueError("a character that is none")
    elif isinstance(given, dict):
        for name, value in given.items():
            clean(name, depth + 1)
            clean(value, depth + 1)
    elif isinstance(given, list):
        for value in given:
            clean(value, depth + 1)


def _plain(given: str) -> str:
    clean(given)
    return given


PlainText = Annotated[str, AfterValidator(_plain)]
"""A text that can be kept and asked for, in an address or a cursor."""


class Incoming(BaseModel):
    """What a client sends: an unknown key is an error, and every text can be kept."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, given: Any) -> Any:
        clean(given)
        return given


class Outgoing(BaseModel):
    """What we answer, read off the views of the services."""

    model_config = ConfigDict(from_attributes=True)


CaseCode = Annotated[
    str,
    Field(
        description="个案代码：消息里只用它称呼个案 What messages call the case: a short code that tells nothing."
    ),
]


def _none_required(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


class Shown(Outgoing):
    """What we answer by the fields that a role may read: any of them may be left out (`workflow.rules.access`)."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra=_none_required)


class Label(Outgoing):
    """What a code is called."""

    zh: str
    en: str
