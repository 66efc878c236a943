"""
How a term is evaluated, changed and ended, and how control ends.

`TermExpired` and `ControlEnded` are the engine's: the fold applies them when the day
has come and they are never stored, so that a late entry moves them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    Choices,
    ClosingAct,
    Event,
    Means,
    Text,
)

EvaluationKind = Literal["admission", "stage", "one_year", "pre_expiry"]
EVALUATION_KINDS = Choices(
    {
        "admission": Means("入所调查评估", "On admission"),
        "stage": Means("阶段评估", "Stage review"),
        "one_year": Means("一年综合评估", "After one year"),
        "pre_expiry": Means("期满前综合评估", "Before the term ends"),
    }
)
TermDecisionKind = Literal["early_release", "extension"]
TERM_DECISION_KINDS = Choices(
    {
        "early_release": Means("提前解除", "Early release"),
        "extension": Means("延长期限", "Extension"),
    }
)
TermOutcome = Literal["approved", "rejected"]
TERM_OUTCOMES = Choices(
    {
        "approved": Means("批准", "Approved"),
        "rejected": Means("不批准", "Rejected"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermExpired(Event):
    """
    期满解除: a community term came to its end, by itself, on the day after `ends_on`.

    On its day it comes before what is recorded for that day.

    Source: 条例 23, 40.
    """

    name = "term_expired"
    label = Means("期满解除", "Term expired")
    by = "E"
    moves = True
    cites = ("CD-13", "CR-06")


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEnded(Event):
    """
    不再实行动态管控: three years without use are over, by themselves.

    On its day it comes after what is recorded for that day. It waits while a positive
    result is unresolved or a reported breach bars it.

    Source: 条例 7.
    """

    name = "control_ended"
    label = Means("不再实行动态管控", "Control ended")
    by = "E"
    moves = True
    cites = ("GEN-05",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(ClosingAct):
    """
    解除强制隔离戒毒: released from isolation, with the certificate.

    On `ends_on` or the decided day; an earlier release without a decision is recorded
    all the same and opens a legality review. The three years run from this day.

    Source: 条例 34.
    """

    name = "released"
    label = Means("解除强制隔离戒毒", "Released from isolation")
    by = "P"
    moves = True
    cites = ("CI-09",)

    proof_no: Annotated[Text, Means("解除证明书编号", "Number of the release certificate", "R-1")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated(ClosingAct):
    """
    诊断评估: the facility evaluated the person.

    Kinds `one_year` and `pre_expiry` are owed; the others are only recorded.

    Source: 条例 33; 诊断评估办法 2-6.
    """

    name = "evaluated"
    label = Means("诊断评估", "Evaluated")
    by = "P"
    cites = ("EV-04",)
    sensitive = FREE_TEXT | {"result"}

    kind: Annotated[EvaluationKind, Means("评估种类", "Which evaluation"), EVALUATION_KINDS]
    result: Annotated[str | None, Means("评估结果", "Its result", "good")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyReleaseProposed(Event):
    """
    提请提前解除: the facility proposes early release.

    Only when 12 months have passed since the decision, and never after an escape.

    Source: 禁毒法 47; 条例 32, 33.
    """

    name = "early_release_proposed"
    label = Means("提请提前解除", "Early release proposed")
    by = "P"
    cites = ("CI-07", "CI-12")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionProposed(Event):
    """
    提请延长: the facility proposes a longer term.

    Source: 禁毒法 47; 条例 33.
    """

    name = "extension_proposed"
    label = Means("提请延长期限", "Extension proposed")
    by = "P"
    cites = ("CI-07", "CI-12")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDecided(ClosingAct):
    """
    期限决定: the organ decided on a proposal.

    A rejection has no new end, so both days are optional here; an approval without
    them is refused by the guard. An extension adds at most 12 months to the first term.

    Source: 禁毒法 47; 条例 33.
    """

    name = "term_decided"
    label = Means("期限决定", "Decision on the term")
    by = "P"
    cites = ("CI-07", "CI-08")

    kind: Annotated[TermDecisionKind, Means("决定种类", "Which proposal"), TERM_DECISION_KINDS]
    outcome: Annotated[TermOutcome, Means("结果", "What was decided"), TERM_OUTCOMES]
    ends_on: Annotated[
        date | None, Means("新的期满日", "New last day of the term, if approved")
    ] = None
    served_on: Annotated[date | None, Means("送达日期", "Day on which the decision was served")] = (
        None
    )
