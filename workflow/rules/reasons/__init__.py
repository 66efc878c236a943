"""
Why something is owed, and why this one is told: a sentence each, with event, article and days (domain.md sections 2, 6).

Written for those who have to do it. The article stands as the pack cites it,
law and local practice are told apart, and every closed day that moved a due
day is named.
"""

from __future__ import annotations

from datetime import date

from workflow.rules.case import Case, Fact
from workflow.rules.events.fields import Means
from workflow.rules.obligations.owed import Obligation
from workflow.rules.reasons.about import about, ordinal
from workflow.rules.reasons.period import period
from workflow.rules.reasons.purposes import OTHER, PURPOSES
from workflow.rules.sentences.labels import EVENT_LABELS, ROLE_LABELS, Language, in_words, word
from workflow.rules.team import acknowledge_by, told

__all__ = ["BASIS", "PURPOSES", "Language", "told_because", "why"]

BASIS = {"law": Means("法定", "law"), "practice": Means("本地做法", "local practice")}
_TOLD = {
    "chair": Means(
        "“{kind}”由{owner}岗位的帮扶人负责，所以告知{told}",
        "{told} is told, because “{kind}” is owed by the helper in that chair",
    ),
    "office": Means(
        "“{kind}”由{owner}负责，所以直接告知{told}",
        "{told} is told, because “{kind}” is owed by the office itself",
    ),
    "before_order": Means(
        "“{kind}”由{owner}负责；责令决定之前还没有帮扶小组，所以告知登记单位的{told}",
        "{told} of the registering office is told, because “{kind}” is owed by that role and before an order there is no team yet",
    ),
    "empty": Means(
        "“{kind}”由{owner}负责，但这个岗位 {day} 还空着，所以先告知{told}，不让事情落空",
        "{told} is told, because “{kind}” is owed by {owner} and on {day} that chair is empty; nothing is left untold",
    ),
    "unacknowledged": Means(
        "“{kind}”由{owner}负责，但这个岗位的帮扶人到 {last} 还没有确认知悉，所以先告知{told}，不让事情落空",
        "{told} is told, because “{kind}” is owed by {owner} and the helper in that chair had not acknowledged it by {last}; nothing is left untold",
    ),
}
_TOLD_OTHERWISE = Means(
    "“{kind}”由{owner}负责，{day} 由{told}代为接收，所以告知{told}",
    "{told} is told, because “{kind}” is owed by {owner} and {told} stands in on {day}",
)


def why(owed: Obligation, case: Case, language: Language = "zh") -> str:
    """
    Why it is owed: the event that opened it, what it is good for, the period and its days, the article and its basis.

    Days are those of the case as known on its day, as in the plan that gave the obligation.
    """
    purpose = in_words(PURPOSES.get(owed.kind, OTHER), language).format(
        on=owed.opened_by.on,
        event=_event(owed.opened_by, language),
        about=about(owed, language),
        ordinal=ordinal(owed, language),
    )
    counted, cited = period(owed, case, language), owed.rule.cited
    basis = in_words(BASIS[cited.basis], language)
    if language == "zh":
        return f"{purpose}；{counted}；依据：{cited.source}（{basis}）。"
    return f"{purpose}; {counted}; rule: {cited.source} ({basis})."


def told_because(owed: Obligation, case: Case, day: date, language: Language = "zh") -> str:
    """Who is told of it on a day, and why that one."""
    role, because = told(case, owed.owner, day)
    chair = case.chairs.get(owed.owner)
    last = acknowledge_by(case, chair) if chair is not None else None
    sentence = in_words(_TOLD.get(because, _TOLD_OTHERWISE), language).format(
        kind=in_words(owed.rule.label, language),
        owner=word(ROLE_LABELS, owed.owner, language),
        told=word(ROLE_LABELS, role, language),
        day=day,
        last=last,
    )
    return sentence + ("。" if language == "zh" else ".")


def _event(fact: Fact, language: Language) -> str:
    """The event's label, and its name as it is known in the record."""
    label = word(EVENT_LABELS, fact.name, language)
    return f"{label}（{fact.name}）" if language == "zh" else f"{label} ({fact.name})"
