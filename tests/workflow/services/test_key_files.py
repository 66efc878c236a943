"""The file of a ring: its owner's alone, never overwritten, replaced whole or not at all, and followed while a server runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from workflow.rules.errors import GuituError, Refused
from workflow.services.key_files import KeyFile
from workflow.store.keyring import KeyRing


class KilledError(BaseException):
    """Stands for SIGKILL."""


def key_file(path: Path, settle: Callable[[Path], None] = lambda path: None) -> KeyFile:
    return KeyFile(path, settle)


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    found = key_file(tmp_path / "guitu.keys")
    found.create(KeyRing.generate().text)
    return found


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def refused(act: Callable[[], object]) -> GuituError:
    with pytest.raises(GuituError) as found:
        act()
    return found.value


# ------------------------------------------------------------------ writing


def test_a_new_file_is_its_owners_alone_and_leaves_nothing_else(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        file, ring = key_file(tmp_path / "guitu.keys"), KeyRing.generate()
        assert not file.exists
        file.create(ring.text)
    finally:
        os.umask(old)
    assert mode(file.path) == 0o600
    assert not file.is_open_to_others
    assert file.read() == ring
    assert list(tmp_path.iterdir()) == [file.path]


def test_a_file_is_never_overwritten(file: KeyFile) -> None:
    before = file.text()
    found = refused(lambda: file.create(KeyRing.generate().text))
    assert (found.code, found.facts) == ("key_file_exists", {"file": str(file.path)})
    assert file.text() == before
    assert list(file.path.parent.iterdir()) == [file.path]


def test_replacing_keeps_mode_and_owner(file: KeyFile) -> None:
    file.path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file.path, 0, 4417)
    before = file.path.stat()
    file.replace(file.read().with_new_key())
    after = file.path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert after.st_ino != before.st_ino
    assert list(file.read().secrets) == ["k1", "k2"]


def test_a_link_stays_a_link(file: KeyFile, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "guitu.keys"
    link.symlink_to(file.path)
    key_file(link).replace(file.read().with_new_key())
    assert link.is_symlink()
    assert file.read().active == "k2"


def test_it_is_on_the_disk_before_it_has_its_name_and_the_name_too(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []
    path = tmp_path / "guitu.keys"
    file = key_file(path, lambda settled: seen.append((settled.suffix, path.exists())))
    file.create(KeyRing.generate().text)
    file.replace(file.read().with_new_key())
    assert seen == [(".new", False), ("", True), (".new", True), ("", True)]


@pytest.mark.parametrize("place", [1, 2])
def test_killed_while_it_is_made_there_is_the_whole_file_or_none(
    tmp_path: Path, place: int
) -> None:
    ring = KeyRing.generate()
    with suppress(KilledError):
        key_file(tmp_path / "guitu.keys", killing_at(place)).create(ring.text)
    file = key_file(tmp_path / "guitu.keys")
    assert not file.exists or file.read() == ring


@pytest.mark.parametrize("place", [1, 2])
def test_killed_while_it_is_replaced_there_is_the_old_or_the_new(file: KeyFile, place: int) -> None:
    old = file.read()
    new = old.with_new_key()
    with suppress(KilledError):
        key_file(file.path, killing_at(place)).replace(new)
    assert file.read() == (old, new)[place - 1]


def test_what_a_crash_left_beside_it_goes_with_the_next_replacement(file: KeyFile) -> None:
    left = file.path.with_name(".guitu.keys.0badcafe.new")
    left.write_text("half", "utf-8")
    file.replace(file.read().with_new_key())
    assert list(file.path.parent.iterdir()) == [file.path]


def killing_at(place: int) -> Callable[[Path], None]:
    passed = [0]

    def settle(path: Path) -> None:
        passed[0] += 1
        if passed[0] == place:
            raise KilledError

    return settle


# ------------------------------------------------------------------ what cannot be used


@pytest.mark.parametrize(
    ("bits", "is_open"),
    [(0o600, False), (0o400, False), (0o644, True), (0o660, True), (0o602, True)],
)
def test_whether_others_may_read_it(file: KeyFile, bits: int, is_open: bool) -> None:
    file.path.chmod(bits)
    assert file.is_open_to_others is is_open


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_the_systems_may_be_lent_to_one_group(file: KeyFile) -> None:
    file.path.chmod(0o640)
    assert not file.is_open_to_others
    os.chown(file.path, 4417, 4417)
    assert file.is_open_to_others


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    file = key_file(tmp_path / "guitu.keys")
    for act in (file.read, file.followed, lambda: file.replace(KeyRing.generate())):
        found = refused(act)
        assert (found.code, found.facts) == ("key_ring_missing", {"file": str(file.path)})
    assert list(tmp_path.iterdir()) == []


def test_what_the_disk_refuses_is_told(tmp_path: Path) -> None:
    nowhere = key_file(tmp_path / "none" / "guitu.keys")
    found = refused(lambda: nowhere.create("x"))
    assert (found.code, found.facts["error"]) == ("key_file_unusable", "FileNotFoundError")
    found = refused(key_file(tmp_path).read)
    assert (found.code, found.facts["error"]) == ("key_file_unusable", "IsADirectoryError")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "marker-4417",
        "[]",
        "{}",
        '{"active": "k1", "keys": {}}',
        '{"active": "k1", "keys": {"k1": "bWFya2VyLTQ0MTc="}}',
        '{"active": "k1", "keys": {"k1": "marker-4417"}}',
        '{"active": "k1", "keys": ["marker-4417"]}',
        "\udcff\udcfe",
    ],
)
def test_a_file_that_is_no_ring_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    file = key_file(tmp_path / "guitu.keys")
    file.path.write_text(text, "utf-8", errors="surrogateescape")
    found = refused(file.read)
    assert found.code == "key_ring_unreadable"
    assert "4417" not in f"{found!r} {found} {found.facts} {found.__cause__}"


def test_a_ring_shows_no_secret(file: KeyFile) -> None:
    ring = file.followed()
    assert not any(repr(secret) in repr(ring) for secret in ring.secrets.values())
    assert repr(ring) == "KeyRing(active='k1')"


# ------------------------------------------------------------------ following it


def test_a_ring_that_is_followed_is_read_again_when_the_file_changes(file: KeyFile) -> None:
    begun = file.followed()
    assert begun.newest is begun
    file.replace(begun.with_new_key())
    assert begun.active == "k1"
    assert begun.newest.active == "k2"
    assert begun.newest is begun.newest


def test_a_key_that_was_made_meanwhile_is_found(file: KeyFile) -> None:
    begun = file.followed()
    with pytest.raises(Refused, match="key_missing"):
        begun.root("k2")
    new = begun.with_new_key()
    file.replace(new)
    sealed = new.current.wrap(b"x" * 32, b"owner")
    assert begun.root("k2").unwrap(sealed, b"owner") == b"x" * 32
    assert begun.marks("phone", "1") == new.marks("phone", "1")


@pytest.mark.parametrize(
    "left",
    [None, "", "{", KeyRing.generate().text],
    ids=["none", "empty", "cut off", "a foreign ring"],
)
def test_a_mistake_with_the_file_stops_nothing_that_runs(file: KeyFile, left: str | None) -> None:
    begun = file.followed()
    if left is None:
        file.path.unlink()
    else:
        file.path.write_text(left, "utf-8")
    assert begun.newest == begun
    right = begun.with_new_key()
    file.path.unlink(missing_ok=True)
    file.create(right.text)
    assert begun.newest == right
