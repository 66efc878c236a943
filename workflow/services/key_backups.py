"""
A key ring as a backup: one small file, sealed by a passphrase (scrypt, AES-GCM), to be kept apart from the database.

How the passphrase was stretched stands in the file, so that a later release may
stretch it more; what stands there is bound to what is sealed.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from workflow.rules.errors import GuituError, Invalid, Refused
from workflow.store.keyring import KEY_BYTES, KeyRing, seal, unseal

SHORTEST_PASSPHRASE = 12
SALT_BYTES = 16
MEMORY = 2**17
"""scrypt's n; with r = 8 a guess costs 128 MB and about half a second."""
MOST_MEMORY = 2**18


def sealed_ring(ring: KeyRing, passphrase: str) -> str:
    """
    The text of a backup.

    Raises:
        Invalid: `passphrase_too_short`.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Invalid("passphrase_too_short", least=SHORTEST_PASSPHRASE)
    salt = b64encode(secrets.token_bytes(SALT_BYTES)).decode()
    head = {"guitu_keys": 1, "kdf": "scrypt", "n": MEMORY, "r": 8, "p": 1, "salt": salt}
    body = seal(_stretched(head, passphrase), ring.text.encode(), _bound(head))
    return json.dumps({**head, "sealed": b64encode(body).decode()}, indent=2) + "\n"


def opened_ring(text: str, passphrase: str) -> KeyRing:
    """
    The ring of a backup.

    Raises:
        Invalid: `key_backup_unreadable`: it is no backup of a ring.
        Refused: `passphrase_wrong`: the passphrase is another, or a byte was changed.
    """
    try:
        head = json.loads(text)
        body = b64decode(head.pop("sealed"), validate=True)
        key = _stretched(head, passphrase)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid("key_backup_unreadable") from error
    try:
        return KeyRing.parse(unseal(key, body, _bound(head)).decode())
    except GuituError as error:
        raise Refused("passphrase_wrong") from error


def _stretched(head: dict[str, Any], passphrase: str) -> AESGCM:
    known = head["guitu_keys"] == 1 and head["kdf"] == "scrypt"
    if not known or not (head["n"] <= MOST_MEMORY and head["r"] == 8 and head["p"] == 1):
        raise ValueError("not a backup of this release")
    salt = b64decode(head["salt"], validate=True)
    stretched = Scrypt(salt=salt, length=KEY_BYTES, n=head["n"], r=head["r"], p=head["p"])
    typed = unicodedata.normalize(
        "NFC", passphrase
    )  # keyboards differ in how they write one letter
    return AESGCM(stretched.derive(typed.encode("utf-8", "surrogateescape")))


def _bound(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()
