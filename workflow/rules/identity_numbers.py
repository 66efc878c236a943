"""
Resident identity numbers (公民身份号码): how one is written, and what cannot be one.

Eighteen characters: six of an area, eight of the birth date, three of a sequence,
one check character (ISO 7064 MOD 11-2). An area is never refused: areas come and
go, and a person keeps the number of one that is long gone.

Source: GB 11643-1999; the fifteen-digit form before it has a year of two digits
and no check character.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EARLIEST = date(1880, 1, 1)
_LONG = re.compile(r"[0-9]{17}[0-9X]")
_SHORT = re.compile(r"[0-9]{15}")
_AREA = slice(0, 6)
_BIRTH = slice(6, 14)

Fault = Literal["shape", "birth_date", "check"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """
    Why a text is no identity number; it tells nothing of the number.

    Args:
        fault: `shape`: not eighteen (or fifteen) characters; `birth_date`: no day, in the future, or
            too long ago; `check`: the last character does not fit the others.
        expected: the check character that would fit the others, where that is the fault.
    """

    fault: Fault
    expected: str | None = None


def plain_number(text: str) -> str:
    """
    An identity number in the one form in which numbers are compared: eighteen characters, X a capital.

    Full-width digits, spaces and dashes are put right, and an old number of fifteen
    digits becomes the eighteen that its holder has now. What is neither is given
    back without its spaces; `wrong_with` tells.
    """
    shown = unicodedata.normalize("NFKC", text).upper()
    bare = "".join(sign for sign in shown if sign.isalnum())
    if not _SHORT.fullmatch(bare):
        return bare
    longer = f"{bare[_AREA]}19{bare[6:]}"
    return longer + check_character(longer)


def wrong_with(text: str, today: date) -> Wrong | None:
    """What is wrong with an identity number as somebody typed it; None where it can be one."""
    number = plain_number(text)
    if not _LONG.fullmatch(number):
        return Wrong("shape")
    born = birth_date(number)
    if born is None or not EARLIEST <= born <= today:
        return Wrong("birth_date")
    expected = check_character(number[:17])
    return None if number[17] == expected else Wrong("check", expected)


def birth_date(number: str) -> date | None:
    """The birth date that a number in its form for comparing holds; None where it holds none."""
    if not _LONG.fullmatch(number):
        return None
    try:
        return date.fromisoformat(number[_BIRTH])
    except ValueError:
        return None


def check_character(first_17: str) -> str:
    """The last character that seventeen digits call for. Example: 11010519491231002 calls for X."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return CHECKS[total % 11]
