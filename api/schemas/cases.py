"""Cases as they are opened, listed and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from api.paging import DEFAULT, Cursor, Limit
from api.schemas.events import EventPublic
from api.schemas.moves import MovePublic, move_in_words
from api.schemas.obligations import ObligationPublic
from api.schemas.profiles import ProfileSent
from api.schemas.teams import TeamPublic
from api.schemas.values import CaseCode, Label, Outgoing, Shown
from workflow.rules.case_codes import case_code
from workflow.rules.due import State
from workflow.rules.sentences import Language
from workflow.rules.sentences.labels import KINDS, STAGE_LABELS
from workflow.rules.stages import ANY
from workflow.services.case_lists import Only
from workflow.services.opening import NewCase
from workflow.services.views import CaseView, OverviewRow

EXAMPLE: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a01",
    "person_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a02",
    "born": "1990-05-01",
    "name": "张三（虚构）",
}


class CaseCreate(ProfileSent):
    """A case to open, for a person known or new."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID = Field(description="客户端生成的个案编号 The case's id, made by the client.")
    person_id: UUID = Field(description="客户端生成的人员编号 The person's id.")
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
        return NewCase(
            self.id,
            self.person_id,
            self.profile,
            self.policy,
            self.team,
            office_id=self.office_id,
            decided=self.decided,
        )


def _known(given: object) -> object:
    if given is not None and given not in ANY:
        raise ValueError(", ".join(ANY))
    return given


class CasesAsked(BaseModel):
    """Which cases are asked for, and from where on."""

    stage: Annotated[str | None, BeforeValidator(_known)] = Field(
        default=None,
        json_schema_extra={"enum": [*ANY, None]},
        description="只看这个阶段 In this stage only.",
    )
    office: UUID | None = Field(
        default=None,
        description="只看这个机构及其下级机构 Of this office and those below it only.",
    )
    open: bool | None = Field(
        default=None, description="true 未结，false 已结 Not ended only, or ended only."
    )
    overdue: bool = Field(
        default=False, description="只看有逾期的 Only those with something overdue."
    )
    cursor: Cursor = None
    limit: Limit = DEFAULT

    def only(self, chair: str | None) -> Only:
        """The same in the words of the services."""
        return Only(self.stage, self.open, self.overdue, chair)


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


class NoticePublic(Outgoing):
    """One thing that was told."""

    on: date
    kind: str
    occurrence: str
    rung: str
    role: str
    to: str


class StepPublic(Shown):
    """The next step of a case."""

    kind: str
    label: Label
    occurrence: str
    opens_on: date
    due_on: date
    owner: str
    state: State


class CaseRowPublic(Shown):
    """One case in a list."""

    id: UUID
    code: CaseCode
    name: str | None
    policy: str
    stage: str
    stage_label: Label
    since: date
    opened_on: date
    ended_on: date | None
    next_step: StepPublic | None
    overdue: int


class CasePublic(Shown):
    """Everything about one case today."""

    id: UUID
    code: CaseCode
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
        "code": case_code(view.id),
        "stage_label": STAGE_LABELS[view.stage],
        "team": TeamPublic.of(view.team),
        "moves": [move_in_words(offer, language) for offer in view.moves],
    }
    held = {name: getattr(view, name) for name in CasePublic.model_fields if name not in own}
    return CasePublic.model_validate({**held, **own}, from_attributes=True)


def row_public(row: OverviewRow) -> CaseRowPublic:
    """One case of a list."""
    own = {
        "id": row.case_id,
        "code": case_code(row.case_id),
        "stage_label": STAGE_LABELS[row.stage],
        "next_step": _step(row),
    }
    held = {name: getattr(row, name) for name in CaseRowPublic.model_fields if name not in own}
    return CaseRowPublic.model_validate({**held, **own}, from_attributes=True)


def _step(row: OverviewRow) -> dict[str, Any] | None:
    step = row.next_step
    return None if step is None else {**asdict(step), "label": KINDS[step.kind]}
