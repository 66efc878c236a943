"""The timeline of a case: what happened, what was told, where it went, what was attached."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from api.schemas.attachments import AttachmentPublic
from api.schemas.cases import NoticePublic
from api.schemas.events import EventPublic
from api.schemas.values import Outgoing
from workflow.services.timelines import Line


class HandOverLine(Outgoing):
    """The case passed to an office."""

    to_office_id: UUID
    from_office_id: UUID | None
    received_at: datetime | None


class LinePublic(Outgoing):
    """One line; what it is about stands under the name of its kind."""

    on: date
    kind: Literal["event", "notice", "hand_over", "attachment"]
    known_at: datetime | None
    event: EventPublic | None = None
    notice: NoticePublic | None = None
    hand_over: HandOverLine | None = None
    attachment: AttachmentPublic | None = None

    @classmethod
    def of(cls, line: Line) -> LinePublic:
        """From a line of the services."""
        plain: dict[str, Any] = {"on": line.on, "kind": line.kind, "known_at": line.known_at}
        return cls.model_validate({**plain, line.kind: line.what}, from_attributes=True)
