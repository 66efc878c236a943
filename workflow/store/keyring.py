"""
The key ring (密钥环): the few keys that never lie in a database, and what is derived from them.

A ring holds root keys by id; the active one wraps new data keys, the others still
open what they wrapped. Each use has a subkey of its own (HKDF), so that an index
tells nothing about a wrapped key. Knows no file and no database.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflow.rules.errors import Invalid, Refused

KEY_BYTES = 32
NONCE_BYTES = 12


class RootKey:
    """One root key's subkeys: one wraps data keys, one makes blind marks. Never printed."""

    def __init__(self, key_id: str, secret: bytes) -> None:
        self.id = key_id
        self._wrapping = AESGCM(_derived(secret, b"guitu wrap 1"))
        self._marking = _derived(secret, b"guitu mark 1")

    def wrap(self, data_key: bytes, owner: bytes) -> bytes:
        """The data key, readable only with this key and only as that owner's."""
        return seal(self._wrapping, data_key, self._bound(owner))

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        """The data key of this owner; raises Refused `key_does_not_open` where it is not theirs."""
        return unseal(self._wrapping, wrapped, self._bound(owner))

    def mark(self, kind: str, text: str) -> bytes:
        """A blind mark (HMAC-SHA256): equal for equal texts of one kind, and telling nothing else."""
        return hmac.digest(self._marking, f"{kind}\0{text}".encode(), sha256)

    def _bound(self, owner: bytes) -> bytes:
        return b"data_key|" + self.id.encode() + b"|" + owner


@dataclass(frozen=True)
class KeyRing:
    """
    Root keys by id, 32 random bytes each.

    Args:
        active: the id of the key that wraps what is new.
        secrets: every key, by id; left out of `repr`.
        again: reads the ring anew where it came from, for a server that runs on while keys are
            rotated; this ring itself never changes.
    """

    active: str
    secrets: Mapping[str, bytes] = field(repr=False)
    again: Callable[[], KeyRing] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def generate(cls, key_id: str = "k1") -> KeyRing:
        """A ring with one new key."""
        return cls(key_id, MappingProxyType({key_id: secrets.token_bytes(KEY_BYTES)}))

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """
        The ring that a text holds, as `text` wrote it.

        Raises:
            Invalid: `key_ring_unreadable`; nothing of the text is repeated.
        """
        try:
            data = json.loads(text)
            held = {str(name): b64decode(key, validate=True) for name, key in data["keys"].items()}
            active = str(data["active"])
        except (ValueError, KeyError, TypeError, AttributeError, NotBase64) as error:
            raise Invalid("key_ring_unreadable") from error
        if active not in held or any(len(key) != KEY_BYTES for key in held.values()):
            raise Invalid("key_ring_unreadable")
        return cls(active, MappingProxyType(held))

    @property
    def text(self) -> str:
        """The ring as JSON, keys and all: for its file, and for nothing else."""
        shown = {name: b64encode(key).decode() for name, key in self.secrets.items()}
        return json.dumps({"active": self.active, "keys": shown}, indent=2) + "\n"

    @property
    def newest(self) -> KeyRing:
        """The ring as it lies where it came from by now; itself where nobody reads it anew."""
        return self.again() if self.again else self

    def with_new_key(self, taken: Collection[str] = ()) -> KeyRing:
        """This ring with a new active key, its id not one of those taken; the old ones stay, for what they wrapped."""
        known = [name[1:] for name in (*self.secrets, *taken) if name[1:].isdecimal()]
        new = f"k{max(map(int, known), default=0) + 1}"
        held = {**self.secrets, new: secrets.token_bytes(KEY_BYTES)}
        return KeyRing(new, MappingProxyType(held))

    def without(self, key_id: str) -> KeyRing:
        """This ring without a key that is not the active one."""
        held = {name: key for name, key in self.secrets.items() if name != key_id}
        return KeyRing(self.active, MappingProxyType(held))

    def shares_a_key_with(self, other: KeyRing) -> bool:
        """Whether some key is in both under the same id: without one, they are two offices' rings."""
        return any(other.secrets.get(name) == key for name, key in self.secrets.items())

    @property
    def current(self) -> RootKey:
        """The active root key."""
        return self._roots[self.active]

    def root(self, key_id: str) -> RootKey:
        """
        The root key of this id; one that was made meanwhile is looked for where the ring came from.

        Raises:
            Refused: `key_missing`: there is none of that id.
        """
        found = self._roots.get(key_id) or self.newest._roots.get(key_id)
        if found is None:
            raise Refused("key_missing", key=key_id)
        return found

    def marks(self, kind: str, text: str) -> dict[str, bytes]:
        """The blind mark of a text under each key there is by now: what a search asks for."""
        return {name: root.mark(kind, text) for name, root in self.newest._roots.items()}

    @cached_property
    def _roots(self) -> dict[str, RootKey]:
        return {name: RootKey(name, key) for name, key in self.secrets.items()}


def seal(key: AESGCM, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce and AES-GCM ciphertext; opens only with the same key and `bound_to`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain, bound_to)


def unseal(key: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """
    What was sealed.

    Raises:
        Refused: `key_does_not_open`: another key, another place, or a changed byte.
    """
    try:
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise Refused("key_does_not_open") from error


def _derived(secret: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use).derive(secret)
