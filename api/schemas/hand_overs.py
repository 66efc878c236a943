"""Hand-overs: a case to another office, a caseload to another worker, and what waits for a receipt."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.schemas.values import Incoming, Outgoing


class HandOverCreate(Incoming):
    """A case that goes to another office."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d01",
                    "to_office_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d02",
                }
            ]
        }
    )

    id: UUID = Field(description="客户端生成的移交编号 The hand-over's id, made by the client.")
    to_office_id: UUID


class HandOverPublic(Outgoing):
    """A case that went to another office, which is asked to say “received”."""

    id: UUID
    case_id: UUID
    to_office_id: UUID


class ReceiptPublic(Outgoing):
    """How many hand-overs a receipt was for; none where it was said before."""

    received: int


class CaseloadCreate(Incoming):
    """A worker's whole caseload that goes to another worker."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d03",
                    "from_helper": "w1",
                    "to_helper": "w2",
                }
            ]
        }
    )

    id: UUID = Field(description="客户端生成的移交编号 Made by the client.")
    from_helper: str = Field(min_length=1, max_length=64)
    to_helper: str = Field(min_length=1, max_length=64)


class ChairHandedOver(Outgoing):
    """A chair that changed hands."""

    case_id: UUID
    role: str


class CaseloadPublic(Outgoing):
    """The chairs that changed hands by this request; none where it was sent before."""

    chairs: list[ChairHandedOver]


class WaitingPublic(Outgoing):
    """A case that came to one of one's offices and was not received yet."""

    id: UUID
    case_id: UUID
    name: str | None
    office_id: UUID
    from_office_id: UUID | None
    from_on: date
    recorded_at: datetime
    recorded_by: str
