"""
Passwords and secrets: argon2id for what people choose, a hash for what is drawn.

A password is stretched, since people choose what can be guessed. A token has 256
drawn bits, which nobody guesses, so its SHA-256 is enough and costs nothing. No more
passwords are stretched at once than the machine has memory for: a flood of logins
makes logging in slow and nothing else.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from workflow.rules.errors import Invalid, Unavailable

SHORTEST, LONGEST = 12, 200
LEFT = 6
"""How many characters have to be left of a password once all that everybody would try first is taken out."""

OBVIOUS = re.compile(
    "password|passw0rd|qwertyuiop|qwerty|asdfgh|zxcvbn|iloveyou|woaini|letmein|welcome|admin|guitu|mima|归途|密码"
)
AT_ONCE, PATIENCE_S = 4, 2.0


class Passwords:
    """
    How passwords are hashed and compared.

    Args:
        time_cost, memory_kib: of argon2id; the defaults are RFC 9106's second choice, 0.15 s of a core as measured.
        at_once: how many are stretched at once.
    """

    def __init__(
        self, time_cost: int = 3, memory_kib: int = 65536, *, at_once: int = AT_ONCE
    ) -> None:
        hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib)
        self._hash = PasswordHash((hasher,))
        self._room = BoundedSemaphore(at_once)

    @cached_property
    def _nobody(self) -> str:
        """What is compared where there is no password: it takes as long, and opens to nothing."""
        return self._hash.hash(secrets.token_hex(32))

    def hashed(self, password: str, handle: str) -> str:
        """
        The hash to keep.

        Raises:
            Invalid: `password_unusable`: too short, too long, or no text; `password_guessable`: little more than
                the handle, a row of keys, or a word that everybody tries.
            Unavailable: `logins_busy`.
        """
        plain = _plain(password)
        if plain is None or len(plain) < SHORTEST:
            raise Invalid("password_unusable", shortest=SHORTEST, longest=LONGEST)
        if is_guessable(plain, handle):
            raise Invalid("password_guessable")
        with self._in_turn():
            return self._hash.hash(plain)

    def verified(self, password: str, kept: str | None) -> str | None:
        """
        The hash to keep from now on where it is the password, made anew if it was made more cheaply; else None.

        As slow where there is none, so that time tells nothing of who is known.

        Raises:
            Unavailable: `logins_busy`.
        """
        plain = _plain(password)
        with self._in_turn():
            nobody = self._nobody
            if kept is None or plain is None:
                self._hash.verify(password[:LONGEST].encode(errors="replace"), nobody)
                return None
            right, renewed = self._hash.verify_and_update(plain, kept)
        return (renewed or kept) if right else None

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._room.acquire(timeout=PATIENCE_S):
            raise Unavailable("logins_busy")
        try:
            yield
        finally:
            self._room.release()


def is_guessable(password: str, handle: str) -> bool:
    """Whether it is little more than the handle, rows such as 1234 or aaaa, and the words that everybody tries."""
    left = OBVIOUS.sub("", password.casefold().replace(handle.casefold(), ""))
    steps = [ord(after) - ord(before) for before, after in pairwise(left)]
    in_row = sum(a == b and abs(a) <= 1 for a, b in pairwise(steps))
    return len(left) - in_row < LEFT or len(set(left)) < LEFT - 1


def new_secret(prefix: str) -> str:
    """A secret of 256 bits; its prefix lets a scanner of leaked secrets tell what it is."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode(errors="replace")).digest()


def _plain(password: str) -> str | None:
    """As it is compared, so that every keyboard gives the same: full width is half width. None for what is no text."""
    if len(password) > LONGEST or any("\ud800" <= sign <= "\udfff" for sign in password):
        return None
    plain = unicodedata.normalize("NFKC", password)
    return plain if len(plain) <= LONGEST else None
