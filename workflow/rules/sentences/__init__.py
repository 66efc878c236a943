"""
Why something was refused, and what would make it possible: a sentence for every code (domain.md section 5).

Shown to social workers on phones: plain, short and concrete, and never a
reproach to the person whom the case is about. The codes are raised in `guards`,
`stages`, `judging` and at the edges; one file a noun holds their sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.errors import GuituError
from workflow.rules.sentences import care, orders, papers, record, team, terms, testing
from workflow.rules.sentences.labels import Language, fields_of
from workflow.rules.sentences.wording import Sentence, fill

__all__ = ["CODES", "UNKNOWN", "Language", "Sentence", "reason", "would_allow"]

CODES: Mapping[str, Sentence] = MappingProxyType(
    {
        **record.SENTENCES,
        **testing.SENTENCES,
        **orders.SENTENCES,
        **terms.SENTENCES,
        **care.SENTENCES,
        **team.SENTENCES,
        **papers.SENTENCES,
    }
)

UNKNOWN = Sentence(
    "现在还不能这样办理（{code}）。",
    "This is not possible now ({code}).",
    "请核对后再试；仍不行时，请把括号里的代码告诉镇街专干。",
    "Please check and try again; if it still fails, tell the office supervisor the code in brackets.",
)
"""What is said of a code without a sentence of its own: better than nothing, and a test finds it."""


def reason(error: GuituError, language: Language = "zh") -> str:
    """One sentence that says why."""
    sentence = CODES.get(error.code, UNKNOWN)
    return fill(sentence.why(language), _facts(error, language), language)


def would_allow(error: GuituError, language: Language = "zh") -> str:
    """What would make it possible."""
    sentence = CODES.get(error.code, UNKNOWN)
    return fill(sentence.allow(language), _facts(error, language), language)


def _facts(error: GuituError, language: Language) -> dict[str, object]:
    """The facts, and what else is known: why a recorded move would fall, which fields an event has."""
    facts = dict(error.facts)
    facts.setdefault("code", error.code)
    if "because" in facts:
        facts["because"] = _cause(error, language)
    if error.code == "unknown_field":
        facts.setdefault("known", fields_of(str(facts.get("event"))))
    return facts


def _cause(error: GuituError, language: Language) -> str | None:
    cause = error.__cause__
    if isinstance(cause, GuituError) and cause.code == error.facts["because"]:
        return reason(cause, language).rstrip("。.")
    return None
