"""Events as they are sent and as they are answered, and the types of event with their forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from api.schemas.values import Day, Incoming, Instant, Label, Outgoing, Shown, Version
from workflow.rules import stages
from workflow.rules.errors import Refused
from workflow.rules.events import ENGINE, EVENTS
from workflow.rules.moves import NEEDS_APPROVAL
from workflow.services import event_forms
from workflow.services.recording import NewEvent, RecordedResult

EventId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
EXAMPLE: dict[str, JsonValue] = {
    "events": [
        {
            "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a11",
            "event": "visited",
            "happened_on": "2024-06-28",
            "data": {"note": "在家，情绪平稳"},
        }
    ]
}
CORRECTION: dict[str, JsonValue] = {
    "event_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a11",
    "reason": "日期记错了",
    "void_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a12",
    "right": {
        "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a13",
        "event": "visited",
        "happened_on": "2024-06-27",
    },
}


class EventCreate(Incoming):
    """One event that happened."""

    id: EventId = Field(
        description="客户端生成的编号（UUIDv7） Made by the client, so that sending twice is harmless."
    )
    event: str = Field(max_length=64, description="事件类型，见 /api/v1/event-types Type of event.")
    happened_on: Day = Field(description="发生之日 The civil day on which it happened.")
    happened_at: Instant | None = Field(
        default=None, description="发生的时刻，带时区 The instant, with its offset."
    )
    captured_at: Instant | None = Field(
        default=None, description="设备上记下的时刻 When a device noted it."
    )
    data: dict[str, Any] = Field(
        default_factory=dict, description="该类型的字段 The fields of its type."
    )
    approved_by: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="不能填：审批来自第二个人的登录 Refused: it comes from the session of a second person.",
    )

    signed_by: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="不能填，同上 Refused likewise.",
    )

    def read(self) -> NewEvent:
        """
        The event, in the words of the rules.

        Raises:
            Refused, Invalid: it lacks a field, or one of them cannot be read; `approval_from_session`.
        """
        if self.approved_by is not None or self.signed_by is not None:
            raise Refused("approval_from_session")
        event = event_forms.parse(self.event, self.data)
        return NewEvent(self.id, event, self.happened_on, self.happened_at, self.captured_at)


class EventsCreate(Incoming):
    """A request: one or several events, taken or refused whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    events: list[EventCreate] = Field(min_length=1, max_length=100)
    expected_version: Version = None


class CorrectionCreate(Incoming):
    """A wrong event, and what is right in its place: one request, taken or refused whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [CORRECTION]})

    event_id: EventId = Field(description="记错的那条记录 The event that is wrong.")
    reason: Reason = Field(description="哪里记错了 What is wrong with it.")
    void_id: EventId = Field(
        description="作废记录的编号，由客户端生成 The id of the void, made by the client."
    )
    right: EventCreate
    expected_version: Version = None


class EventTaken(Shown):
    """An event that was recorded, with what it closed."""

    id: str
    event: str
    happened_on: date
    recorded_on: date
    closes: list[tuple[str, str]] = Field(
        description="办结的事项：类别与期次 Kind and occurrence of what it closed."
    )


class EventsTaken(Shown):
    """What became of a request."""

    version: int
    already_known: bool = Field(
        description="此前已收到过 Whether all of it had been recorded before."
    )
    events: list[EventTaken]

    @classmethod
    def of(cls, result: RecordedResult) -> EventsTaken:
        """From what recording gave."""
        taken = [
            EventTaken(
                id=rec.id,
                event=rec.event.name,
                happened_on=rec.on,
                recorded_on=rec.recorded_on,
                closes=list(rec.closes or ()),
            )
            for rec in result.events
        ]
        return cls(version=result.version, already_known=result.already_known, events=taken)


class EventEntryPublic(Shown):
    """One recorded event, as it was entered."""

    id: str
    event: str
    label: Label
    on: date
    at: datetime | None
    captured_at: datetime | None
    recorded_at: datetime
    recorded_by: str | None
    approved_by: str | None
    fields: dict[str, Any]
    closes: list[tuple[str, str]]
    voided: bool
    entered_late: bool


class EventPublic(Outgoing):
    """One line of a case's timeline; `id` is null for what the calendar brought about."""

    id: str | None
    event: str
    label: Label
    on: date
    at: datetime | None
    recorded_on: date | None
    recorded_by: str | None
    approved_by: str | None
    fields: dict[str, Any]
    closes: list[tuple[str, str]]
    voided: bool
    out_of_stage: bool
    entered_late: bool


class EventType(Outgoing):
    """A type of event: where it is possible, and the JSON Schema of its fields with labels in both languages."""

    event: str
    label: Label
    by: str = Field(
        description="S 单位记录；P 公安、场所或法院的决定 S the office, P a decision of police, facility or court."
    )
    moves: bool = Field(description="是否可能改变阶段 Whether it may change the stage.")
    needs_approval: bool
    stages: list[str] = Field(description="可能记录的阶段 Stages in which it is possible at all.")
    form: dict[str, Any]


def event_types() -> list[EventType]:
    """Every type that a person may record, in the order of the registry."""
    return [
        EventType(
            event=name,
            label=Label.model_validate(kind.label),
            by=kind.by,
            moves=kind.moves,
            needs_approval=name in NEEDS_APPROVAL,
            stages=list(stages.SOURCES[name]),
            form=event_forms.schema(name),
        )
        for name, kind in EVENTS.items()
        if name not in ENGINE
    ]
