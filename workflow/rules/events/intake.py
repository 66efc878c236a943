"""
How a case begins, how it ends by other ways than a term, and corrections of the record.

Who the person is, which pack counts, what changes what the law asks (pregnancy,
illness), and the three ways out that no measure leads to. Tests: tests/workflow/rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    Choices,
    Event,
    Means,
    Names,
    Reason,
    Text,
)

Source = Literal["inspection", "self_report", "family", "referral", "transfer_in"]
SOURCES = Choices(
    {
        "inspection": Means("检查发现", "Found in an inspection"),
        "self_report": Means("本人报告", "The person came forward"),
        "family": Means("家属报告", "Reported by the family"),
        "referral": Means("其他单位转介", "Referred by another body"),
        "transfer_in": Means("外地转入", "Taken over from another agency"),
    }
)
VoluntaryOutcome = Literal["completed", "left"]
VOLUNTARY_OUTCOMES = Choices(
    {
        "completed": Means("完成治疗", "Treatment completed"),
        "left": Means("中途离开", "Left before its end"),
    }
)
CircumstanceKind = Literal["pregnant", "nursing", "hospital", "disability", "maintenance_treatment"]
CIRCUMSTANCE_KINDS = Choices(
    {
        "pregnant": Means("怀孕", "Pregnant"),
        "nursing": Means("哺乳自己不满一周岁婴儿", "Nursing an own child under one year"),
        "hospital": Means("住院", "In hospital"),
        "disability": Means("残疾", "Disability"),
        "maintenance_treatment": Means("药物维持治疗", "Maintenance treatment"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected(Event):
    """
    发现登记: drug use is suspected and the person is registered.

    Nothing is decided by it: tests and objections run first.

    Source: 禁毒法 32; 程序规定 94.
    """

    name = "detected"
    label = Means("发现登记", "Use suspected and registered")
    by = "S/P"
    moves = True
    cites = ("GEN-01",)

    source: Annotated[Source, Means("来源", "How it came to notice"), SOURCES]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoluntaryTreatmentStarted(Event):
    """
    自愿戒毒: treatment by agreement with an institution began.

    Possible as a case's first event, and from follow-up without setting the three
    years back: who seeks help is not punished for it.

    Source: 禁毒法 62; 条例 9, 10.
    """

    name = "voluntary_treatment_started"
    label = Means("开始自愿戒毒", "Voluntary treatment started")
    by = "S"
    moves = True
    cites = ("VOL-01", "GEN-06")
    sensitive = FREE_TEXT | {"institution"}

    institution: Annotated[str | None, Means("戒毒医疗机构", "Institution that treats")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoluntaryTreatmentEnded(Event):
    """
    自愿戒毒结束: the voluntary treatment was completed or left.

    Where no use was ever confirmed the case is closed: a person who sought help is
    not put under control. Else the three years run.

    Source: 禁毒法 37, 62; 条例 9.
    """

    name = "voluntary_treatment_ended"
    label = Means("自愿戒毒结束", "Voluntary treatment ended")
    by = "S"
    moves = True
    cites = ("VOL-02",)
    sensitive = FREE_TEXT | {"outcome"}

    outcome: Annotated[VoluntaryOutcome, Means("结果", "How it ended"), VOLUNTARY_OUTCOMES]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferredOut(Event):
    """
    转出: an agency outside this system took the case over.

    Its receipt is part of the event: a case is not handed to nobody. A move between
    offices of this system is `moved`.
    """

    name = "transferred_out"
    label = Means("转出", "Transferred to an outside agency")
    by = "P"
    moves = True

    to_agency: Annotated[Text, Means("接收单位", "Agency that took it over")]
    receipt_no: Annotated[Text, Means("接收回执编号", "Number of its receipt")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Died(Event):
    """死亡: the person died; the case is closed and nothing more is told to anyone."""

    name = "died"
    label = Means("死亡", "Died")
    by = "S/P"
    moves = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryVoided(Event):
    """
    误录撤销: the whole case was entered in error.

    Closes it (`entry_error`); the record stays, a supervisor approves. A single wrong
    event is `event_voided`.
    """

    name = "entry_voided"
    label = Means("误录撤销", "Case entered in error")
    by = "P"
    moves = True
    sensitive = FREE_TEXT | {"reason"}

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """
    人员登记: the facts about the person that rules count with.

    Only the birth date: name and address are kept elsewhere, reached by `person_ref`.
    Under sixteen, isolation needs a named review (禁毒法 39).
    """

    name = "person_registered"
    label = Means("人员登记", "Person registered")
    by = "S"

    born: Annotated[date, Means("出生日期", "Date of birth", "1990-05-01")]
    person_ref: Annotated[
        str | None, Means("人员索引", "Key of the person's own record"), Names("person")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPinned(Event):
    """
    规则版本锁定: the case is counted by this version of the pack from this day on.

    A new version changes no case by itself; pinning it is an act with a day and a name.
    """

    name = "policy_pinned"
    label = Means("锁定规则版本", "Policy pack pinned")
    by = "S"

    pack: Annotated[
        Text,
        Means("规则包及版本", "Id and version of the pack", "cn-national@2026.11"),
        Names("pack"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircumstanceRecorded(Event):
    """
    特殊情况: a circumstance that changes what the law asks or allows.

    Pregnancy and nursing forbid isolation; hospital days do not count in the report-in
    period. On the wire the first day is `from`; without it, the event's own day.

    Source: 禁毒法 39, 51; 条例 12, 26.
    """

    name = "circumstance_recorded"
    label = Means("登记特殊情况", "Circumstance recorded")
    by = "S"
    sensitive = FREE_TEXT | {"kind"}
    wire: ClassVar[Mapping[str, str]] = MappingProxyType({"from_on": "from"})

    kind: Annotated[CircumstanceKind, Means("情况", "What it is"), CIRCUMSTANCE_KINDS]
    from_on: Annotated[date | None, Means("起始日", "First day; unset: the event's day")] = None
    until: Annotated[date | None, Means("截止日", "Last day, if known; unset: still so")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventVoided(Event):
    """
    撤销记录: one wrong entry is void from now on, and stays readable.

    By its recorder on the same day, else by a supervisor. Void and replacement go in
    one request, judged by the history that it leaves.
    """

    name = "event_voided"
    label = Means("撤销记录", "Entry voided")
    by = "S"
    sensitive = FREE_TEXT | {"reason"}

    event_id: Annotated[Text, Means("被撤销记录", "Id of the event that is void"), Names("event")]
    reason: Reason
