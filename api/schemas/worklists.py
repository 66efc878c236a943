"""One's own: what is owed within reach, and what one was told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from api.asked import AsOfAsked
from api.paging import DEFAULT, Cursor, Limit
from api.schemas.values import CaseCode, Label, Shown
from workflow.rules.case_codes import case_code
from workflow.rules.due import State
from workflow.rules.sentences.labels import KINDS, NOTICE_LABELS
from workflow.services.notices import NoticeItem
from workflow.services.worklists import WorkItem


class WorklistAsked(AsOfAsked):
    """Which list, and from where on."""

    handle: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="只看这位帮扶人要办的（代号） What this helper is to do only, as a deputy too.",
    )
    office: UUID | None = Field(
        default=None,
        description="只看这个机构及其下级机构 Of this office and those below it only.",
    )
    coming_days: int = Field(
        default=7,
        ge=0,
        le=60,
        description="提前几天列出将要开始的 How far ahead what is still to open is shown.",
    )
    cursor: Cursor = None
    limit: Limit = DEFAULT


class ToldPublic(Shown):
    """Who is to do it on the day: the role, the helper in its chair or their deputy, and why these."""

    role: str
    helper: str | None
    because: str = Field(
        description="chair、deputy、office、empty、unacknowledged、on_leave 或 before_order Why these."
    )


class WorkItemPublic(Shown):
    """One thing owed."""

    case_id: UUID
    code: CaseCode
    name: str | None
    kind: str
    label: Label
    occurrence: str
    opens_on: date
    due_on: date
    state: State
    owner: str
    told: ToldPublic
    office_id: UUID | None


_LABELS = {kind: {"zh": label.zh, "en": label.en} for kind, label in KINDS.items()}


def item_public(item: WorkItem) -> dict[str, Any]:
    """A `WorkItemPublic` as what is sent: thirty models a request would cost more than the query."""
    told = item.told
    return {
        "case_id": item.case_id,
        "code": case_code(item.case_id),
        "name": item.name,
        "kind": item.kind,
        "label": _LABELS[item.kind],
        "occurrence": item.occurrence,
        "opens_on": item.opens_on,
        "due_on": item.due_on,
        "state": item.state,
        "owner": item.owner,
        "told": {"role": told.role, "helper": told.helper, "because": told.because},
        "office_id": item.office_id,
    }


class NoticeItemPublic(Shown):
    """One notice: the rung, the role that it names, and the one that was told."""

    case_id: UUID
    name: str | None
    kind: str
    label: Label
    occurrence: str
    on: date
    rung: str
    role: str
    to: str

    @classmethod
    def of(cls, item: NoticeItem) -> NoticeItemPublic:
        """From an item of somebody's notices."""
        return cls(
            case_id=item.case_id,
            name=item.name,
            kind=item.kind,
            label=Label.model_validate(NOTICE_LABELS[item.kind]),
            occurrence=item.occurrence,
            on=item.on,
            rung=item.rung,
            role=item.role,
            to=item.to,
        )
