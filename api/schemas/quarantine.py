"""What phones brought and a person has to decide on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.schemas.events import EventsTaken, Reason
from api.schemas.proposals import ProposedEvent
from api.schemas.values import Incoming, Outgoing
from workflow.services.quarantine import Brought, Outcome, Settled, Why


class Dismissal(Incoming):
    """It is not recorded, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "同事已经记录过这次走访"}]}
    )

    reason: Reason


class BroughtPublic(Outgoing):
    """One request that a phone brought: it waits while `outcome` is null."""

    id: UUID
    case_id: UUID
    name: str | None
    why: Why = Field(
        description="conflict 与别人的记录冲突；reach_lost 已不在其可见范围；case_ended 个案已结 "
        "Two said two things; the case left its writer's reach; the case ended."
    )
    code: str = Field(description="当时不能记入的代码 The refusal that it met, by its code.")
    events: list[ProposedEvent]
    brought_at: datetime = Field(description="收到的时刻 When the phone brought it.")
    brought_by: str = Field(description="写下它的人（代号） Who wrote it down, by handle.")
    outcome: Outcome | None = Field(
        description="recorded 已记入；dismissed 不记入；null 等待决定 Recorded, dismissed, or null while it waits."
    )
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None

    @classmethod
    def of(cls, brought: Brought) -> BroughtPublic:
        """From what the services found."""
        events = [ProposedEvent.of(new) for new in brought.events]
        held = {name: getattr(brought, name) for name in cls.model_fields if name != "events"}
        return cls(**held, events=events)


class SettledPublic(Outgoing):
    """A decision to record, and what was recorded by it."""

    brought: BroughtPublic
    recorded: EventsTaken

    @classmethod
    def of(cls, settled: Settled) -> SettledPublic:
        """From what recording gave."""
        return cls(
            brought=BroughtPublic.of(settled.brought), recorded=EventsTaken.of(settled.recorded)
        )
