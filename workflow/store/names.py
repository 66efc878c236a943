"""
What persons are called, for lists: opened once, and remembered while the ciphertext stays the same.

A list of thirty opens thirty names, and the same ones again a minute later. What is remembered is
found only by the ciphertext and the wrapped key that a query has just read: where a key was
destroyed, or a profile changed, there is nothing to find it by. It lies in this program's memory and
nowhere else, in two generations so that it stays small, for ten minutes at most, and is forgotten
when somebody is shredded here.
"""

from __future__ import annotations

from enum import Enum
from time import monotonic
from uuid import UUID

from workflow.store.data_keys import opened_key
from workflow.store.keyring import KeyRing
from workflow.store.people import profile_in

MOST = 2_000
"""Names in a generation: some hundred workers' lists, and less than a megabyte."""

LASTS_S = 600
"""However long a program runs: whoever shreds somebody by another one has to wait no longer than that."""

_Sealed = tuple[str, bytes, bytes]


class _Gone(Enum):
    """What is not remembered; None is a name that nobody wrote. One question each: another thread forgets meanwhile."""

    GONE = 0


_GONE = _Gone.GONE
_young: dict[_Sealed, str | None] = {}
_old: dict[_Sealed, str | None] = {}
_until = 0.0


def name_in(
    ring: KeyRing,
    person_id: UUID,
    profile: bytes | None,
    root_key: str | None,
    wrapped: bytes | None,
) -> str | None:
    """
    What a person is called, by their row and the row of their key; None where either is gone, or nobody wrote it.

    Raises:
        Refused: `key_missing`, `key_does_not_open`.
    """
    if profile is None or root_key is None or wrapped is None:
        return None
    if monotonic() > _until:
        forget()
    ring.root(root_key)  # who has not the root key finds nothing here either
    sealed = (root_key, wrapped, profile)
    found = _young.get(sealed, _GONE)
    if not isinstance(found, _Gone):
        return found
    found = _old.get(sealed, _GONE)
    if isinstance(found, _Gone):
        key = opened_key(ring, person_id, root_key, wrapped)
        found = profile_in(key, profile).name
    _remember(sealed, found)
    return found


def forget() -> None:
    """Remember nothing of anybody."""
    global _until
    _young.clear()
    _old.clear()
    _until = monotonic() + LASTS_S


def _remember(sealed: _Sealed, name: str | None) -> None:
    if len(_young) >= MOST:
        _old.clear()
        _old.update(_young)
        _young.clear()
    _young[sealed] = name
