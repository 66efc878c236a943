"""Addresses are read with their owner's key and in their owner's row only."""

from uuid import UUID

import pytest

from workflow.rules.errors import Refused
from workflow.store.contact_rows import open_addresses, seal_addresses
from workflow.store.data_keys import DataKey
from workflow.store.keyring import KEY_BYTES

OWNER, OTHER = UUID(int=1), UUID(int=2)
SECRET = bytes(KEY_BYTES)
ADDRESSES = {"email": "zhang@office.example", "wecom": "ZhangSan"}


def test_addresses_come_back_and_stand_nowhere_in_the_clear() -> None:
    key = DataKey(OWNER, SECRET)
    sealed = seal_addresses(key, ADDRESSES)
    assert sealed is not None
    assert open_addresses(key, sealed) == ADDRESSES
    assert not [text for text in ADDRESSES.values() if text.encode() in sealed]


def test_none_are_kept_as_none() -> None:
    assert seal_addresses(DataKey(OWNER, SECRET), {}) is None
    assert open_addresses(DataKey(OWNER, SECRET), None) == {}


def test_what_was_sealed_for_one_opens_in_no_other_row() -> None:
    sealed = seal_addresses(DataKey(OWNER, SECRET), ADDRESSES)
    with pytest.raises(Refused, match="key_does_not_open"):
        open_addresses(DataKey(OTHER, SECRET), sealed)
