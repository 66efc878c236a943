"""Proposals as they are made, shown and decided on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from api.schemas.events import EventCreate, EventsTaken, Reason
from api.schemas.values import Incoming, Label, Outgoing, Version
from workflow.services.event_forms import dump
from workflow.services.proposal_files import Outcome, Proposal
from workflow.services.proposals import Approved
from workflow.services.recording import NewEvent

EXAMPLE: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0c01",
    "events": [
        {
            "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a21",
            "event": "obligation_excused",
            "happened_on": "2024-06-28",
            "data": {"kind": "visit", "occurrence": "m1/w02", "reason": "住院，医生不许探视"},
        }
    ],
}


class ProposalCreate(Incoming):
    """A request that needs a second person; its events keep the ids that they are given here."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID = Field(description="客户端生成的编号 The proposal's id, made by the client.")
    events: list[EventCreate] = Field(min_length=1, max_length=100)

    def read(self) -> list[NewEvent]:
        """The request, in the words of the services; raises as `EventCreate.read`."""
        return [each.read() for each in self.events]


class Approval(Incoming):
    """A yes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"expected_version": 12}]})

    expected_version: Version = None


class Declining(Incoming):
    """A no, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "请先补充书面说明"}]})

    reason: Reason


class Withdrawal(Incoming):
    """It is not wanted any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "情况已有变化"}]})

    reason: Reason | None = None


class ProposedEvent(Outgoing):
    """One event of a proposal."""

    id: str
    event: str
    label: Label
    happened_on: date
    happened_at: datetime | None
    captured_at: datetime | None
    fields: dict[str, Any]

    @classmethod
    def of(cls, new: NewEvent) -> ProposedEvent:
        """From the event as it was sent."""
        return cls(
            id=new.id,
            event=new.event.name,
            label=Label.model_validate(new.event.label),
            happened_on=new.happened_on,
            happened_at=new.happened_at,
            captured_at=new.captured_at,
            fields=dump(new.event),
        )


class ProposalPublic(Outgoing):
    """One proposal: it waits while `outcome` is null."""

    id: UUID
    case_id: UUID
    name: str | None
    events: list[ProposedEvent]
    proposed_at: datetime
    proposed_by: str
    outcome: Outcome | None
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None

    @classmethod
    def of(cls, proposal: Proposal) -> ProposalPublic:
        """From what the services found."""
        events = [ProposedEvent.of(new) for new in proposal.events]
        held = {name: getattr(proposal, name) for name in cls.model_fields if name != "events"}
        return cls(**held, events=events)


class ApprovedPublic(Outgoing):
    """A proposal that was approved, and what was recorded by that."""

    proposal: ProposalPublic
    recorded: EventsTaken

    @classmethod
    def of(cls, approved: Approved) -> ApprovedPublic:
        """From what approving gave."""
        return cls(
            proposal=ProposalPublic.of(approved.proposal),
            recorded=EventsTaken.of(approved.recorded),
        )
