"""
What a scenario file expects: reading it, and finding what a report does not fulfil.

Each line is checked by the keys that it gives; the rest is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

from workflow.rules.due import STATES
from workflow.rules.events import EVENTS, OFFICE_ROLES, ROLES
from workflow.rules.pack import Basis
from workflow.rules.plan import KINDS
from workflow.rules.stages import STAGES
from workflow.services.scenario_nodes import Reader, known_keys, malformed, one_of
from workflow.services.yaml_files import Node

COUNTERS = ("tests_missed", "departures", "days_away")
ALL_KINDS = (*dict.fromkeys(kind for kinds in KINDS.values() for kind in kinds), "exit_undone")
ALL_ROLES = (*ROLES.labels, *OFFICE_ROLES, "person")
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ALL_KINDS,
    "owner": ALL_ROLES,
    "told": ALL_ROLES,
    "to": ALL_ROLES,
    "state": tuple(STATES),
    "basis": get_args(Basis),
    "event": tuple(EVENTS),
    "stage": tuple(STAGES),
}
OBLIGATION = (
    "kind",
    "occurrence",
    "opens_on",
    "due_on",
    "closed_on",
    "state",
    "owner",
    "told",
    "basis",
    "source",
    "why",
)
NOTICE = ("on", "kind", "rung", "to")
REFUSAL = ("on", "event", "code", "reason", "would_allow")
LISTS = {
    "obligations": OBLIGATION,
    "absent": OBLIGATION,
    "notices": NOTICE,
    "absent_notices": NOTICE,
    "refused": REFUSAL,
}
DAYS = ("ends_on", "exit_on")
KEYS = ("stage", "stages", *DAYS, "exit_barred", "counters", *LISTS)


def read_expect(read: Reader, node: Node) -> dict[str, Any]:
    """The expectations, as plain values."""
    read.must_be_mapping(node, "expect")
    known_keys(read, node, KEYS, "expect")
    return {key: _read_one(read, node, key) for key in node.value}


def _read_one(read: Reader, node: Node, key: str) -> Any:
    if key == "stage":
        return one_of(read, node.value[key], key, (*STAGES, "new"))
    if key == "stages":
        return [_stay(read, item) for item in read.items(node, key)]
    if key in DAYS:
        return None if node.value[key].value is None else read.day(node, key).isoformat()
    if key == "exit_barred":
        return _truth(read, node.value[key], key)
    if key == "counters":
        return _counters(read, read.mapping(node, key))
    return [_line(read, item, key) for item in read.items(node, key)]


def _stay(read: Reader, node: Node) -> list[str]:
    if not isinstance(node.value, list) or len(node.value) != 2:
        zh, en = (
            "stages 的每项写成 [2024-03-01, detected]。",
            "Each item of stages is written [2024-03-01, detected].",
        )
        raise malformed(read, "wrong_type", node.line, zh, en)
    day, stage = node.value
    if not isinstance(day.value, date):
        read.bad_day(day, "stages")
    return [day.value.isoformat(), one_of(read, stage, "stages", tuple(STAGES))]


def _truth(read: Reader, node: Node, key: str) -> bool:
    if not isinstance(node.value, bool):
        raise malformed(
            read, "wrong_type", node.line, f"{key} 写 true 或 false。", f"{key} is true or false."
        )
    return node.value


def _counters(read: Reader, node: Node) -> dict[str, int]:
    known_keys(read, node, COUNTERS, "counters")
    for key, value in node.value.items():
        if not isinstance(value.value, int) or isinstance(value.value, bool):
            raise malformed(
                read, "wrong_type", value.line, f"{key} 写整数。", f"{key} is a whole number."
            )
    return {key: value.value for key, value in node.value.items()}


def _line(read: Reader, node: Node, where: str) -> dict[str, Any]:
    read.must_be_mapping(node, where)
    known_keys(read, node, LISTS[where], where)
    if not node.value:
        zh, en = f"{where} 的一项是空的。", f"An item of {where} is empty."
        raise malformed(read, "empty_line", node.line, zh, en)
    return {key: _value(read, node, key) for key in node.value}


def _value(read: Reader, node: Node, key: str) -> Any:
    found: Node = node.value[key]
    if key == "rung":
        return found.raw
    if found.value is None:
        return None
    if key == "on" or key.endswith("_on"):
        return read.day(node, key).isoformat()
    return one_of(read, found, key, WORDS[key]) if key in WORDS else read.text(node, key)


# ------------------------------------------------------------------ comparing


def unmet(expect: Mapping[str, Any], report: Mapping[str, Any]) -> list[str]:
    """Each line of the expectations that the report does not fulfil, in words."""
    found: list[str] = []
    for key, wanted in expect.items():
        if key in LISTS:
            found += _unmet_lines(key, wanted, report)
            continue
        present = _present(key, report)
        if key == "counters":
            present = {name: present.get(name) for name in wanted}
        if wanted != present:
            found.append(f"{key}: expected {_shown(wanted)}, found {_shown(present)}")
    return found


def _present(key: str, report: Mapping[str, Any]) -> Any:
    """`ends_on` is that of the measure in force, or of the last one."""
    if key == "ends_on":
        return report["terms"][-1]["ends_on"] if report["terms"] else None
    if key == "stages":
        return [[each["on"], each["stage"]] for each in report["stages"]]
    return report[key]


def _unmet_lines(
    key: str, wanted: Iterable[Mapping[str, Any]], report: Mapping[str, Any]
) -> list[str]:
    absent = key.startswith("absent")
    rows = report[{"absent": "obligations", "absent_notices": "notices"}.get(key, key)]
    found = []
    for line in wanted:
        matching = [row for row in rows if all(row[name] == value for name, value in line.items())]
        if absent and matching:
            found.append(f"{key}: {_shown(line)} is there")
        elif not absent and not matching:
            found.append(f"{key}: {_shown(line)} is not there{_nearest(line, rows)}")
    return found


def _nearest(line: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """The row that agrees in most of what was asked, to see the difference at a glance."""
    names = [name for name in ("kind", "event") if name in line]
    alike = [row for row in rows if all(row[name] == line[name] for name in names)]
    if not names or not alike:
        return ""
    best = max(alike, key=lambda row: sum(row[name] == value for name, value in line.items()))
    return f"; nearest: {_shown({name: best[name] for name in line})}"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_shown(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    return "null" if value is None else str(value)
