"""Events in the words of the wire: read strictly, written back the same, each slip named."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from workflow.rules.errors import GuituError, Invalid, Refused
from workflow.rules.events import ENGINE, EVENTS, CircumstanceRecorded, IsolationOrdered
from workflow.rules.moves import plausible
from workflow.services.event_forms import dump, parse, read, schema

ISOLATION = {
    "decision_no": "I-1",
    "decided_on": "2024-05-13",
    "served_on": "2024-05-13",
    "ground": "serious_addiction",
    "facility": "F1",
}
recordable = pytest.mark.parametrize("name", [name for name in EVENTS if name not in ENGINE])


def slip(name: str, data: dict[str, Any]) -> GuituError:
    with pytest.raises(GuituError) as refused:
        parse(name, data)
    return refused.value


@recordable
def test_what_is_written_is_read_back(name: str) -> None:
    event = EVENTS[name](**plausible(EVENTS[name], date(2024, 5, 13)))
    sent = dump(event)
    assert parse(name, sent) == event
    assert read(name, event.version, sent) == event


@recordable
def test_a_form_has_the_words_of_the_wire(name: str) -> None:
    properties = schema(name)["properties"]
    inner = EVENTS[name].wire.keys()
    assert not inner & properties.keys()
    assert set(properties) == {EVENTS[name].wire.get(f.name, f.name) for f in fields(EVENTS[name])}
    assert set(schema(name)["required"]) <= set(properties)


def test_days_and_instants_may_come_as_such() -> None:
    """A reader of YAML hands over dates; JSON knows text only."""
    sent = {**ISOLATION, "decided_on": date(2024, 5, 13)}
    at = datetime(2024, 5, 13, 1, 30, tzinfo=UTC)
    event = parse("isolation_ordered", {**sent, "served_at": at})
    assert isinstance(event, IsolationOrdered)
    assert (event.decided_on, event.served_at) == (date(2024, 5, 13), at)


def test_the_word_of_the_wire_becomes_the_field() -> None:
    event = parse("circumstance_recorded", {"kind": "pregnant", "from": "2024-01-02"})
    assert event == CircumstanceRecorded(kind="pregnant", from_on=date(2024, 1, 2))
    assert dump(event) == {"kind": "pregnant", "from": "2024-01-02"}


@pytest.mark.parametrize("name", ["vanished", "", "Detected", "event_voided "])
def test_an_unknown_type_is_named(name: str) -> None:
    error = slip(name, {})
    assert isinstance(error, Invalid)
    assert (error.code, error.facts) == ("unknown_event_type", {"event": name})


@pytest.mark.parametrize("name", ENGINE)
def test_what_the_calendar_brings_about_is_not_recorded(name: str) -> None:
    error = slip(name, {})
    assert isinstance(error, Refused)
    assert error.code == "derived_by_engine"


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("detected", {"source": "family", "approved_by": "me"}, "approved_by"),
        ("papers_sent", {"for_what": "exit"}, "for_what"),
        ("papers_sent", {"for": "exit", "for_what": "exit"}, "for_what"),
        ("detected", {"colour": "red"}, "colour"),
    ],
)
def test_an_unknown_field_is_named(name: str, data: dict[str, Any], field: str) -> None:
    error = slip(name, data)
    assert isinstance(error, Invalid)
    assert (error.code, error.facts["field"]) == ("unknown_field", field)
    assert isinstance(error.facts["known"], list)


def test_a_missing_field_is_a_refusal() -> None:
    error = slip("papers_sent", {})
    assert isinstance(error, Refused)
    assert (error.code, error.facts) == ("missing_field", {"event": "papers_sent", "field": "for"})


def test_what_is_malformed_is_told_before_what_is_missing() -> None:
    assert slip("isolation_ordered", {"ground": "none of these"}).code == "invalid_value"


VALUES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "detected",
        {"source": "rumour"},
        "source",
        "inspection, self_report, family, referral, transfer_in",
    ),
    ("isolation_ordered", {**ISOLATION, "decided_on": "13.5."}, "decided_on", "YYYY-MM-DD"),
    ("isolation_ordered", {**ISOLATION, "decided_on": 86400}, "decided_on", "YYYY-MM-DD"),
    ("isolation_ordered", {**ISOLATION, "decided_on": "0001-01-01"}, "decided_on", "1900 ... 2199"),
    (
        "isolation_ordered",
        {**ISOLATION, "served_at": "2024-05-13T09:30:00"},
        "served_at",
        "YYYY-MM-DDThh:mm:ss+08:00",
    ),
    ("isolation_ordered", {**ISOLATION, "facility": "  "}, "facility", '"..."'),
    ("isolation_ordered", {**ISOLATION, "decision_no": 12}, "decision_no", '"..."'),
    ("left", {"written_report": "yes"}, "written_report", "true, false"),
    ("needs_reviewed", {"needs": "work"}, "needs", '["...", "..."]'),
    ("circumstance_recorded", {"kind": "pregnant", "from": "9999-12-31"}, "from", "1900 ... 2199"),
    ("visited", {"note": "\ud800"}, "", "JSON"),
    ("visited", {"note": float("nan")}, "", "JSON"),
    ("visited", {"note": {1, 2}}, "", "JSON"),
]


@pytest.mark.parametrize(("name", "data", "field", "expected"), VALUES)
def test_a_wrong_value_is_named_with_what_is_right(
    name: str, data: dict[str, Any], field: str, expected: str
) -> None:
    error = slip(name, data)
    assert isinstance(error, Invalid)
    assert error.code == "invalid_value"
    assert error.facts == {"event": name, "field": field, "expected": expected}


def test_a_month_is_a_whole_number() -> None:
    order = {"decision_no": "R-1", "served_on": "2024-05-13", "months": "12"}
    assert slip("community_recovery_ordered", order).facts["expected"] == "1, 2, 3 ..."


def test_depth_without_end_is_no_crash() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert slip("needs_reviewed", {"needs": deep}).code == "invalid_value"


@pytest.mark.parametrize(
    ("name", "version", "payload"),
    [
        ("vanished", 1, {}),
        ("term_expired", 99, {}),
        ("detected", 99, {"source": "family"}),
        ("detected", 1, {}),
        ("detected", 1, {"source": "rumour"}),
        ("detected", 1, []),
        ("detected", 1, None),
        ("papers_sent", 1, {"for_what": "exit"}),
    ],
)
def test_a_damaged_record_is_named_as_such(name: str, version: int, payload: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read(name, version, payload)
    assert refused.value.code == "unreadable_event"
