"""
What is refused outside the rules, in both languages, one file a noun.

All other codes have their sentences in `workflow.rules.sentences`; the fallback is theirs too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from api.sentences import (
    accounts,
    approvals,
    contacts,
    keys,
    offices,
    people,
    records,
    requests,
    storage,
)
from workflow.rules import sentences
from workflow.rules.errors import GuituError
from workflow.rules.sentences import Language, Sentence
from workflow.rules.sentences.wording import fill

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        **requests.SENTENCES,
        **accounts.SENTENCES,
        **records.SENTENCES,
        **approvals.SENTENCES,
        **people.SENTENCES,
        **offices.SENTENCES,
        **contacts.SENTENCES,
        **keys.SENTENCES,
        **storage.SENTENCES,
    }
)


def reason(error: GuituError, language: Language) -> str:
    """One sentence that says why."""
    own = SENTENCES.get(error.code)
    return (
        fill(own.why(language), error.facts, language) if own else sentences.reason(error, language)
    )


def would_allow(error: GuituError, language: Language) -> str:
    """What would make it possible."""
    own = SENTENCES.get(error.code)
    return (
        fill(own.allow(language), error.facts, language)
        if own
        else sentences.would_allow(error, language)
    )
