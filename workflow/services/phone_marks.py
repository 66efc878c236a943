"""
The marks of what a phone holds (同步标记): by them the server knows what to send, and nothing of what was sent.

A case has two. Its basis is a hash of everything that its content hangs on, and is made without opening
anything; its digest is a hash of the content as it was sent. Where the basis is the same, the content is; where
it is another, the content is made and its digest decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID, uuid5

SECTIONS = UUID("5f0c7b1e-6f0d-5b7e-9c53-2d6f7b1a9e40")
WIDTH = 8
"""Bytes of a mark: two contents of one case have the same one by chance once in 18 trillion million times."""
_ROW = 16 + 2 * WIDTH


class Marks(NamedTuple):
    """The two marks of a case, or of a section, where both are its digest unless it takes long to make."""

    basis: bytes
    digest: bytes


Held = Mapping[UUID, Marks]
"""What a phone holds: by the id of a case, or of a section."""


def section_id(name: str) -> UUID:
    """What a section is kept under among the cases."""
    return uuid5(SECTIONS, name)


def mark(text: bytes, salt: bytes = b"") -> bytes:
    """The mark of a content, or of what it hangs on."""
    return blake2b(text, digest_size=WIDTH, key=salt).digest()


def packed(held: Held) -> bytes:
    """The same in as few bytes as there are, in the order of ids."""
    return b"".join(key.bytes + each.basis + each.digest for key, each in sorted(held.items()))


def unpacked(text: bytes) -> dict[UUID, Marks]:
    """What `packed` wrote."""
    rows = (text[at : at + _ROW] for at in range(0, len(text), _ROW))
    return {UUID(bytes=row[:16]): Marks(row[16 : 16 + WIDTH], row[16 + WIDTH :]) for row in rows}
