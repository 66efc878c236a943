"""What a phone is told, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
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
from api.schemas.values import Incoming, Label, Outgoing, Shown, Version, clean
from workflow.rules.errors import Invalid, Refused
from workflow.rules.events.fields import THINGS
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
TOLD: dict[str, JsonValue] = {
    "cursor": "0b7c3f0e-6a53-4c0e-9d0e-6a1f2c7b9e11",
    "whole": False,
    "more": False,
    "on": "2024-06-28",
    "now": "2024-06-28T07:04:00Z",
    "stands_in_for": [],
    "removed": ["0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a09"],
    "unreadable": [],
    "cases": [
        {
            "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a01",
            "version": 7,
            "person": {"name": "张三（虚构）", "phones": ["13800000000"]},
            "stage": "community_detox",
            "obligations": [
                {
                    "kind": "visit",
                    "occurrence": "m1/w03",
                    "opens_on": "2024-06-01",
                    "due_on": "2024-06-30",
                    "owner": "community_worker",
                }
            ],
            "moves": [{"event": "visited"}],
        }
    ],
    "sections": {},
}


class PhonePerson(Shown):
    """Whom a case is about: what calling and finding them needs."""

    id: UUID
    name: str
    born: date
    phones: list[str]
    address: str


class PhoneStay(Shown):
    """A stretch of the way, from its first day."""

    stage: str
    on: date


class PhoneChair(Shown):
    """A chair that is filled; its helper has said "I know" where a day stands there."""

    role: str
    helper: str
    assigned_on: date
    acknowledged_on: date


class PhoneTeam(Shown):
    """The team."""

    chairs: list[PhoneChair]
    empty: list[str]
    waived: list[str]


class PhoneObligation(Shown):
    """One thing owed, by its dates: what it is on a day the phone says itself, by `docs/vectors/due.json`."""

    kind: str
    occurrence: str
    opens_on: date
    due_on: date
    owner: str
    closed_on: date
    missed_on: date
    excused_on: date
    withdrawn: bool
    ended_on: date
    held_since: date
    about: str = Field(
        description="所涉对象，如检测编号或岗位；填入 `closed_by.about` 所指的字段 What it is about, a test or a chair: it goes into the field that `closed_by.about` names."
    )


class PhoneMove(Shown):
    """A type of event that can be recorded today; its form stands in the section `forms`."""

    event: str
    choices: dict[str, list[str]]
    approval: Literal["always", "sometimes"] = Field(
        description="要第二个人审批：总是，或看内容；不需要的没有这一项 That a second person approves it; absent where none does."
    )


class PhoneEvent(Shown):
    """One of the last things that happened; without an id what the calendar brought about."""

    id: str
    event: str
    on: date
    at: datetime
    recorded_on: date = Field(
        description="记录之日；与发生之日相同的省略 The day of recording; absent where it is that of happening."
    )
    recorded_by: str
    approved_by: str
    fields: dict[str, Any]
    closes: list[tuple[str, str]]
    voided: bool
    out_of_stage: bool
    entered_late: bool


class PhoneCase(Shown):
    """A case as a phone carries it. What is empty, false or not for the caller's role is left out."""

    id: UUID
    version: int
    person: PhonePerson
    office_id: UUID
    policy: str
    opened_on: date
    ended_on: date
    stage: str
    way: list[PhoneStay]
    ends_on: date
    exit_on: date
    exit_projected: bool
    team: PhoneTeam
    obligations: list[PhoneObligation] = Field(
        description="未办结的，法定的在前，再按到期日；其后是最近办结的五项 What stands, statutory first, then by due day; behind it the last five that were settled."
    )
    moves: list[PhoneMove]
    events: list[PhoneEvent] = Field(description="最近二十条 The last twenty.")


class PhoneClosing(Shown):
    """A type of event that may close a kind of obligation; what is empty is left out."""

    event: str
    data: dict[str, str] = Field(
        description="预先填好的字段 Fields that the form holds from the start."
    )
    only_if: dict[str, str] = Field(
        description="查明或决定如此才办结；不预先填写 Closes it only where this was found or decided; it is never filled in beforehand."
    )
    about: str = Field(
        description="填写该事项所涉对象（obligations.about）的字段 The field that takes what the obligation is about (`obligations.about`)."
    )


class PhoneRule(Outgoing):
    """A kind of obligation in a pack."""

    label: Label
    basis: str
    source: str
    closed_by: list[PhoneClosing] = Field(
        description="记录哪些事件即办结，最直接的在前 What closes it, the act that is for it alone first."
    )


class PhoneNotice(Shown):
    """One thing that the caller was told."""

    case_id: UUID
    kind: str
    occurrence: str
    on: date
    rung: str
    role: str
    to: str


class PhoneForm(Outgoing):
    """A type of event that the caller may record, with the JSON Schema of its fields."""

    event: str
    label: Label
    by: str = Field(
        description="S 单位记录；P 公安、场所或法院的决定 S the office, P a decision of police, facility or court."
    )
    moves: bool = Field(description="是否可能改变阶段 Whether it may change the stage.")
    form: dict[str, Any] = Field(
        description="JSON Schema，字段按填写的次序；x-label、x-choices 是中英文名称，x-of 说明填的是什么："
        "The JSON Schema of its fields in the order of filling in; x-label and x-choices say what they are called, "
        + "x-of what they name: "
        + "; ".join(f"{word}: {means}" for word, means in THINGS.items())
        + "."
    )


class PhoneSections(Shown):
    """What travels once and not with each case; a section is there whole, and only where it changed."""

    forms: list[PhoneForm] = Field(
        description="可以记录的事件和表单 What can be recorded, with its forms."
    )
    words: dict[str, dict[str, Label]] = Field(
        description="阶段、岗位、事项、通知、事件、需求的名称 What stages, roles, obligations, notices, events and needs are called."
    )
    rules: dict[str, dict[str, PhoneRule]] = Field(
        description="按规则包和事项类别：名称、依据、条文、如何办结 By pack and kind: label, basis, article, what closes it."
    )
    helpers: dict[str, str] = Field(
        description="个案里出现的工作人员：代号对应姓名；已不可读的没有 Who is who in the cases: handle and name; absent where it can no longer be read."
    )
    inbox: list[PhoneNotice] = Field(
        description="最近的一百条通知，最新的在前 The last hundred notices, the newest first."
    )


class SyncPage(Outgoing):
    """One page for a phone. It is taken whole, in one transaction of the phone's, or not at all."""

    model_config = ConfigDict(json_schema_extra={"examples": [TOLD]})

    cursor: UUID = Field(
        description="取得本页后的 cursor The phone's cursor once it took this page."
    )
    whole: bool = Field(
        description="先清空手机上的全部个案，再取本页 The phone wipes every case that it holds before it takes this page."
    )
    more: bool = Field(description="紧接着还有下一页 There is another page at once.")
    on: date = Field(
        description="服务器的今天；演示库是演示日期，与手机的日期不同 The server's today: of a demo the day on which it stands, whatever day a phone has."
    )
    now: AwareDatetime = Field(
        description="服务器的时刻，演示库里也是真实时刻，用来提示手机的钟不准 The server's clock, the real one in a demo too, so that a phone can say that its own is wrong."
    )
    stands_in_for: list[str] = Field(
        description="今天代谁的班 Whose work is theirs too today, as a deputy."
    )
    removed: list[UUID] = Field(description="要从手机上清除的个案 Cases to wipe.")
    unreadable: list[UUID] = Field(
        description="暂时读不出的个案，手机保留原样 Cases that cannot be read just now; the phone keeps what it has."
    )
    cases: list[PhoneCase] = Field(
        description="新的或有变化的个案，法定在前、紧急在前 New or changed ones: statutory first, then the most pressing."
    )
    sections: PhoneSections


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
