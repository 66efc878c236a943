"""Cases as they are opened, listed and shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from api.schemas.events import EventPublic
from api.schemas.values import Day, Incoming, Label, Outgoing
from api.sentences import reason, would_allow
from workflow.rules.due import State
from workflow.rules.moves import Offer
from workflow.rules.sentences import Language
from workflow.rules.sentences.labels import EVENT_LABELS, STAGE_LABELS
from workflow.services.opening import NewCase
from workflow.services.viewing import CaseView, OverviewRow
from workflow.store.people import Profile

EXAMPLE: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a01",
    "person_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a02",
    "born": "1990-05-01",
    "name": "张三（虚构）",
}


class CaseCreate(Incoming):
    """A case to open, for a person known or new."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID = Field(description="客户端生成的个案编号 The case's id, made by the client.")
    person_id: UUID = Field(description="客户端生成的人员编号 The person's id.")
    born: Day | None = Field(default=None, description="出生日期 Date of birth.")
    name: str | None = Field(default=None, min_length=1, max_length=100)
    policy: str = Field(
        default="cn-national",
        pattern=r"^[a-z0-9-]{1,64}(@[0-9A-Za-z.]{1,32})?$",
        description="规则包 Id of a policy pack.",
    )
    team: Literal["recorded", "standing"] = Field(
        default="recorded",
        description="standing：固定四岗视为已到位，只在演示库 The fixed chairs count as filled; in a demo only.",
    )
    office_id: UUID | None = Field(
        default=None,
        description="立案的机构 The office that opens it; needed wherever there are offices.",
    )

    def read(self) -> NewCase:
        """The case, in the words of the services."""
        profile = Profile(name=self.name, born=self.born)
        return NewCase(
            self.id, self.person_id, profile, self.policy, self.team, office_id=self.office_id
        )


class StagePublic(Outgoing):
    """A stretch in one stage."""

    on: date
    stage: str
    event: str


class TermPublic(Outgoing):
    """The term of one measure, both days included."""

    measure: str
    starts_on: date | None
    ends_on: date | None


class ObligationPublic(Outgoing):
    """What is owed: from when to when, by whom, who hears of it today, and why."""

    kind: str
    label: Label
    occurrence: str
    opens_on: date
    due_on: date
    closed_on: date | None
    state: State
    owner: str
    told: str
    told_because: Label
    basis: Literal["law", "practice"]
    source: str
    why: Label


class NoticePublic(Outgoing):
    """One thing that was told."""

    on: date
    kind: str
    occurrence: str
    rung: str
    role: str
    to: str


class ChairPublic(Outgoing):
    """A chair that is filled."""

    role: str
    helper: str
    assigned_on: date | None
    acknowledged_on: date | None


class Suggestion(Outgoing):
    """An X role that nobody fills, and the need that asks for it."""

    role: str
    need: str


class TeamPublic(Outgoing):
    """The 4+X team."""

    chairs: list[ChairPublic]
    empty: list[str]
    waived: list[str]
    suggested: list[Suggestion]


class MovePublic(Outgoing):
    """A type of event: possible now, or why not and what would allow it."""

    event: str
    label: Label
    possible: bool
    needs_approval: bool
    choices: dict[str, list[str]]
    code: str | None = None
    reason: str | None = None
    would_allow: str | None = None


class StepPublic(Outgoing):
    """The next step of a case."""

    kind: str
    occurrence: str
    opens_on: date
    due_on: date
    owner: str
    state: State


class CaseRowPublic(Outgoing):
    """One case in a list."""

    id: UUID
    name: str | None
    policy: str
    stage: str
    stage_label: Label
    since: date
    opened_on: date
    ended_on: date | None
    next_step: StepPublic | None
    overdue: int


class CasesPage(Outgoing):
    """One page of the list of cases, in the order of opening."""

    items: list[CaseRowPublic]
    total: int
    offset: int
    limit: int


class CasePublic(Outgoing):
    """Everything about one case today."""

    id: UUID
    person_id: UUID
    name: str | None
    policy: str
    version: int
    on: date
    opened_on: date
    ended_on: date | None
    stage: str
    stage_label: Label
    stages: list[StagePublic]
    terms: list[TermPublic]
    ends_on: date | None
    exit_on: date | None
    exit_projected: bool
    exit_barred: bool
    counters: dict[str, int]
    team: TeamPublic
    next_step: ObligationPublic | None
    obligations: list[ObligationPublic]
    moves: list[MovePublic]
    notices: list[NoticePublic]
    events: list[EventPublic]


def case_public(view: CaseView, language: Language) -> CasePublic:
    """A view of a case, with refusals in one language."""
    own: Mapping[str, Any] = {
        "stage_label": STAGE_LABELS[view.stage],
        "team": _team(view),
        "moves": [_move(offer, language) for offer in view.moves],
    }
    held = {name: getattr(view, name) for name in CasePublic.model_fields if name not in own}
    return CasePublic.model_validate({**held, **own}, from_attributes=True)


def cases_page(rows: list[OverviewRow], offset: int, limit: int) -> CasesPage:
    """A stretch of the list."""
    shown = [
        CaseRowPublic.model_validate(
            {
                **{
                    name: getattr(row, name)
                    for name in CaseRowPublic.model_fields
                    if hasattr(row, name)
                },
                "id": row.case_id,
                "stage_label": STAGE_LABELS[row.stage],
            },
            from_attributes=True,
        )
        for row in rows[offset : offset + limit]
    ]
    return CasesPage(items=shown, total=len(rows), offset=offset, limit=limit)


def _team(view: CaseView) -> dict[str, Any]:
    team = view.team
    suggested = [{"role": role, "need": need} for role, need in team.suggested]
    return {
        "chairs": team.chairs,
        "empty": team.empty,
        "waived": team.waived,
        "suggested": suggested,
    }


def _move(offer: Offer, language: Language) -> dict[str, Any]:
    found: dict[str, Any] = {
        "event": offer.event,
        "label": EVENT_LABELS[offer.event],
        "possible": offer.possible,
        "needs_approval": offer.needs_approval,
        "choices": offer.choices,
    }
    if offer.error is not None:
        found["code"] = offer.error.code
        found["reason"] = reason(offer.error, language)
        found["would_allow"] = would_allow(offer.error, language)
    return found
