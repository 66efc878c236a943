"""
How a template and the facts of a refusal become a sentence.

`{name}` is replaced by the fact of that name, in words where it is a code. What
stands in `[ ]` is left out where one of its facts is missing; outside, a
missing fact shows as a dash. Nothing here can fail for want of a fact.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workflow.rules.sentences.labels import BY_FACT, GROUPS, Labels, Language, field_label, in_words
from workflow.rules.sentences.needs import GROUND_NEEDS, OPENED_BY

MISSING = "—"
LONGEST_LIST = 8
_SEGMENT = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")
_DERIVED: Mapping[str, tuple[str, Labels]] = {
    "ground_needs": ("ground", GROUND_NEEDS),
    "opened_by": ("kind", OPENED_BY),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Why something is not possible, and what would make it possible: a template each in both languages."""

    zh: str
    en: str
    allow_zh: str
    allow_en: str

    def why(self, language: Language) -> str:
        """The template that says why."""
        return self.zh if language == "zh" else self.en

    def allow(self, language: Language) -> str:
        """The template that says what would make it possible."""
        return self.allow_zh if language == "zh" else self.allow_en


def fill(template: str, facts: Mapping[str, object], language: Language) -> str:
    """A template with its facts in words."""

    def shown(field: str) -> str | None:
        return _fact(field, facts, language)

    def kept(segment: re.Match[str]) -> str:
        inner = segment[1]
        return inner if all(shown(field) for field in _FIELD.findall(inner)) else ""

    return _FIELD.sub(lambda m: shown(m[1]) or MISSING, _SEGMENT.sub(kept, template))


def listed(words: Collection[str], language: Language) -> str:
    """Words in a row."""
    return ("、" if language == "zh" else ", ").join(words)


def quoted(text: str) -> str:
    """A label as such, so that it does not run into the sentence."""
    return f"“{text}”"


def _fact(field: str, facts: Mapping[str, object], language: Language) -> str | None:
    """A fact in words; None where it is missing."""
    if field in _DERIVED:
        source, labels = _DERIVED[field]
        label = labels.get(str(facts.get(source)))
        return in_words(label, language) if label else None
    value = facts.get(field)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _several(field, value, facts, language)
    return _one(field, value, facts, language)


def _one(field: str, value: object, facts: Mapping[str, object], language: Language) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        return yes if value else no
    if isinstance(value, str):
        return _word(field, value, facts, language)
    return str(value)


def _word(field: str, value: str, facts: Mapping[str, object], language: Language) -> str:
    label = BY_FACT.get(field, {}).get(value)
    if label is None and (field == "field" or (field == "known" and "field" in facts)):
        label = field_label(str(facts.get("event")), value)
    return quoted(in_words(label, language)) if label else value


def _several(
    field: str, values: Collection[object], facts: Mapping[str, object], language: Language
) -> str | None:
    left = sorted(values, key=str) if isinstance(values, (set, frozenset)) else list(values)
    words: list[str] = []
    if field == "allowed":
        for group, label in GROUPS:
            if set(group) <= set(left):
                words.append(in_words(label, language))
                left = [value for value in left if value not in group]
    words += [text for value in left if (text := _one(field, value, facts, language))]
    if len(words) > LONGEST_LIST:
        more = len(words) - LONGEST_LIST
        words = [*words[:LONGEST_LIST], f"另 {more} 项" if language == "zh" else f"{more} more"]
    return listed(words, language) or None
