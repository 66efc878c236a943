"""
What an obligation is about, where one kind can be open for several things: a test, a chair, a ground, an occasion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from workflow.rules.events.fields import Means
from workflow.rules.events.terms import TERM_DECISION_KINDS
from workflow.rules.obligations.owed import Obligation
from workflow.rules.sentences.labels import GROUND_LABELS, ROLE_LABELS, Language, in_words

OCCASIONS: Mapping[str, Means] = MappingProxyType(
    {
        "detected": Means("个案还停在发现登记", "the case still rests at its registration"),
        "suspended": Means("措施现在停着", "the measure stands still"),
        "report_in_overdue": Means("很久没能报到", "the report-in has been open for long"),
        "voluntary_treatment": Means("本人正在自愿戒毒", "the person is in treatment by agreement"),
        "serving_sentence": Means(
            "本人正在服刑或接受强制性教育", "the person is serving a sentence"
        ),
    }
)
WORRIES: Mapping[str, Means] = MappingProxyType(
    {
        "community_detox_ordered": Means(
            "报到的日子过了，人还没有来", "the day for reporting in has passed"
        ),
        "community_recovery_ordered": Means(
            "报到的日子过了，人还没有来", "the day for reporting in has passed"
        ),
        "changed_to_community_detox": Means(
            "报到的日子过了，人还没有来", "the day for reporting in has passed"
        ),
        "left": Means(
            "本人外出多日，还没有消息", "the person has been away for some days without word"
        ),
        "contact_lost": Means("联系不上本人了", "contact with the person was lost"),
    }
)
STILL_WORRIED = Means(
    "问候过了，原因还没有消除", "there was contact, and the reason for asking is still there"
)


def about(owed: Obligation, language: Language) -> str:
    """What it is about, in words; empty where its kind says all."""
    found = _ABOUT.get(owed.kind)
    return found(owed, language) if found else ""


def ordinal(owed: Obligation, language: Language) -> str:
    """Which window it is: the third one of `m1/w03`."""
    found = re.search(r"/w(\d+)$", owed.occurrence)
    if found is None:
        return "本期" if language == "zh" else "this window"
    number = int(found[1])
    return f"第 {number} 期" if language == "zh" else f"window {number}"


def _test(owed: Obligation, language: Language) -> str:
    return f" {owed.ref} " if language == "zh" and owed.ref else f" {owed.ref}" if owed.ref else ""


def _labelled(labels: Mapping[str, Means]) -> Callable[[Obligation, Language], str]:
    def about_ref(owed: Obligation, language: Language) -> str:
        label = labels.get(owed.ref)
        return in_words(label, language) if label else owed.ref

    return about_ref


def _worry(owed: Obligation, language: Language) -> str:
    return in_words(WORRIES.get(owed.opened_by.name, STILL_WORRIED), language)


def _legality(owed: Obligation, language: Language) -> str:
    rule = getattr(owed.opened_by.event, "contrary_to", None)
    if rule:
        return (
            f"记录时注明与规则 {rule} 不符"
            if language == "zh"
            else f"it was recorded as contrary to {rule}"
        )
    return (
        "还没有看到它应当依据的决定"
        if language == "zh"
        else "the decision it rests on is not on record"
    )


_ABOUT: Mapping[str, Callable[[Obligation, Language], str]] = {
    "decide_objection": _test,
    "resolve_positive": _test,
    "stage_review": _labelled(OCCASIONS),
    "legality_review": _legality,
    "acknowledge_assignment": _labelled(ROLE_LABELS),
    "welfare_contact": _worry,
    "breach_review": _labelled(GROUND_LABELS),
    "decide_term": _labelled(TERM_DECISION_KINDS.labels),
}
