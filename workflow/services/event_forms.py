"""
Reading and writing events in the words of the wire: a mapping -> the frozen event, and back.

The one place where a name becomes a class. Whatever comes from outside is read
strictly (a number is no date, "yes" is no truth); what the record holds was
read so once and is taken back as it lies. Knows neither envelope nor case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from workflow.rules.errors import Invalid, Refused
from workflow.rules.events import ENGINE, EVENTS, ClosingAct, Event, from_wire, to_wire

FORMS = {
    "json": "JSON",
    "date": "YYYY-MM-DD",
    "datetime": "YYYY-MM-DDThh:mm:ss+08:00",
    "timezone": "YYYY-MM-DDThh:mm:ss+08:00",
    "int": "1, 2, 3 ...",
    "bool": "true, false",
    "string": '"..."',
    "tuple": '["...", "..."]',
}
"""What a value should look like, by the first word of pydantic's error: the same in every language."""
YEARS = range(1900, 2200)
"""A day beyond these is a slip of the finger, and months added to it lead out of the calendar."""
BOUNDS = {
    "date": (f"{YEARS.start}-01-01", f"{YEARS.stop - 1}-12-31"),
    "date-time": (f"{YEARS.start}-01-01T00:00:00Z", f"{YEARS.stop - 1}-12-31T23:59:59Z"),
}
"""The same by the formats of JSON Schema."""
COMMON = ("occurrence", "document_no", "note")
"""What stands at the end of every form."""


def parse(name: str, data: Mapping[str, Any]) -> Event:
    """
    The event of this name with these fields, as they come from outside.

    Raises:
        Invalid: `unknown_event_type`, `unknown_field` or `invalid_value`, with the field and what is expected.
        Refused: `missing_field`, or `derived_by_engine` for what only the calendar brings about.
    """
    kind = _class_of(name)
    known = _outer_names(kind, data)
    try:
        sent = json.dumps(known, default=_as_text, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid("invalid_value", event=name, field="", expected="JSON") from error
    try:
        event = _adapter(name).validate_json(sent, strict=True)
    except ValidationError as error:
        raise _first_problem(kind, error) from error
    _check_years(event)
    return event


def read(name: str, version: int, payload: Mapping[str, Any]) -> Event:
    """
    An event as the record holds it; older versions are lifted here, and nowhere else.

    Raises:
        Invalid: `unreadable_event`: the record was damaged, or written by a later release.
    """
    kind = EVENTS.get(name)
    if kind is None or version > kind.version:
        raise Invalid("unreadable_event", event=name, version=version)
    try:
        return _adapter(name).validate_python(from_wire(kind, payload))
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid("unreadable_event", event=name, version=version) from error


def read_json(name: str, version: int, text: bytes) -> Event:
    """The same from the JSON of `dump_json`, which takes half the time where the wire has no words of its own."""
    try:
        return _reader(name, version)(text)
    except ValueError as error:
        raise Invalid("unreadable_event", event=name, version=version) from error


def dump_json(event: Event) -> bytes:
    """The fields of an event as compact JSON on one line."""
    return json.dumps(dump(event), ensure_ascii=False, separators=(",", ":")).encode()


def dump(event: Event) -> dict[str, Any]:
    """The fields of an event under the wire's words, ready for JSON, without those that are unset."""
    kind = type(event)
    held: dict[str, Any] = _adapter(kind.name).dump_python(event, mode="json", exclude_none=True)
    return to_wire(kind, held)


@cache
def schema(name: str) -> dict[str, Any]:
    """
    The JSON Schema of an event's fields under the wire's words, with both labels: what a form is made from.

    Its fields stand in the order in which somebody fills them in: the event's own, then which occurrence it closes,
    then paper and remark. What is not required is left out where it is unset.
    """
    kind = _class_of(name)
    found = dict(_adapter(name).json_schema())
    drawn = {field: _drawn(form) for field, form in found["properties"].items()}
    last = COMMON if issubclass(kind, ClosingAct) else COMMON[1:]
    order = sorted(drawn, key=lambda field: last.index(field) if field in last else -1)
    found["properties"] = to_wire(kind, {field: drawn[field] for field in order})
    found["required"] = [kind.wire.get(field, field) for field in found.get("required", ())]
    return found


@cache
def bare_schema(name: str) -> dict[str, Any]:
    """The same without what `x-label` says too and what is for readers of the API: half the bytes, for a phone."""
    found = schema(name)
    fields = {field: _bare(form) for field, form in found["properties"].items()}
    return {**_bare(found), "properties": fields}


def _bare(form: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in form.items() if key not in ("title", "description")}


def _drawn(form: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a field as a form draws it: of one type, its words in their order, its days within bounds."""
    found = {key: value for key, value in form.items() if key != "anyOf"}
    for way in form.get("anyOf", ()):
        found |= way if way != {"type": "null"} else {}
    if found.get("default", ...) is None:
        del found["default"]
    if "x-choices" in found:
        found["x-choices"] = {word: found["x-choices"][word] for word in found["enum"]}
    if found.get("format") in BOUNDS:
        least, most = BOUNDS[found["format"]]
        found |= {"formatMinimum": least, "formatMaximum": most}
    return found


def _class_of(name: str) -> type[Event]:
    if name in ENGINE:
        raise Refused("derived_by_engine", event=name)
    if name not in EVENTS:
        raise Invalid("unknown_event_type", event=name)
    return EVENTS[name]


@lru_cache(maxsize=1 << 10)
def _reader(name: str, version: int) -> Callable[[bytes], Event]:
    """What reads the events of one name and version; it fails with a ValueError, or as `read` does."""
    kind = EVENTS.get(name)
    if kind is None or kind.wire or version != kind.version:
        return lambda text: read(name, version, json.loads(text))
    validator: Any = _adapter(name).validator
    read_text: Callable[[bytes], Event] = validator.validate_json
    return read_text


@cache
def _adapter(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(EVENTS[name])


def _outer_names(kind: type[Event], data: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return from_wire(kind, data)
    except ValueError as error:
        inner = min(kind.wire.keys() & data.keys())
        raise _unknown_field(kind, inner) from error


def _as_text(value: object) -> str:
    """Days and instants, as a reader of YAML hands them over, in the words of JSON."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _first_problem(kind: type[Event], error: ValidationError) -> Invalid | Refused:
    """The first problem, what is malformed before what is missing."""
    problems = sorted(error.errors(include_url=False), key=lambda each: each["type"] == "missing")
    first = problems[0]
    inner = str(first["loc"][0]) if first["loc"] else ""
    field = kind.wire.get(inner, inner)
    if first["type"] == "missing":
        return Refused("missing_field", event=kind.name, field=field)
    if first["type"] == "unexpected_keyword_argument":
        return _unknown_field(kind, field)
    return Invalid("invalid_value", event=kind.name, field=field, expected=_expected(first))


def _unknown_field(kind: type[Event], field: str) -> Invalid:
    known = [kind.wire.get(each.name, each.name) for each in fields(kind)]
    return Invalid("unknown_field", event=kind.name, field=field, known=known)


def _expected(problem: ErrorDetails) -> str:
    if problem["type"] == "literal_error":
        return str(problem["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    return FORMS.get(problem["type"].partition("_")[0], problem["type"])


def _check_years(event: Event) -> None:
    for field in fields(event):
        value = getattr(event, field.name)
        if isinstance(value, date) and value.year not in YEARS:
            word = event.wire.get(field.name, field.name)
            span = f"{YEARS.start} ... {YEARS.stop - 1}"
            raise Invalid("invalid_value", event=event.name, field=word, expected=span)
