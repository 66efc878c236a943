"""Staff, postings and leaves as they are entered and shown."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.asked import OnDay
from api.paging import DEFAULT, Cursor, Limit
from api.schemas.values import Day, Incoming, Label, Outgoing, Shown
from workflow.rules.sentences.labels import ROLE_LABELS
from workflow.services.house_views import LeaveView, PostingView, StaffView
from workflow.services.staffing import LONGEST_CODE

WORKER: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0e01",
    "handle": "w1",
    "name": "李四（虚构）",
    "phone": "00000000000",
}


class StaffCreate(Incoming):
    """A member of staff to enter."""

    model_config = ConfigDict(json_schema_extra={"examples": [WORKER]})

    id: UUID = Field(description="客户端生成的人员编号 The id, made by the client.")
    handle: str = Field(
        min_length=1,
        max_length=LONGEST_CODE,
        description="代号：记录里只写它，不会再变，也不要带姓名 How records name them, for good; it tells nothing.",
    )
    name: str = Field(min_length=1, max_length=100)
    phone: str | None = Field(default=None, max_length=40)


class PostingCreate(Incoming):
    """Where they work as what, from a day on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0e02",
                    "office_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d01",
                    "role": "community_worker",
                    "first_on": "2026-01-05",
                }
            ]
        }
    )

    id: UUID = Field(description="客户端生成的任职编号 The posting's id, made by the client.")
    office_id: UUID
    role: str = Field(
        min_length=1,
        max_length=LONGEST_CODE,
        description="小组岗位、supervisor 或 county_office A chair of the team, supervisor or county_office.",
    )
    first_on: Day
    last_on: Day | None = None


class PostingEnd(Incoming):
    """The last day of a posting; null lets it last again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"last_on": "2026-06-30"}]})

    last_on: Day | None


class PostingPublic(Outgoing):
    """Where somebody works as what, both days included."""

    id: UUID
    office_id: UUID
    role: str
    role_label: Label
    first_on: date
    last_on: date | None

    @classmethod
    def of(cls, view: PostingView) -> PostingPublic:
        """From its view; a role that no list knows is its own label."""
        label = ROLE_LABELS.get(view.role)
        words = Label(zh=label.zh, en=label.en) if label else Label(zh=view.role, en=view.role)
        return cls(
            id=view.id,
            office_id=view.office_id,
            role=view.role,
            role_label=words,
            first_on=view.first_on,
            last_on=view.last_on,
        )


class StaffPublic(Shown):
    """A member of staff; `name` is null where the key was destroyed when they left."""

    id: UUID
    handle: str
    name: str | None
    phone: str | None
    postings: list[PostingPublic]

    @classmethod
    def of(cls, view: StaffView) -> StaffPublic:
        """From its view."""
        known = view.profile
        return cls(
            id=view.id,
            handle=view.handle,
            name=known.name if known else None,
            phone=known.phone if known else None,
            postings=[PostingPublic.of(one) for one in view.postings],
        )


class LeavesAsked(BaseModel):
    """Which leaves are asked for, and from where on."""

    on: OnDay = None
    staff_id: UUID | None = None
    cursor: Cursor = None
    limit: Limit = DEFAULT


class LeaveCreate(Incoming):
    """A leave, both days included, past or to come."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0e03",
                    "first_on": "2026-03-02",
                    "last_on": "2026-03-06",
                    "deputy_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0e04",
                }
            ]
        }
    )

    id: UUID = Field(description="客户端生成的请假编号 The leave's id, made by the client.")
    first_on: Day
    last_on: Day
    deputy_id: UUID | None = Field(
        default=None,
        description="代班人；不写时由机构的专干接收通知 Who hears instead; else the office's supervisor does.",
    )


class LeavePublic(Outgoing):
    """Who is away, both days included, and who deputises."""

    id: UUID
    staff_id: UUID
    handle: str
    first_on: date
    last_on: date
    deputy_id: UUID | None
    deputy: str | None

    @classmethod
    def of(cls, view: LeaveView) -> LeavePublic:
        """From its view."""
        return cls.model_validate(view)
