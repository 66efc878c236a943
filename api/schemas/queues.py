"""What a phone brings, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from api.schemas.events import EventCreate, EventsTaken
from api.schemas.problems import Problem
from api.schemas.values import Incoming, Outgoing, Version, clean
from workflow.rules.errors import Invalid, Refused
from workflow.services.queues import Answer, Outcome, Queued

MOST = 200
BROUGHT: dict[str, JsonValue] = {
    "items": [
        {
            "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d01",
            "case_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a01",
            "events": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a41",
                    "event": "visited",
                    "happened_on": "2024-06-28",
                    "captured_at": "2024-06-28T15:04:00+08:00",
                    "data": {"note": "在家，情绪平稳"},
                }
            ],
        }
    ]
}


class QueuedCreate(Incoming):
    """One request from the queue: what `/cases/{case_id}/events` takes, with an id of its own."""

    id: UUID = Field(
        description="手机生成的编号（UUIDv7），重发时不变 Made by the phone, the same at each sending."
    )
    case_id: UUID
    events: list[EventCreate] = Field(min_length=1, max_length=100)
    expected_version: Version = None

    def read(self) -> Queued | Answer:
        """The request in the words of the services; where its events cannot be read, its answer."""
        try:
            events = tuple(each.read() for each in self.events)
        except (Invalid, Refused) as error:
            return Answer(self.id, self.case_id, "refused", refusal=error)
        return Queued(self.id, self.case_id, events, self.expected_version)


class Unread:
    """An item that is none: it is answered as such, and stops no other."""

    def __init__(self, given: object, error: ValidationError) -> None:
        known = given if isinstance(given, Mapping) else {}
        self.id, self.case_id = _id_in(known.get("id")), _id_in(known.get("case_id"))
        place = ".".join(str(part)[:60] for part in error.errors()[0]["loc"])
        self.error = Invalid("malformed_body", field=place)

    def read(self) -> Answer:
        """Its answer."""
        return Answer(self.id, self.case_id, "refused", refusal=self.error)


def _id_in(given: object) -> UUID | None:
    try:
        return TypeAdapter(UUID).validate_python(given)
    except ValidationError:
        return None


def _by_itself(given: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(given)
    except ValidationError as error:
        return Unread(given, error)


Item = Annotated[QueuedCreate, WrapValidator(_by_itself, json_schema_input_type=QueuedCreate | Any)]
"""As it is described, too: anything else is taken, and answered as what it is."""


class QueueCreate(BaseModel):
    """The queue of a phone, or a part of it, in the order in which it was written down."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [BROUGHT]})

    items: list[Item] = Field(
        min_length=1,
        max_length=MOST,
        description=f"至多 {MOST} 份；格式不对的一份单独答 refused，不影响其他 At most {MOST}; one that is no `QueuedCreate` is answered `refused` by itself.",
    )

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, given: Any) -> Any:
        """The texts of an item are looked at with that item, so that a bad one stops no other."""
        if isinstance(given, dict):
            clean([*given])
        return given


class TheirEvent(Outgoing):
    """What stands in the record in the place of what was brought."""

    id: str
    event: str
    on: date
    recorded_by: str | None
    fields: dict[str, Any]


class Decider(Outgoing):
    """Who may approve what was proposed."""

    handle: str
    name: str | None


class QueueAnswer(Outgoing):
    """What became of one request."""

    id: UUID | None
    case_id: UUID | None
    outcome: Outcome = Field(
        description="accepted 已记入；already_known 早已记入；proposed 需要第二人批准，已提交待审批；refused 不予受理，可以改；conflict、quarantined 已收下，等专人决定；dismissed 专人决定不记入 "
        "accepted, already_known; proposed: it needs a second person and waits for one; refused: it can be mended; "
        "conflict, quarantined: kept, a person decides; dismissed: a person decided against it."
    )
    status: int = Field(description="单独提交时的状态码 The status that it has by itself.")
    recorded: EventsTaken | None
    problem: Problem | None
    theirs: list[TheirEvent] = Field(
        description="冲突时记录里现有的内容 On a conflict, what stands in the record."
    )
    waits_for: list[Decider] = Field(
        description="待审批时，由谁决定；机构里暂时没有人时为空 Of what is proposed, who decides; empty while nobody is there."
    )


class QueueAnswers(Outgoing):
    """The answers in the order of the items."""

    now: AwareDatetime = Field(description="服务器的时刻 The server's clock.")
    items: list[QueueAnswer]
