"""
Decisions on measures, made by police and recorded here, and what answers them.

The engine never makes or proposes one of these: it holds the number, the dates and
the service, and counts from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    Between,
    Choices,
    ClosingAct,
    DecisionNo,
    Event,
    Instant,
    Means,
    Names,
    Reason,
    Text,
)

IsolationGround = Literal[
    "serious_addiction",
    "refused_community_detox",
    "used_during_community_detox",
    "serious_breach",
    "used_after_measure",
]
ISOLATION_GROUNDS = Choices(
    {
        "serious_addiction": Means(
            "成瘾严重且社区戒毒难以戒除", "Serious addiction, from assessing"
        ),
        "refused_community_detox": Means("拒绝接受社区戒毒", "Refused community detox"),
        "used_during_community_detox": Means("社区戒毒期间吸毒", "Used during community detox"),
        "serious_breach": Means("严重违反社区戒毒协议", "Serious breach of the agreement"),
        "used_after_measure": Means(
            "经社区戒毒或强制隔离戒毒后再次吸毒", "Used again after a measure"
        ),
    }
)
ServedOn = Annotated[
    date, Means("送达日期", "Day on which the order was served; periods run from it")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMeasureDecided(ClosingAct):
    """不采取戒毒措施: the organ decided on no measure; the three years run."""

    name = "no_measure_decided"
    label = Means("决定不采取戒毒措施", "No measure decided")
    by = "P"
    moves = True

    decision_no: DecisionNo


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityDetoxOrdered(ClosingAct):
    """
    责令社区戒毒: police ordered community detox and served the order.

    Needs the finding addicted or seriously addicted. The 15 days to report in run from
    `served_on`: a paper not served starts nothing.

    Source: 禁毒法 33; 条例 13, 14.
    """

    name = "community_detox_ordered"
    label = Means("责令社区戒毒", "Community detox ordered")
    by = "P"
    moves = True
    cites = ("CD-01",)

    decision_no: DecisionNo
    served_on: ServedOn


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationOrdered(ClosingAct):
    """
    决定强制隔离戒毒: police ordered compulsory isolation; the term runs from `decided_on`.

    Refused while pregnant or nursing a child under one year, and under sixteen without
    `minor_review`. Reality comes first, though: with `contrary_to` naming the rule, the
    document number and a supervisor's approval it is recorded all the same, and a
    legality review opens. That lifts these refusals only, never the grounds.

    Source: 禁毒法 38-40, 47; 条例 25-27.
    """

    name = "isolation_ordered"
    label = Means("决定强制隔离戒毒", "Isolation ordered")
    by = "P"
    moves = True
    cites = ("CI-01", "CI-02")
    sensitive = FREE_TEXT | {"ground", "minor_review", "contrary_to"}

    decision_no: DecisionNo
    decided_on: Annotated[date, Means("决定日期", "Day of the decision; the term runs from it")]
    served_on: ServedOn
    served_at: Annotated[
        Instant | None,
        Means("送达时间", "Hour of service with its offset; 24 hours run from it"),
    ] = None
    ground: Annotated[IsolationGround, Means("依据情形", "Legal ground"), ISOLATION_GROUNDS]
    facility: Annotated[Text, Means("强制隔离戒毒所", "Facility", "F1")]
    minor_review: Annotated[
        str | None,
        Means("未成年人复核人", "Who reviewed it, for a person under sixteen"),
    ] = None
    contrary_to: Annotated[
        str | None,
        Means("与之相悖的规则", "Rule that it was recorded against", "CI-02"),
        Names("rule"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedIn(ClosingAct):
    """
    报到: the person came to the office that carries the measure out.

    Late is late, never refused. Community terms run from this day. After a move it is
    the arrival at the new office, the stage stays, and it closes both report-ins.

    Source: 禁毒法 33; 条例 14, 22, 38.
    """

    name = "reported_in"
    label = Means("报到", "Reported in")
    by = "S"
    moves = True
    cites = ("CD-03", "CD-04", "CR-03")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLapsed(Event):
    """责令失效: the organ withdrew an order, or let it lapse, before the report-in."""

    name = "order_lapsed"
    label = Means("责令决定失效", "Order withdrawn or lapsed")
    by = "P"
    moves = True
    sensitive = FREE_TEXT | {"reason"}

    decision_no: DecisionNo
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedToCommunityDetox(Event):
    """
    变更为社区戒毒: isolation was changed to community detox.

    Days served are taken off the community term (less days escaped); if nothing is
    left, the change leads straight to follow-up. The three years run from `served_on`.

    Source: 条例 31.
    """

    name = "changed_to_community_detox"
    label = Means("变更为社区戒毒", "Changed to community detox")
    by = "P"
    moves = True
    cites = ("CI-11",)

    decision_no: DecisionNo
    served_on: ServedOn


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRecoveryOrdered(Event):
    """
    责令社区康复: community recovery was ordered after a release.

    Its length is in the order, up to three years: never assume 36 months.

    Source: 禁毒法 48; 条例 37.
    """

    name = "community_recovery_ordered"
    label = Means("责令社区康复", "Community recovery ordered")
    by = "P"
    moves = True
    cites = ("CR-01",)

    decision_no: DecisionNo
    served_on: ServedOn
    months: Annotated[int, Means("期限(月)", "Length in months, 1 to 36"), Between(1, 36)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRevoked(Event):
    """
    决定被撤销: reconsideration or a court revoked the order of that number.

    The stage before that order returns, with an earlier measure taken up again as if
    suspended meanwhile. A revoked measure counts for no date, anchor, counter or bar.

    Source: 行政复议法 11, 20; 行政诉讼法 45, 46.
    """

    name = "decision_revoked"
    label = Means("决定被撤销", "Decision revoked")
    by = "P"
    moves = True
    cites = ("REM-01", "REM-02")
    wire: ClassVar[Mapping[str, str]] = MappingProxyType({"revoked_by": "by"})

    decision_no: Annotated[DecisionNo, Names("decision")]
    revoked_by: Annotated[
        str | None, Means("撤销机关", "Who revoked it: reconsideration organ or court")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRecorded(Event):
    """
    拒绝报到: the person refuses community detox.

    Only once the report-in is overdue and the reason was asked, or earlier on the
    person's own written declaration; a supervisor approves. It decides nothing.

    Source: 条例 14.
    """

    name = "refusal_recorded"
    label = Means("记录拒绝报到", "Refusal recorded")
    by = "S"
    cites = ("CD-03",)
    sensitive = FREE_TEXT | {"explanation"}

    explanation: Annotated[
        str | None,
        Means("本人说明", "The person's reason, or that it was asked, and when"),
    ] = None
    written_declaration: Annotated[
        bool, Means("本人书面声明", "The person declared it in writing")
    ] = False
