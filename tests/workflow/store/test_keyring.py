"""The key ring: what opens what, what a mark tells, and texts that are no ring."""

import json
from base64 import b64encode

import pytest

from workflow.rules.errors import Invalid, Refused
from workflow.store.keyring import KeyRing

OWNER, STRANGER = b"owner-of-16-byte", b"another-16-bytes"
SECRET = bytes(range(32))


def refused(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_a_ring_comes_back_from_its_text() -> None:
    ring = KeyRing.generate().with_new_key()
    again = KeyRing.parse(ring.text)
    assert again == ring
    wrapped = ring.current.wrap(SECRET, OWNER)
    assert again.current.unwrap(wrapped, OWNER) == SECRET


def test_a_ring_shows_no_key() -> None:
    ring = KeyRing.generate()
    (key,) = ring.secrets.values()
    for shown in (repr(ring), str(ring), repr(ring.current)):
        assert b64encode(key).decode() not in shown
        assert repr(key) not in shown


GOOD = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "null",
        "{}",
        json.dumps({"active": "k1"}),
        json.dumps({"keys": {"k1": GOOD}}),
        json.dumps({"active": "k1", "keys": {}}),
        json.dumps({"active": "k2", "keys": {"k1": GOOD}}),
        json.dumps({"active": "k1", "keys": [GOOD]}),
        json.dumps({"active": "k1", "keys": {"k1": 7}}),
        json.dumps({"active": "k1", "keys": {"k1": "not base 64!"}}),
        json.dumps({"active": "k1", "keys": {"k1": GOOD, "k2": b64encode(bytes(31)).decode()}}),
    ],
)
def test_what_is_no_ring_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        KeyRing.parse(text)
    assert caught.value.code == "key_ring_unreadable"
    assert caught.value.facts == {}


def test_a_wrapped_key_opens_for_its_owner_alone() -> None:
    root = KeyRing.generate().current
    with refused("key_does_not_open"):
        root.unwrap(root.wrap(SECRET, OWNER), STRANGER)


def test_a_wrapped_key_opens_with_its_root_key_alone() -> None:
    ring = KeyRing.generate()
    wrapped = ring.current.wrap(SECRET, OWNER)
    with refused("key_does_not_open"):
        KeyRing.generate().current.unwrap(wrapped, OWNER)
    with refused("key_does_not_open"):
        ring.with_new_key().current.unwrap(wrapped, OWNER)


def test_the_same_key_under_another_id_does_not_open() -> None:
    """A ring whose ids were mixed up says so at once, and does not half work."""
    ring = KeyRing.generate("k1")
    renamed = KeyRing("k2", {"k2": ring.secrets["k1"]})
    with refused("key_does_not_open"):
        renamed.current.unwrap(ring.current.wrap(SECRET, OWNER), OWNER)


def test_each_changed_byte_of_a_wrapped_key_is_noticed() -> None:
    root = KeyRing.generate().current
    wrapped = root.wrap(SECRET, OWNER)
    for at in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[at] ^= 1
        with refused("key_does_not_open"):
            root.unwrap(bytes(changed), OWNER)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
def test_a_wrapped_key_cut_short_is_noticed(length: int) -> None:
    root = KeyRing.generate().current
    with refused("key_does_not_open"):
        root.unwrap(root.wrap(SECRET, OWNER)[:length], OWNER)


def test_wrapping_twice_gives_two_ciphertexts() -> None:
    root = KeyRing.generate().current
    assert root.wrap(SECRET, OWNER) != root.wrap(SECRET, OWNER)


def test_a_new_key_wraps_what_is_new_and_the_old_one_still_opens() -> None:
    old = KeyRing.generate()
    ring = old.with_new_key()
    assert ring.active != old.active
    assert ring.root(old.active).unwrap(old.current.wrap(SECRET, OWNER), OWNER) == SECRET
    assert ring.without(old.active).secrets.keys() == {ring.active}
    with refused("key_missing"):
        ring.without(old.active).root(old.active)


def test_new_keys_never_take_an_id_that_is_in_use() -> None:
    ring = KeyRing.generate()
    for _ in range(3):
        ring = ring.with_new_key()
    kept = ring.without("k1").with_new_key()
    assert set(kept.secrets) == {"k2", "k3", "k4", "k5"}


def test_marks_are_equal_for_equal_texts_of_one_kind_and_one_key() -> None:
    ring = KeyRing.generate()
    mark = ring.current.mark("phone", "13800000000")
    assert ring.marks("phone", "13800000000") == {ring.active: mark}
    assert KeyRing.parse(ring.text).current.mark("phone", "13800000000") == mark
    assert ring.current.mark("identity_no", "13800000000") != mark
    assert ring.current.mark("phone", "13800000001") != mark


def test_a_kind_and_a_text_cannot_run_into_each_other() -> None:
    root = KeyRing.generate().current
    assert root.mark("phone", "1") != root.mark("phon", "e1")


def test_a_mark_of_one_ring_tells_nothing_under_another() -> None:
    one, two = KeyRing.generate(), KeyRing.generate()
    assert one.current.mark("phone", "1") != two.current.mark("phone", "1")
    both = one.with_new_key().marks("phone", "1")
    assert len(set(both.values())) == 2
