"""What a phone is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from api.schemas.values import Label, Outgoing, Shown
from workflow.rules.events.fields import THINGS

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
