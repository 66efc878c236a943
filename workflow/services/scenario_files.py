"""
Reads the file of one rehearsal (情景文件, rehearsal.md): events, a last day, and what should come of it.

Strict, because a slip that is overlooked shows a supervisor a wrong future:
whatever is unknown, missing or of the wrong type is refused with its line and
with what would be right. An event without a field that it needs is no slip of
the pen but a refusal, as it would be at the counter. What the file expects is
read by `scenario_expectations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

from workflow.rules.case import TeamMode
from workflow.rules.errors import Invalid, Refused
from workflow.rules.events import ENGINE, EVENTS, CircumstanceKind
from workflow.rules.history import Recorded
from workflow.rules.sentences import reason
from workflow.services import event_forms
from workflow.services.scenario_expectations import read_expect
from workflow.services.scenario_nodes import (
    MalformedScenario,
    Reader,
    known_keys,
    malformed,
    one_of,
)
from workflow.services.yaml_files import Node

__all__ = ["MalformedScenario", "Scenario", "Unparsable", "parse_scenario", "read_scenario"]

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY, LAST_DAY = date(1995, 1, 1), date(2045, 12, 31)
TOP_KEYS = ("case", "policy", "born", "traits", "team", "events", "until", "expect")
ENVELOPE = (
    "id",
    "on",
    "event",
    "recorded_on",
    "happened_at",
    "captured_at",
    "recorded_by",
    "signed_by",
    "approved_by",
)


@dataclass(frozen=True, slots=True)
class Unparsable:
    """An event that lacks a field it needs (or whose request does): refused before any rule was asked."""

    event: str
    on: date
    recorded_on: date
    seq: int
    error: Refused


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    One case to rehearse.

    `policy` is a pack's id or a path, as `load_pack` takes it; `expect` holds plain values,
    dates as dates; `unparsable` are the events refused for a missing field.
    """

    title: str
    policy: str
    recs: tuple[Recorded, ...]
    until: date
    team: TeamMode
    expect: Mapping[str, Any] = field(default_factory=dict)
    unparsable: tuple[Unparsable, ...] = ()


def read_scenario(path: Path) -> Scenario:
    """
    The scenario in this file.

    Raises:
        MalformedScenario: it cannot be read as one; `file`, `line` and two sentences say what is wrong.
    """
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        zh, en = f"读不到这个文件（{why}）。", f"The file cannot be read ({why})."
        raise MalformedScenario("unreadable", str(path), 0, zh, en) from error
    return parse_scenario(raw, path)


def parse_scenario(raw: bytes, path: Path) -> Scenario:
    """The scenario in these bytes, which stand in the file at `path`."""
    read = Reader(str(path))
    top = read.document(raw)
    known_keys(read, top, TOP_KEYS, "")
    events = _Events(read, [*_events(read, top)])
    until = _until(read, top, events)
    events.put_first(_born(read, top), _traits(read, top))
    expect = read_expect(read, top.value["expect"]) if "expect" in top.value else {}
    return Scenario(
        title=read.text(top, "case") if "case" in top.value else path.stem,
        policy=_policy(read, top, path),
        recs=tuple(events.recs),
        until=until,
        team=_team(read, top, events.names),
        expect=expect,
        unparsable=tuple(events.unparsable),
    )


# ------------------------------------------------------------------ the head of the file


def _policy(read: Reader, top: Node, path: Path) -> str:
    if "policy" not in top.value:
        return "cn-national"
    name = read.text(top, "policy")
    return str(path.parent / name) if name.endswith(".toml") else name


def _born(read: Reader, top: Node) -> date | None:
    return read.day(top, "born", span=(date(1900, 1, 1), LAST_DAY)) if "born" in top.value else None


def _traits(read: Reader, top: Node) -> list[str]:
    if "traits" not in top.value:
        return []
    node = read.mapping(top, "traits")
    known_keys(read, node, get_args(CircumstanceKind), "traits")
    for name, value in node.value.items():
        if not isinstance(value.value, bool):
            zh, en = f"{name} 写 true 或 false。", f"{name} is true or false."
            raise malformed(read, "wrong_type", value.line, zh, en)
    return [name for name, value in node.value.items() if value.value]


def _team(read: Reader, top: Node, events: Iterable[str]) -> TeamMode:
    """Standing, unless the file says `team: none` or tells who is assigned."""
    if "team" in top.value:
        one_of(read, top.value["team"], "team", ("none",))
        return "recorded"
    return "recorded" if "helper_assigned" in events else "standing"


def _until(read: Reader, top: Node, events: _Events) -> date:
    until = read.day(top, "until", span=(FIRST_DAY, LAST_DAY))
    _, first = events.first_days()
    if until < first:
        zh = f"until 早于第一条记录（{first}）；推演从第一条记录那天开始。"
        en = f"until lies before the first entry ({first}), on which the rehearsal begins."
        raise malformed(read, "until_too_early", top.value["until"].line, zh, en)
    return until


# ------------------------------------------------------------------ the events


def _events(read: Reader, top: Node) -> Iterable[Node]:
    items = read.items(top, "events")
    if not items:
        zh, en = "events 至少写一条事件。", "events holds at least one event."
        raise malformed(read, "no_events", top.value["events"].line, zh, en)
    return items


class _Events:
    """Turns the lines of `events` into recordings, in the order in which they stand."""

    def __init__(self, read: Reader, nodes: list[Node]) -> None:
        self.read = read
        self.recs: list[Recorded] = []
        self.unparsable: list[Unparsable] = []
        self.names: list[str] = []
        self._ids: set[str] = set()
        for seq, node in enumerate(nodes):
            self._add(node, seq)
        self._refuse_whole_requests()

    def first_days(self) -> tuple[date, date]:
        """The first day on which something happened, and on which something was recorded."""
        days = [(rec.on, rec.recorded_on) for rec in self.recs]
        days += [(bad.on, bad.recorded_on) for bad in self.unparsable]
        return min(on for on, _ in days), min(recorded for _, recorded in days)

    def put_first(self, born: date | None, traits: list[str]) -> None:
        """Birth date and traits are events too, known before all others."""
        on, recorded_on = self.first_days()
        data: list[tuple[str, dict[str, object]]] = [
            ("circumstance_recorded", {"kind": kind}) for kind in traits
        ]
        if born is not None:
            data.insert(0, ("person_registered", {"born": born}))
        self.recs[:0] = [
            Recorded(f"@{name}{n}", event_forms.parse(name, fields), on, recorded_on, n - len(data))
            for n, (name, fields) in enumerate(data)
        ]

    def _add(self, node: Node, seq: int) -> None:
        read = self.read
        read.must_be_mapping(node, "events")
        on = read.day(node, "on", span=(FIRST_DAY, LAST_DAY))
        name = self._name(node)
        recorded_on = (
            read.day(node, "recorded_on", span=(FIRST_DAY, LAST_DAY))
            if "recorded_on" in node.value
            else on
        )
        at = self._instants(node, on)
        by, approved_by, id_ = self._signatures(node, seq)
        self.names.append(name)
        try:
            event = event_forms.parse(name, self._fields(node, name))
        except Refused as error:
            self.unparsable.append(Unparsable(name, on, recorded_on, seq, error))
        except Invalid as error:
            raise self._bad_field(node, name, error) from error
        else:
            self.recs.append(
                Recorded(
                    id_, event, on, recorded_on, seq, at=at, recorded_by=by, approved_by=approved_by
                )
            )

    def _name(self, node: Node) -> str:
        name = self.read.text(node, "event")
        line = node.value["event"].line
        if name in ENGINE:
            zh = f"{name} 由系统到期推定，不写在文件里。"
            en = f"{name} is derived by the engine when its day comes; leave it out."
            raise malformed(self.read, "derived_by_engine", line, zh, en)
        if name not in EVENTS:
            one_of(self.read, node.value["event"], "event", tuple(EVENTS))
        return name

    def _fields(self, node: Node, name: str) -> dict[str, object]:
        days = _day_fields(name)
        fields: dict[str, object] = {}
        for key, value in node.value.items():
            if key in ENVELOPE:
                continue
            if key in days and value.value is not None and not isinstance(value.value, date):
                self.read.bad_day(value, key)
            fields[key] = _as_meant(name, key, self._value(value))
        return fields

    def _value(self, node: Node) -> object:
        if isinstance(node.value, list):
            return [self._value(item) for item in node.value]
        if isinstance(node.value, dict):
            return {key: self._value(value) for key, value in node.value.items()}
        if isinstance(node.value, str) and not node.quoted and (at := _local_instant(node.value)):
            return at
        return node.value

    def _bad_field(self, node: Node, name: str, error: Invalid) -> MalformedScenario:
        key = str(error.facts.get("field") or "")
        line = node.lines.get(key, node.line)
        zh, en = reason(error, "zh"), reason(error, "en")
        if error.code == "unknown_field":
            words = ", ".join(event_forms.schema(name)["properties"])
            zh, en = (
                f"{name} 没有 {key}；可写：{words}。",
                f"{name} has no field {key!r}; it has: {words}.",
            )
        elif "expected" in error.facts:
            zh = f"{name} 的 {key} 应写成：{error.facts['expected']}。"
            en = f"{key} of {name} should be: {error.facts['expected']}."
        return malformed(self.read, error.code, line, zh, en)

    def _instants(self, node: Node, on: date) -> datetime | None:
        """`happened_at` as an instant; `captured_at` is only checked, since a rehearsal has no device."""
        if "captured_at" in node.value:
            self._instant(node.value["captured_at"], "captured_at")
        if "happened_at" not in node.value:
            return None
        at = self._instant(node.value["happened_at"], "happened_at")
        if at.astimezone(ZONE).date() != on:
            zh, en = "happened_at 与 on 不是同一天。", "happened_at lies on another day than on."
            raise malformed(self.read, "other_day", node.value["happened_at"].line, zh, en)
        return at

    def _instant(self, node: Node, key: str) -> datetime:
        at = _local_instant(node.value) if isinstance(node.value, str) else None
        if at is None:
            zh = f"{key} 写成 2024-03-01T09:30:00+08:00 的样子。"
            en = f"{key} is written as 2024-03-01T09:30:00+08:00."
            raise malformed(self.read, "bad_instant", node.line, zh, en)
        return at

    def _signatures(self, node: Node, seq: int) -> tuple[str | None, str | None, str]:
        read = self.read
        by = read.text(node, "recorded_by") if "recorded_by" in node.value else None
        given = {
            key: read.text(node, key) for key in ("signed_by", "approved_by") if key in node.value
        }
        if len(set(given.values())) > 1:
            zh, en = (
                "signed_by 与 approved_by 是一回事，只写一个。",
                "signed_by and approved_by mean the same; write one.",
            )
            raise malformed(read, "two_approvals", node.lines["approved_by"], zh, en)
        id_ = read.text(node, "id") if "id" in node.value else f"@{seq}"
        if id_ in self._ids:
            zh, en = f"编号 {id_} 用了两次。", f"The id {id_} is used twice."
            raise malformed(read, "duplicate_id", node.lines["id"], zh, en)
        self._ids.add(id_)
        return by, next(iter(given.values()), None), id_

    def _refuse_whole_requests(self) -> None:
        """The events of a day form one request where a void is among them: with one of them all are refused."""
        for bad in list(self.unparsable):
            day = [rec for rec in self.recs if rec.recorded_on == bad.recorded_on]
            if "event_voided" in (bad.event, *(rec.event.name for rec in day)):
                self.recs = [rec for rec in self.recs if rec not in day]
                self.unparsable += [
                    Unparsable(r.event.name, r.on, r.recorded_on, r.seq, bad.error) for r in day
                ]
        self.unparsable.sort(key=lambda one: (one.recorded_on, one.seq))


def _as_meant(name: str, key: str, value: object) -> object:
    """A file is written by hand: one word stands for a list of one, a bare number for its text (`decision_no: 7`)."""
    kinds = _kinds_of(name).get(key, frozenset())
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and kinds <= {"string", "null"}
        and kinds
    ):
        return str(value)
    return [value] if "array" in kinds and isinstance(value, str) else value


@cache
def _kinds_of(name: str) -> dict[str, frozenset[str]]:
    """The JSON types that each field of an event takes; a date or an instant counts by its format."""
    if name not in EVENTS:
        return {}
    found = {}
    for key, form in event_forms.schema(name)["properties"].items():
        ways = form.get("anyOf", [form])
        found[key] = frozenset(str(way.get("format") or way.get("type", "")) for way in ways)
    return found


def _day_fields(name: str) -> set[str]:
    """The fields of an event that hold a civil day, under the wire's words."""
    cls = EVENTS[name]
    hints = get_type_hints(cls)
    days = {key for key, hint in hints.items() if date in (hint, *get_args(hint))}
    return {cls.wire.get(key, key) for key in days}


def _local_instant(text: str) -> datetime | None:
    """An instant as written; without an offset it is the office's time."""
    if len(text) < 16:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)
