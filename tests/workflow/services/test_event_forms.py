"""Events in the words of the wire: read strictly, written back the same, each slip named."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from workflow.rules.errors import GuituError, Invalid, Refused
from workflow.rules.events import ENGINE, EVENTS, CircumstanceRecorded, IsolationOrdered
from workflow.rules.events.fields import THINGS
from workflow.rules.moves import plausible
from workflow.services.event_forms import bare_schema, dump, parse, read, schema
from workflow.services.packs import load_pack

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


TYPES = {"string", "integer", "boolean", "array"}
ENDS = ["occurrence", "document_no", "note"]


@recordable
def test_a_form_can_be_drawn_and_checked_without_asking_anybody(name: str) -> None:
    found = schema(name)
    assert (found["type"], found["additionalProperties"]) == ("object", False)
    for field, form in found["properties"].items():
        assert form["type"] in TYPES, field
        assert re.search(r"[一-鿿]", form["x-label"]["zh"]), field
        assert re.search(r"[a-z]", form["x-label"]["en"]), field
        assert not re.search(r"[一-鿿]", form["x-label"]["en"]), field
        assert list(form.get("x-choices", {})) == form.get("enum", []), field
        assert all(label["zh"] and label["en"] for label in form.get("x-choices", {}).values())
        assert form.get("x-of", "event") in THINGS, field
        assert ("format" in form) == ("formatMinimum" in form) == ("formatMaximum" in form), field
        assert form.get("default", ...) is not None, field
    order = list(found["properties"])
    ends = [field for field in ENDS if field in order[-3:]]
    assert order[-len(ends) :] == ends


@recordable
def test_a_phone_is_sent_the_same_form_in_fewer_words(name: str) -> None:
    found, lean = schema(name), bare_schema(name)
    assert list(lean["properties"]) == list(found["properties"])
    assert lean["required"] == found["required"]
    for field, form in lean["properties"].items():
        gone = found["properties"][field].keys() - form.keys()
        assert gone == {"title", "description"}, field


WRONG: dict[str, Any] = {
    "string": "  ",
    "integer": 37,
    "date": "2200-01-01",
    "date-time": "2024-05-13T09:30:00",
    "boolean": "yes",
    "array": "work",
}


@recordable
def test_what_a_form_forbids_the_server_refuses_too(name: str) -> None:
    """Of each field a value beyond what its form says; what only the case knows is asked of the guards."""
    given = dump(EVENTS[name](**plausible(EVENTS[name], date(2024, 5, 13))))
    for field, form in schema(name)["properties"].items():
        if "enum" in form:
            value: Any = "none of these"
        elif form["type"] == "string" and not {"pattern", "format"} & form.keys():
            value = 7
        else:
            value = WRONG[form.get("format", form["type"])]
        if "maximum" in form:
            assert form["maximum"] < value
            continue  # the guard's, since a pack may say less
        assert slip(name, {**given, field: value}).facts["field"] == field


@recordable
def test_what_is_required_and_nothing_else_has_to_be_there(name: str) -> None:
    given = dump(EVENTS[name](**plausible(EVENTS[name], date(2024, 5, 13))))
    required = schema(name)["required"]
    parse(name, {field: given[field] for field in required})
    for field in required:
        error = slip(name, {each: given[each] for each in required if each != field})
        assert (error.code, error.facts["field"]) == ("missing_field", field)


def test_the_most_of_a_number_is_what_the_national_pack_allows() -> None:
    months = schema("community_recovery_ordered")["properties"]["months"]
    longest = load_pack("cn-national").terms.recovery_longest.amount
    assert (months["minimum"], months["maximum"]) == (1, longest)


def test_a_form_says_what_its_fields_name() -> None:
    named = {
        (name, field): form["x-of"]
        for name in EVENTS
        if name not in ENGINE
        for field, form in schema(name)["properties"].items()
        if "x-of" in form
    }
    assert named["helper_assigned", "helper"] == "staff"
    assert named["moved", "to_office"] == "office"
    assert named["event_voided", "event_id"] == "event"
    assert (named["test_taken", "test_id"], named["use_confirmed", "test_id"]) == (
        "new_test",
        "test",
    )
    assert set(named.values()) == THINGS.keys()


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
