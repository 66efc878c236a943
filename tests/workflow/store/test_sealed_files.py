"""Ciphertext on a disk: full, read-only, missing, or killed anywhere, an attachment is whole or not there."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from traceback import clear_frames
from typing import Any, BinaryIO
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.attachments import FIRST, Site, a_site, photo, refusal, settle
from tests.workflow.store.faults import fill, remount, small_disk
from workflow.rules.errors import Unavailable
from workflow.services import attaching
from workflow.services.photos import made_safe
from workflow.store.sealed_files import SealedFiles

pytestmark = pytest.mark.databases("sqlite", "postgres")


@pytest.fixture(params=["in the database", "on the disk"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return a_site(tmp_path, request.param.rpartition(" ")[2])


@pytest.fixture
def disk(tmp_path: Path) -> Site:
    return a_site(tmp_path, "disk")


# ------------------------------------------------------------------ disks that fail


@pytest.mark.databases("sqlite", why="it is about the other disk")
def test_a_folder_that_is_not_there_is_never_made(disk: Site, tmp_path: Path) -> None:
    """A disk that was not mounted went unnoticed until the small one below it was full."""
    disk.attach()
    disk.files = SealedFiles(tmp_path / "not mounted", settle)
    assert refusal(Unavailable, disk.attach, UUID(int=2)) == "attachments_folder_unusable"
    assert refusal(Unavailable, disk.read) == "attachments_folder_unusable"
    assert not (tmp_path / "not mounted").exists()
    assert len(disk.listed()) == 1


@pytest.mark.databases("sqlite", why="it is about the other disk")
def test_a_file_that_cannot_be_read_is_told_as_that(disk: Site) -> None:
    disk.attach()
    (path,) = disk.on_disk()
    path.unlink()
    path.mkdir()
    assert refusal(Unavailable, disk.read) == "attachments_folder_unusable"


@pytest.mark.databases("sqlite", why="it is about the other disk")
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_disk_that_is_full_when_it_is_written_out_leaves_nothing(tmp_path: Path, at: int) -> None:
    left = [at]

    def soon_full(path: Path) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "no room")
        settle(path)

    site = a_site(tmp_path, "disk", soon_full)
    assert refusal(Unavailable, site.attach) == "disk_full"
    assert not site.listed()
    assert not list(tmp_path.rglob("*.part"))
    site.attach()
    site.sweep()
    assert len(site.on_disk()) == 1
    assert site.read().content


@pytest.mark.databases("sqlite", why="it is about the other disk")
def test_a_full_disk_leaves_nothing_and_the_same_is_taken_when_there_is_room(disk: Site) -> None:
    assert disk.files is not None
    with small_disk(disk.files.folder / "small", 1) as place:
        disk.files = SealedFiles(place, settle)
        filler = fill(place)
        assert refusal(Unavailable, disk.attach) == "disk_full"
        assert disk.on_disk() == [filler]
        assert not disk.listed()
        filler.unlink()
        remount(place, "ro")
        assert refusal(Unavailable, disk.attach) == "attachments_folder_unusable"
        assert not disk.listed()
        remount(place, "rw")
        assert not disk.attach().already_known
        assert disk.read().content


# ------------------------------------------------------------------ killed


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


class Steps:
    """Each boundary of an attach in its order, by name; it is killed at one of them."""

    def __init__(self, kill_at: int = 0) -> None:
        self.passed: list[str] = []
        self.kill_at = kill_at

    def reach(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) == self.kill_at:
            raise KilledError

    def around(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        """The same act, with a boundary before and behind it."""

        def acting(*args: Any, **more: Any) -> Any:
            self.reach(f"before {name}")
            done = act(*args, **more)
            self.reach(f"after {name}")
            return done

        return acting


class TornFile:
    """A file that can be left half-written."""

    def __init__(self, file: BinaryIO, steps: Steps) -> None:
        self.file, self.steps = file, steps

    def __enter__(self) -> TornFile:
        try:
            self.steps.reach("after open")
        except KilledError:
            self.file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, body: bytes) -> None:
        self.file.write(body[: len(body) // 2])
        self.steps.reach("half-written")
        self.file.write(body[len(body) // 2 :])


@contextmanager
def killed_at(site: Site, place: int) -> Iterator[Steps]:
    """Count every statement, commit and step on the disk, and be killed at one of them; 0 for none."""
    steps = Steps(place)
    listening = [
        (site.engine, "before_cursor_execute", lambda *a: steps.reach(f"before {a[2].split()[0]}")),
        (site.engine, "after_cursor_execute", lambda *a: steps.reach(f"after {a[2].split()[0]}")),
        (site.engine, "commit", lambda *a: steps.reach("before COMMIT")),
        (Session, "after_commit", lambda *a: steps.reach("after COMMIT")),
    ]
    real_open, before = Path.open, site.files
    if before is not None:
        site.files = SealedFiles(before.folder, steps.around("settle", before.settle))
    for target, name, listener in listening:
        event.listen(target, name, listener)

    def opened(path: Path, mode: str) -> TornFile:
        steps.reach("before open")
        file: Any = real_open(path, mode)
        return TornFile(file, steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", opened)
        for step in ("mkdir", "replace"):
            patch.setattr(Path, step, steps.around(step, getattr(Path, step)))
        try:
            yield steps
        finally:
            for target, name, listener in listening:
                event.remove(target, name, listener)
            site.files = before


ON_DISK = ["mkdir", "open", "settle", "replace", "settle", "settle"]


def boundaries(steps: Steps) -> list[str]:
    """What was done, in order; how SQLite begins is its own affair."""
    done = [name.removeprefix("after ") for name in steps.passed if name.startswith("after ")]
    begun = [name.removeprefix("before ") for name in steps.passed if name.startswith("before ")]
    assert done == begun
    return [name for name in done if name not in ("BEGIN", "PRAGMA")]


def test_the_file_is_on_the_disk_under_its_name_before_the_row_is_kept(disk: Site) -> None:
    with killed_at(disk, 0) as steps:
        disk.attach()
    assert boundaries(steps) == ["SELECT", "SELECT", "INSERT", *ON_DISK, "COMMIT"]


def killed(site: Site, attachment_id: UUID, place: int) -> Steps:
    """Attach, be killed at a place, and start again; gives back how far it came."""
    with killed_at(site, place) as steps:
        try:
            site.attach(attachment_id)
        except KilledError as error:
            clear_frames(error.__traceback__)  # a process that ends holds no cursor and no lock
    site.engine.dispose()
    return steps


def test_killed_anywhere_it_is_whole_or_not_there_and_can_be_sent_again(site: Site) -> None:
    for place in count(1):
        attachment_id = UUID(int=place)
        steps = killed(site, attachment_id, place)
        there = attachment_id in {entry.id for entry in site.listed()}
        assert there == ("after COMMIT" in steps.passed)
        if there:
            assert site.read(attachment_id).content
        assert site.attach(attachment_id).already_known == there
        assert site.read(attachment_id).content == made_safe(photo()).content
        if site.files:
            site.sweep()
        assert len(site.sealed()) == place
        if len(steps.passed) < place:
            break
    where = ON_DISK if site.files else ["INSERT"]
    assert boundaries(steps) == ["SELECT", "SELECT", "INSERT", *where, "COMMIT"]


# ------------------------------------------------------------------ orphans


def killed_half_way(site: Site, attachment_id: UUID, at: str) -> None:
    with killed_at(site, 0) as steps:
        site.attach(UUID(int=2000))
    assert killed(site, attachment_id, steps.passed.index(at) + 1).passed[-1] == at


@pytest.mark.parametrize("at", ["half-written", "before replace", "before COMMIT"])
def test_only_old_files_without_a_row_are_swept(disk: Site, at: str) -> None:
    disk.attach()
    killed_half_way(disk, UUID(int=2), at)
    assert disk.files is not None
    foreign = disk.files.folder / "ab" / "README"
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("not ours")
    assert len(disk.on_disk()) == 4
    now = datetime.now(UTC)
    assert disk.sweep(older_than=now - timedelta(hours=1)) == 0
    assert len(disk.on_disk()) == 4
    assert disk.sweep() == 1
    assert disk.sweep() == 0
    assert foreign.exists()
    assert disk.read().content
    assert len(disk.listed()) == 2


def test_what_was_left_of_a_first_try_goes_and_the_second_stays(
    disk: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "AT_ONCE", 1)
    killed_half_way(disk, FIRST, "before COMMIT")
    disk.attach()
    assert len(disk.on_disk()) == 3
    assert disk.sweep() == 1
    assert disk.read().content
