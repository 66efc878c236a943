"""
Passwords and secrets: argon2id for what people choose, a hash for what is drawn.

A password is stretched, since people choose what can be guessed. A token has 256
drawn bits, which nobody guesses, so its SHA-256 is enough and costs nothing.
"""

from __future__ import annotations

import secrets
from functools import cached_property
from hashlib import sha256

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from workflow.rules.errors import Invalid

SHORTEST, LONGEST = 12, 200


class Passwords:
    """
    How passwords are hashed and compared.

    Args:
        time_cost, memory_kib: of argon2id; the defaults are RFC 9106's second choice, about 0.1 s of a core.
    """

    def __init__(self, time_cost: int = 3, memory_kib: int = 65536) -> None:
        hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib)
        self._hash = PasswordHash((hasher,))

    @cached_property
    def _nobody(self) -> str:
        """What is compared where there is no password: it takes as long, and opens to nothing."""
        return self._hash.hash(secrets.token_hex(32))

    def hashed(self, password: str) -> str:
        """
        The hash to keep.

        Raises:
            Invalid: `password_unusable`: shorter than twelve characters, or longer than two hundred.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise Invalid("password_unusable", shortest=SHORTEST, longest=LONGEST)
        return self._hash.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the one; as slow where there is none, so that time tells nothing."""
        found = self._hash.verify(password[:LONGEST], kept or self._nobody)
        return found and kept is not None


def new_secret(prefix: str) -> str:
    """A secret of 256 bits; its prefix lets a scanner of leaked secrets tell what it is."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode()).digest()
