"""
The case code (个案代码): how a message names a case where others may read it, such as `R7M2T-9X4D3`.

It tells nothing: not who, not what, not how many, not in which order. Letters and digits take turns, so that
no word, no abbreviation and no telephone number can come out of it; letters and digits that look alike are
left out, and so are those that slang puts beside a digit. It is a name for people and never a key: the case
is found by its id.

Source: decision 0034.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

LETTERS = "DFGHJLMNPQRTVWXY"
DIGITS = "23456789"
PAIRS = 5
"""Pairs of a letter and a digit: 7 bits each, 35 in all."""
_BITS = 7
_TURNS = [f"[{LETTERS}]", f"[{DIGITS}]"] * PAIRS
FORM = re.compile("".join([*_TURNS[:PAIRS], "-", *_TURNS[PAIRS:]]))
"""How a code is written, to find one in a text."""
_USE = b"guitu case code 1|"


@lru_cache(maxsize=1 << 14)
def case_code(case_id: UUID) -> str:
    """
    The code of a case: the same for ever, whoever asks; eleven characters.

    Among the thousand cases of one recipient two share a code with a chance of 1 in 70,000.
    """
    digest = sha256(_USE + case_id.bytes).digest()
    number = int.from_bytes(digest[:8], "big")
    pairs = [_pair(number >> (_BITS * place)) for place in range(PAIRS)]
    text = "".join(pairs)
    return f"{text[:PAIRS]}-{text[PAIRS:]}"


def _pair(number: int) -> str:
    return LETTERS[(number >> 3) % len(LETTERS)] + DIGITS[number % len(DIGITS)]
