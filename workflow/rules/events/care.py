"""
Daily help, moves and absences, contact, and the counted breaches of an agreement.

Lost contact is a welfare state and never a violation. A breach is counted by the
rules, reported by a person, and only with the explanation of the one it is about.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    ROLES,
    Choices,
    ClosingAct,
    Event,
    Means,
    Names,
    Reason,
    Role,
    Text,
)

SupportLevel = Literal["low", "medium", "high"]
SUPPORT_LEVELS = Choices(
    {
        "low": Means("低", "Low"),
        "medium": Means("中", "Medium"),
        "high": Means("高", "High"),
    }
)
BreachGround = Literal["refused_or_evaded_tests", "unauthorised_departures", "days_away"]
BREACH_GROUNDS = Choices(
    {
        "refused_or_evaded_tests": Means("拒绝或逃避检测达到次数", "Tests refused or evaded"),
        "unauthorised_departures": Means("擅自离开达到次数", "Unauthorised departures"),
        "days_away": Means("擅自离开累计天数", "Days away in total"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned(ClosingAct):
    """
    签订协议: office and person signed the agreement.

    Its delay is the office's fault, never the person's. A new one after each move.

    Source: 条例 16, 22, 38, 44.
    """

    name = "agreement_signed"
    label = Means("签订协议", "Agreement signed")
    by = "S"
    cites = ("CD-06",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(ClosingAct):
    """
    制定计划: the plan of help was made; once, not again after a move.

    Source: 条例 15, 16.
    """

    name = "plan_made"
    label = Means("制定计划", "Plan made")
    by = "S"
    cites = ("CD-06",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """
    变更执行地: the person moved to another office's area; the time runs on.

    All that is open but the file passes to the new office at once. Before the first
    report-in that period runs anew from the move.

    Source: 条例 22.
    """

    name = "moved"
    label = Means("变更执行地", "Moved to another office")
    by = "S"
    cites = ("CD-12",)
    sensitive = FREE_TEXT | {"reason"}

    to_office: Annotated[
        Text, Means("新执行地", "Id of the new office", "office-b"), Names("office")
    ]
    reason: Annotated[str | None, Means("变更原因", "Why, in plain words")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """
    离开所在地: the person is away from this day on, counted.

    Three dates or more without a written report made before are one unauthorised
    departure, counted when the third date has come.

    Source: 条例 19, 20.
    """

    name = "left"
    label = Means("离开所在地", "Left the area")
    by = "S"
    cites = ("CD-09", "CD-11")

    written_report: Annotated[bool, Means("事前书面报告", "Reported in writing before leaving")] = (
        False
    )
    return_on: Annotated[date | None, Means("预计返回日", "Stated day of return")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(ClosingAct):
    """
    返回: the person is back; this day still counts as a date away.

    Source: 条例 19, 20.
    """

    name = "returned"
    label = Means("返回", "Returned")
    by = "S"
    cites = ("CD-09", "CD-11")


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachReported(ClosingAct):
    """
    报告严重违反协议: the office reported a counted, serious breach to police.

    Refused unless that counter has reached its threshold, the person's explanation (or
    that it was invited, and when) is there, and a supervisor approves. It bars the
    automatic exit until the bar is lifted.

    Source: 条例 20, 21.
    """

    name = "breach_reported"
    label = Means("报告严重违反协议", "Serious breach reported")
    by = "S"
    cites = ("CD-10", "CD-11")
    sensitive = FREE_TEXT | {"evidence", "explanation"}

    ground: Annotated[BreachGround, Means("情形", "Which counter"), BREACH_GROUNDS]
    evidence: Annotated[
        tuple[str, ...], Means("依据材料", "Papers and events that it rests on"), Names("paper")
    ] = ()
    explanation: Annotated[
        str | None,
        Means("本人说明", "The person's explanation, or that it was invited, and when"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachDismissed(ClosingAct):
    """
    不予报告: the office found no serious breach.

    Without a ground it answers every open review. The events counted for it are spent
    and count no more.

    Source: 条例 20, 21.
    """

    name = "breach_dismissed"
    label = Means("不认定严重违反协议", "Breach dismissed")
    by = "S"
    cites = ("CD-10", "CD-11")
    sensitive = FREE_TEXT | {"reason"}

    ground: Annotated[
        BreachGround | None,
        Means("情形", "Which counter; unset: every open review"),
        BREACH_GROUNDS,
    ] = None
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited(ClosingAct):
    """
    走访: someone of the team saw the person.

    The community doctor's visit also is the monthly review during treatment outside.

    Source: 条例 18.
    """

    name = "visited"
    label = Means("走访", "Visited")
    by = "S"
    cites = ("CD-08",)

    by_role: Annotated[Role | None, Means("走访人角色", "Chair of the one who visited"), ROLES] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsReviewed(ClosingAct):
    """
    需求评估: what the person needs was looked at anew.

    The pack maps needs to roles; the engine then suggests those that are missing.

    Source: 条例 18; 禁毒法 34.
    """

    name = "needs_reviewed"
    label = Means("需求评估", "Needs reviewed")
    by = "S"
    cites = ("CD-08",)
    sensitive = FREE_TEXT | {"needs"}

    needs: Annotated[
        tuple[str, ...], Means("需求", "Needs found, in the pack's words"), Names("need")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportLevelSet(Event):
    """
    帮扶强度: how often the person is visited, with the reasons.

    A measure of help, not of danger. The window running keeps its end; medium holds
    until one is set.
    """

    name = "support_level_set"
    label = Means("确定帮扶强度", "Support level set")
    by = "S"
    cites = ("CD-08",)
    sensitive = FREE_TEXT | {"level", "reasons"}

    level: Annotated[SupportLevel, Means("强度", "Level"), SUPPORT_LEVELS]
    reasons: Annotated[
        tuple[str, ...], Means("理由", "Reasons that the person may read and contest")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceGiven(Event):
    """
    帮扶措施: help was given: training, work, school, medical care, money.

    Source: 条例 18; 禁毒法 34.
    """

    name = "assistance_given"
    label = Means("落实帮扶", "Assistance given")
    by = "S"
    cites = ("CD-08",)
    sensitive = FREE_TEXT | {"need", "what"}

    need: Annotated[str | None, Means("针对的需求", "Need that it answers"), Names("need")] = None
    what: Annotated[str | None, Means("帮扶内容", "What was given")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLost(Event):
    """失去联系: nobody reaches the person. A welfare state, never a violation."""

    name = "contact_lost"
    label = Means("失去联系", "Contact lost")
    by = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRestored(ClosingAct):
    """恢复联系: the person is in touch again."""

    name = "contact_restored"
    label = Means("恢复联系", "Contact restored")
    by = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareContacted(ClosingAct):
    """
    关怀联络: someone tried to reach the person and asked how they are.

    An attempt counts whatever came of it; another is owed until contact is back.
    """

    name = "welfare_contacted"
    label = Means("关怀联络", "Welfare contact tried")
    by = "S"
    sensitive = FREE_TEXT | {"channel", "outcome"}

    channel: Annotated[str | None, Means("联络方式", "How it was tried")] = None
    outcome: Annotated[str | None, Means("联络结果", "What came of it")] = None
