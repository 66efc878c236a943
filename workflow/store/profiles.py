"""
What is known of a person besides their cases: name, birth date, numbers, address, note.

A profile is sealed whole (`store.people`). Here is how it is written as JSON, and
in what form a name or a phone is compared: two ways of writing one are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, Self

from workflow.rules.identity_numbers import birth_date, plain_number

MarkKind = Literal["identity_no", "phone", "name_born"]
# between the parts of many minority names each keyboard writes a dot of its own, or none
MIDDLE_DOTS = "·•‧∙・⋅᛫."
# what an editor leaves behind without anybody seeing it: soft hyphens, joiners, marks of direction
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_UNSAID = re.compile(rf"[\s\x00-\x1f{MIDDLE_DOTS}{INVISIBLE}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One person as they were written down; its `repr` shows nothing of them."""

    name: str | None = None
    born: date | None = None
    identity_no: str | None = None
    phones: tuple[str, ...] = ()
    address: str | None = None
    note: str | None = None

    def __repr__(self) -> str:
        return "Profile(…)"

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The profile that `as_json` wrote."""
        known = dict(value)
        if born := known.pop("born", None):
            known["born"] = date.fromisoformat(born)
        return cls(**{**known, "phones": tuple(known.get("phones", ()))})

    @property
    def as_json(self) -> dict[str, Any]:
        """What is known, and nothing else, as JSON can hold it."""
        known = {name: value for name, value in asdict(self).items() if value}
        return {**known, "born": self.born.isoformat()} if self.born else known

    @property
    def findable(self) -> Iterator[tuple[MarkKind, str]]:
        """What this person can be found by, each in its form for comparing."""
        if self.identity_no and (number := plain_number(self.identity_no)):
            yield "identity_no", number
        for phone in dict.fromkeys(map(plain_phone, self.phones)):
            if phone:
                yield "phone", phone
        for born in self._birth_dates if self.name and plain_name(self.name) else ():
            yield "name_born", name_born(self.name or "", born)

    @property
    def _birth_dates(self) -> set[date]:
        """The one that was written down, and the one in the number: papers now and then disagree."""
        in_number = birth_date(plain_number(self.identity_no)) if self.identity_no else None
        return {born for born in (self.born, in_number) if born is not None}


def name_born(name: str, born: date) -> str:
    """A name and a birth date as one text, in the form for comparing."""
    return f"{plain_name(name)}|{born.isoformat()}"


def plain_name(text: str) -> str:
    """
    A name in the form for comparing: no spaces, no middle dots, no difference of width or case.

    Example: `阿卜杜拉・买买提`, `阿卜杜拉 · 买买提` and `阿卜杜拉买买提` are one name.
    """
    shown = unicodedata.normalize("NFKC", text).casefold()
    return _UNSAID.sub("", shown)


def plain_phone(text: str) -> str:
    """
    A phone number in the form for comparing: digits alone, without China's own prefix and without a trunk zero.

    Example: `+86 10-6552 0000`, `0086 10 65520000` and `010-65520000` are one number.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(sign for sign in shown if sign.isascii() and sign.isdigit())
    abroad = shown.startswith("+") or digits.startswith("00")
    if abroad and not digits.lstrip("0").startswith("86"):
        return f"+{digits.lstrip('0')}"
    bare = digits.lstrip("0")
    # without a prefix a Chinese number has at most eleven digits, so that a longer one carries it
    return bare[2:].lstrip("0") if bare.startswith("86") and (abroad or len(bare) > 11) else bare
