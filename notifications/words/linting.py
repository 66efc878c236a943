"""
The linter (用词检查): whether anything that a recipient, or whoever looks over their shoulder, can see tells what the matter is.

The phrases are ours, and a test reads all of them. Who sends, from which address, with a link to where, is
the office's: `guitu messages check` reads that. A finding names the place and the word, and never a number
that it found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from notifications.words.forbidden import ALONE, ANYWHERE, Tells
from notifications.words.phrases import OWNERS, PHRASES

BETWEEN = r"[\W_]{0,2}"
"""What may stand between two signs or syllables and leave the word readable."""
SYLLABLE = "'"
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_NUMBER = re.compile(r"\d(?:[ \-.()]{0,2}\d){6,}")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Texts:
    """
    What is seen of a message beside its words; empty where the office set nothing.

    Args:
        sender: the address that it comes from, its domain included.
        sender_name: the name beside that address.
        caller: what the program calls itself to other servers, whose logs others read.
        relay: the mail server, whose name stands in the headers.
        subject_prefix, signature: what is put before and after the words.
        agent: what the application is called in a messenger.
        link: where the app is, with the names of its host and of its path.
        title: of the page that the link leads to; a messenger shows it unasked.
    """

    sender: str = ""
    sender_name: str = ""
    caller: str = ""
    relay: str = ""
    subject_prefix: str = ""
    signature: str = ""
    agent: str = ""
    link: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that tells.

    Args:
        place: a field of `Texts`, or `phrase` and its name.
        tells: a substance, a measure, an office, or `number`: of an identity card or a telephone.
        word: the one of the list that was found; empty for a number.
    """

    place: str
    tells: Tells | Literal["number"]
    word: str = ""


def check_words(texts: Texts) -> list[Finding]:
    """Everything that tells in what an office has set."""
    return [
        found
        for field in fields(texts)
        for found in findings_in(getattr(texts, field.name), field.name)
    ]


def check_phrases() -> list[Finding]:
    """Everything that tells in our own phrases: nothing, or a test fails."""
    return [
        found
        for name, said in (*PHRASES.items(), *OWNERS.items())
        for text in (said.zh, said.en)
        for found in findings_in(text, f"phrase {name}")
    ]


def findings_in(text: str, place: str) -> Iterator[Finding]:
    """What tells in one text, each word once."""
    plain = _plain(text)
    for tells, word, form in _forms():
        if form.search(plain):
            yield Finding(place, tells, word)
    if _NUMBER.search(_DAY.sub(" ", plain)):
        yield Finding(place, "number")


def _plain(text: str) -> str:
    """A text without differences of width, of case, or that nobody sees."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _forms() -> tuple[tuple[Tells, str, re.Pattern[str]], ...]:
    anywhere = [
        (tells, word.replace(SYLLABLE, ""), re.compile(BETWEEN.join(_pieces(word))))
        for tells, words in ANYWHERE.items()
        for word in words
    ]
    alone = [
        (tells, word, re.compile(rf"(?<![a-z]){word}(?![a-z])"))
        for tells, words in ALONE.items()
        for word in words
    ]
    return (*anywhere, *alone)


def _pieces(word: str) -> list[str]:
    """A word of letters in its syllables, one of signs in its signs."""
    return word.split(SYLLABLE) if word.isascii() else list(word)
