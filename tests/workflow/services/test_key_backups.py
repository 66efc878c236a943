"""A backup of the ring opens with its passphrase, and with nothing else."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from typing import Any

import pytest

from workflow.rules.errors import GuituError
from workflow.services.key_backups import opened_ring, sealed_ring
from workflow.store.keyring import KeyRing

RING = KeyRing.generate().with_new_key()
PASSPHRASE = "三个词 correct horse é"


@cache
def backup() -> str:
    return sealed_ring(RING, PASSPHRASE)


def code(text: str, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(GuituError) as found:
        opened_ring(text, passphrase)
    return found.value.code


def changed(**values: Any) -> str:
    return json.dumps({**json.loads(backup()), **values})


def test_a_guess_costs_128_megabytes() -> None:
    head = json.loads(backup())
    assert 128 * head["n"] * head["r"] == 128 * 2**20


def test_it_gives_the_ring_back() -> None:
    assert opened_ring(backup(), PASSPHRASE) == RING


def test_a_letter_that_another_keyboard_writes_in_two_parts_is_the_same() -> None:
    assert opened_ring(backup(), PASSPHRASE.replace("é", "e\u0301")) == RING


def test_it_shows_nothing_of_the_ring_and_is_another_each_time() -> None:
    for secret in RING.secrets.values():
        assert b64encode(secret).decode() not in backup()
    assert json.loads(backup())["salt"] != json.loads(sealed_ring(RING, PASSPHRASE))["salt"]


def test_another_passphrase_opens_nothing() -> None:
    assert code(backup(), "三个词 correct horse e") == "passphrase_wrong"
    assert code(backup(), "") == "passphrase_wrong"


@pytest.mark.parametrize(
    "values", [{"n": 2**16}, {"more": 1}, {"sealed": b64encode(bytes(90)).decode()}]
)
def test_a_changed_byte_opens_nothing(values: dict[str, Any]) -> None:
    assert code(changed(**values)) == "passphrase_wrong"


@pytest.mark.parametrize(
    "values",
    [
        {"guitu_keys": 2},
        {"kdf": "none"},
        {"n": 2**30},
        {"n": 0},
        {"n": 3},
        {"n": "131072"},
        {"r": 80},
        {"salt": "?"},
        {"sealed": "?"},
    ],
)
def test_what_is_no_backup_of_this_release_is_told(values: dict[str, Any]) -> None:
    assert code(changed(**values)) == "key_backup_unreadable"


@pytest.mark.parametrize("text", ["", "{}", "[]", "1", RING.text])
def test_what_is_no_backup_at_all_is_told(text: str) -> None:
    assert code(text) == "key_backup_unreadable"


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(GuituError) as found:
        sealed_ring(RING, "eleven sign")
    assert (found.value.code, found.value.facts) == ("passphrase_too_short", {"least": 12})
