"""The events of domain.md section 5: complete, frozen, explained in two languages, strict at the edge."""

import ast
import dataclasses
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from workflow.rules import events
from workflow.rules.events import (
    ACTS,
    ENGINE,
    EVENTS,
    MOVES,
    PAPERS,
    Choices,
    ClosingAct,
    Event,
    Means,
)
from workflow.rules.events.fields import from_wire, meanings, to_wire

MOVES_OF_THE_DOMAIN = [
    "detected",
    "voluntary_treatment_started",
    "voluntary_treatment_ended",
    "use_not_found",
    "use_confirmed",
    "addiction_determined",
    "no_measure_decided",
    "community_detox_ordered",
    "isolation_ordered",
    "reported_in",
    "order_lapsed",
    "suspended",
    "resumed",
    "terminated",
    "sentence_ended",
    "term_expired",
    "medical_release",
    "medical_return",
    "escaped",
    "recaptured",
    "changed_to_community_detox",
    "released",
    "community_recovery_ordered",
    "control_ended",
    "decision_revoked",
    "transferred_out",
    "died",
    "entry_voided",
]
ACTS_OF_THE_DOMAIN = [
    "person_registered",
    "policy_pinned",
    "circumstance_recorded",
    "test_scheduled",
    "test_taken",
    "test_objected",
    "refusal_recorded",
    "objection_decided",
    "use_dismissed",
    "agreement_signed",
    "plan_made",
    "moved",
    "left",
    "returned",
    "test_missed",
    "breach_reported",
    "breach_dismissed",
    "facility_transferred",
    "evaluated",
    "early_release_proposed",
    "extension_proposed",
    "term_decided",
    "helper_assigned",
    "assignment_acknowledged",
    "helper_released",
    "chair_waived",
    "consent_given",
    "consent_ended",
    "visited",
    "team_met",
    "needs_reviewed",
    "support_level_set",
    "assistance_given",
    "contact_lost",
    "contact_restored",
    "welfare_contacted",
    "paper_served",
    "obligation_excused",
    "event_voided",
]
PAPERS_OF_THE_DOMAIN = [
    "file_forwarded",
    "handover_planned",
    "met_at_gate",
    "handover_file_received",
    "family_notified",
    "end_notice_served",
    "papers_sent",
    "use_reported",
    "record_update_sent",
    "record_update_confirmed",
    "stage_reviewed",
    "legality_reviewed",
    "exit_bar_reviewed",
    "exit_bar_lifted",
]

CLOSING = [
    "use_confirmed",
    "addiction_determined",
    "no_measure_decided",
    "community_detox_ordered",
    "isolation_ordered",
    "reported_in",
    "released",
    "test_taken",
    "objection_decided",
    "use_dismissed",
    "agreement_signed",
    "plan_made",
    "returned",
    "test_missed",
    "breach_reported",
    "breach_dismissed",
    "facility_transferred",
    "evaluated",
    "term_decided",
    "assignment_acknowledged",
    "visited",
    "team_met",
    "needs_reviewed",
    "contact_restored",
    "welfare_contacted",
    *PAPERS_OF_THE_DOMAIN,
]

REQUIRED: dict[str, set[str]] = {
    "detected": {"source"},
    "voluntary_treatment_ended": {"outcome"},
    "use_confirmed": {"test_id"},
    "addiction_determined": {"finding"},
    "no_measure_decided": {"decision_no"},
    "community_detox_ordered": {"decision_no", "served_on"},
    "isolation_ordered": {"decision_no", "decided_on", "served_on", "ground", "facility"},
    "order_lapsed": {"decision_no", "reason"},
    "suspended": {"reason", "document_no"},
    "terminated": {"reason", "document_no"},
    "changed_to_community_detox": {"decision_no", "served_on"},
    "released": {"proof_no"},
    "community_recovery_ordered": {"decision_no", "served_on", "months"},
    "decision_revoked": {"decision_no"},
    "transferred_out": {"to_agency", "receipt_no"},
    "entry_voided": {"reason"},
    "person_registered": {"born"},
    "policy_pinned": {"pack"},
    "circumstance_recorded": {"kind"},
    "test_scheduled": {"purpose"},
    "test_taken": {"test_id", "method", "sample", "result", "purpose"},
    "test_objected": {"test_id"},
    "objection_decided": {"test_id", "outcome"},
    "use_dismissed": {"test_id", "reason"},
    "moved": {"to_office"},
    "test_missed": {"reason"},
    "breach_reported": {"ground"},
    "breach_dismissed": {"reason"},
    "evaluated": {"kind"},
    "term_decided": {"kind", "outcome"},
    "helper_assigned": {"role", "helper"},
    "assignment_acknowledged": {"role"},
    "helper_released": {"role"},
    "chair_waived": {"role", "reason"},
    "support_level_set": {"level"},
    "papers_sent": {"for_what"},
    "exit_bar_lifted": {"reason"},
    "obligation_excused": {"kind", "occurrence", "reason"},
    "event_voided": {"event_id", "reason"},
}

every_event = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())


def schema_of(event: type[Event]) -> dict[str, Any]:
    """What the edge publishes of an event's fields, before the wire's words."""
    return TypeAdapter(event).json_schema()


def words_in(hint: Any) -> tuple[str, ...]:
    """The words of a closed vocabulary within a type, if it has one."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(word for inner in get_args(hint) for word in words_in(inner))


# ------------------------------------------------------------------ the registry


def test_each_name_of_the_domain_is_registered_and_no_other() -> None:
    assert sorted(EVENTS) == sorted(MOVES_OF_THE_DOMAIN + ACTS_OF_THE_DOMAIN + PAPERS_OF_THE_DOMAIN)


def test_the_groups_are_those_of_the_domain_in_its_order() -> None:
    assert tuple(MOVES_OF_THE_DOMAIN) == MOVES
    assert tuple(ACTS_OF_THE_DOMAIN) == ACTS
    assert tuple(PAPERS_OF_THE_DOMAIN) == PAPERS
    assert {name for name, event in EVENTS.items() if event.by == "E"} == set(ENGINE)


@every_event
def test_a_class_is_called_as_its_event(event: type[Event]) -> None:
    assert event.__name__ == event.name.title().replace("_", "")
    assert getattr(events, event.__name__) is event


def test_events_that_close_an_obligation_can_name_its_occurrence() -> None:
    assert {n for n, e in EVENTS.items() if issubclass(e, ClosingAct)} == set(CLOSING)


# ------------------------------------------------------------------ every event


@every_event
def test_an_event_is_frozen_slotted_and_taken_by_keyword(event: type[Event]) -> None:
    params = event.__dataclass_params__  # type: ignore[attr-defined]
    assert params.frozen
    assert not hasattr(object.__new__(event), "__dict__")
    assert all(field.kw_only for field in dataclasses.fields(event))


@every_event
def test_an_event_says_what_it_is(event: type[Event]) -> None:
    assert event.version >= 1
    assert event.by in {"S", "P", "S/P", "E"}
    assert event.label.zh.strip()
    assert event.label.en.strip()
    first_line = (event.__doc__ or "").strip().splitlines()[0]
    assert ": " in first_line, "Chinese term, colon, what happened"
    assert first_line[0] > "\u4e00"


@every_event
def test_each_field_means_something_in_both_languages(event: type[Event]) -> None:
    means = meanings(event)
    assert means.keys() == {field.name for field in dataclasses.fields(event)}
    assert all(mark.zh.strip() and mark.en.strip() for mark in means.values())


@every_event
def test_each_word_of_a_vocabulary_has_a_label(event: type[Event]) -> None:
    for name, hint in get_type_hints(event, include_extras=True).items():
        if name not in meanings(event):
            continue
        labels = [m.labels for m in hint.__metadata__ if isinstance(m, Choices)]
        assert words_in(hint) == tuple(word for label in labels for word in label), name


@every_event
def test_what_is_required_is_what_the_domain_needs(event: type[Event]) -> None:
    assert set(schema_of(event).get("required", [])) == REQUIRED.get(event.name, set())


@every_event
def test_no_event_carries_its_own_approval(event: type[Event]) -> None:
    """An approval in the request's text would be one that the asker wrote."""
    assert not {"approved_by", "signed_by"} & {f.name for f in dataclasses.fields(event)}


@every_event
def test_free_text_and_health_data_are_named_sensitive(event: type[Event]) -> None:
    names = {field.name for field in dataclasses.fields(event)}
    always = {"note", "reason", "reasons", "explanation", "evidence", "result", "finding", "needs"}
    assert event.sensitive <= names
    assert always & names <= event.sensitive


@every_event
def test_no_field_hides_a_fact_about_the_class(event: type[Event]) -> None:
    """Else `event.by` would be a court on one event and a mark on all the others."""
    facts = set(Event.__annotations__) - {"document_no", "note"}
    assert not facts & {field.name for field in dataclasses.fields(event)}


def test_an_event_cannot_be_changed() -> None:
    event = events.Detected(source="inspection")
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.source = "family"  # type: ignore[misc]


# ------------------------------------------------------------------ at the edge


@every_event
def test_the_schema_shows_labels_and_choices(event: type[Event]) -> None:
    schema = schema_of(event)
    assert schema["additionalProperties"] is False
    for name, mark in meanings(event).items():
        shown = schema["properties"][name]
        assert shown["title"] == mark.zh
        assert shown["description"] == mark.en
        assert shown["x-label"] == {"zh": mark.zh, "en": mark.en}


def test_choices_carry_both_labels_optional_or_not() -> None:
    level = schema_of(events.SupportLevelSet)["properties"]["level"]
    assert level["enum"] == ["low", "medium", "high"]
    assert level["x-choices"]["low"] == {"zh": "低", "en": "Low"}
    by_role = schema_of(events.Visited)["properties"]["by_role"]
    assert set(by_role["x-choices"]) == set(get_args(events.Role))


def test_an_example_is_shown() -> None:
    assert schema_of(events.TestObjected)["properties"]["test_id"]["examples"] == ["t1"]


@every_event
def test_unknown_keys_are_refused(event: type[Event]) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(event).validate_python({"approved_by": "me"})
    assert ("approved_by",) in {error["loc"] for error in refused.value.errors()}


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(events.Detected).validate_python({"source": "rumour"})


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_number_that_a_decision_rests_on_is_not_blank(blank: str | None) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(events.Suspended).validate_python({"reason": "detained", "document_no": blank})


def isolation(served_at: object) -> events.IsolationOrdered:
    """An order as the edge reads it, with that hour of service."""
    return TypeAdapter(events.IsolationOrdered).validate_python(
        {
            "decision_no": " I-1 ",
            "decided_on": "2024-05-13",
            "served_on": "2024-05-13",
            "served_at": served_at,
            "ground": "serious_addiction",
            "facility": "F1",
        }
    )


def test_an_order_is_read_with_its_dates_and_its_hour() -> None:
    order = isolation("2024-05-13T09:30:00+08:00")
    assert order.decided_on == date(2024, 5, 13)
    assert order.served_at == datetime(2024, 5, 13, 1, 30, tzinfo=UTC)
    assert order.decision_no == "I-1"
    assert isolation(None).served_at is None


def test_an_hour_without_its_offset_is_refused() -> None:
    with pytest.raises(ValidationError):
        isolation("2024-05-13T09:30:00")


def test_lists_become_tuples() -> None:
    read = TypeAdapter(events.NeedsReviewed).validate_python({"needs": ["no_work"]})
    assert read == events.NeedsReviewed(needs=("no_work",))


# ------------------------------------------------------------------ wire names


@pytest.mark.parametrize(
    ("event", "sent", "held"),
    [
        (
            events.CircumstanceRecorded,
            {"kind": "nursing", "from": date(2024, 1, 2)},
            events.CircumstanceRecorded(kind="nursing", from_on=date(2024, 1, 2)),
        ),
        (events.PapersSent, {"for": "exit"}, events.PapersSent(for_what="exit")),
        (
            events.DecisionRevoked,
            {"decision_no": "D-1", "by": "court"},
            events.DecisionRevoked(decision_no="D-1", revoked_by="court"),
        ),
        (events.PaperServed, {"paper": "order"}, events.PaperServed(paper_name="order")),
    ],
)
def test_the_wire_has_the_words_of_the_domain(
    event: type[Event], sent: dict[str, Any], held: Event
) -> None:
    assert TypeAdapter(event).validate_python(from_wire(event, sent)) == held
    back = to_wire(event, dataclasses.asdict(held))
    assert sent.items() <= back.items()
    assert not event.wire.keys() & back.keys()


def test_an_inner_name_is_no_word_of_the_wire() -> None:
    with pytest.raises(ValueError, match="for_what"):
        from_wire(events.PapersSent, {"for": "exit", "for_what": "term"})


@every_event
def test_wire_names_belong_to_fields_and_do_not_collide(event: type[Event]) -> None:
    names = {field.name for field in dataclasses.fields(event)}
    assert event.wire.keys() <= names
    assert not set(event.wire.values()) & names


# ------------------------------------------------------------------ purity


def test_events_import_the_standard_library_only() -> None:
    for path in Path(events.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            else:
                continue
            for module in modules:
                ours = module.startswith("workflow.rules.events")
                assert ours or module.split(".")[0] in sys.stdlib_module_names, (path, module)


def test_a_label_is_a_value() -> None:
    assert Means("甲", "a") == Means("甲", "a")
    assert hash(Means("甲", "a")) == hash(Means("甲", "a"))
