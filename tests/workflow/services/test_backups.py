"""A backup is whole and checked before it has its name, is taken while people record, and tells nobody anything."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.attachments import MARK, Site, a_site, settle
from tests.backups import (
    NOW,
    KilledError,
    backed_up,
    fill_every_table,
    killing_at,
    reading,
    restored,
)
from tests.builders import RING, Office, an_office, detected, new_database, positive
from tests.workflow.store.faults import everything, fill, small_disk
from workflow.rules.errors import Refused, Unavailable
from workflow.services.backups import check_backup
from workflow.services.verifying import Verdict, verify
from workflow.store.keyring import KeyRing
from workflow.store.sealed_files import SealedFiles
from workflow.store.unit_of_work import UnitOfWork

DAY = date(2024, 1, 8)
OF_THE_FILE = pytest.mark.databases("sqlite", why="it is about the file, whatever is in it")


def verified(office: Office) -> Verdict:
    return verify(reading(office.engine), packs=office.packs, calendar=office.calendar)


# ------------------------------------------------------------------ the file


def test_a_backup_leaves_one_file_its_owners_alone(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    fill_every_table(engine)
    done = backed_up(engine, path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    assert done.size == path.stat().st_size
    assert sum(done.head.rows.values()) == sum(map(len, everything(engine).values()))
    assert check_backup(path, RING) == done.head


@OF_THE_FILE
def test_its_head_can_be_read_by_anybody(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    backed_up(engine, path)
    with path.open("rb") as file:
        assert file.readline() == b"guitu backup 1\n"
        head = json.loads(file.readline())
    assert head["made_at"] == NOW.now.isoformat()
    assert (head["version"], head["root_key"]) == ("1", RING.active)
    assert head["rows"]["cases"] == 0


@OF_THE_FILE
def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    path.write_bytes(b"mine")
    with pytest.raises(Refused) as found:
        backed_up(engine, path)
    assert found.value.code == "backup_exists"
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"mine"]


@OF_THE_FILE
def test_nor_is_one_that_came_meanwhile(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    with pytest.raises(Refused) as found:
        backed_up(engine, path, settle=lambda _: path.write_bytes(b"mine"))
    assert found.value.code == "backup_exists"
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"mine"]


@OF_THE_FILE
def test_it_is_on_the_disk_before_it_has_its_name_and_the_name_too(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []
    engine, path = new_database(), tmp_path / "office.backup"
    backed_up(engine, path, settle=lambda it: seen.append((it.suffix, path.exists())))
    assert seen == [(".part", False), ("", True)]


@OF_THE_FILE
def test_a_backup_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    engine = new_database()
    with pytest.raises(Refused) as found:
        backed_up(engine, tmp_path / "nowhere" / "office.backup")
    assert found.value.code == "backup_file_unusable"
    assert found.value.facts["error"] == "FileNotFoundError"


@OF_THE_FILE
def test_a_full_disk_leaves_no_half_backup(tmp_path: Path) -> None:
    engine = new_database()
    fill_every_table(engine)
    with small_disk(tmp_path / "stick", 1) as stick:
        filler = fill(stick)
        with pytest.raises(Unavailable) as found:
            backed_up(engine, stick / "office.backup")
        assert found.value.code == "disk_full"
        assert list(stick.iterdir()) == [filler]
        filler.unlink()
        backed_up(engine, stick / "office.backup")


@OF_THE_FILE
def test_what_the_disk_did_not_keep_is_noticed_and_gets_no_name(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    fill_every_table(engine)

    def lose_a_byte(part: Path) -> None:
        whole = bytearray(part.read_bytes())
        whole[-1] ^= 1
        part.write_bytes(whole)

    with pytest.raises(Refused) as found:
        backed_up(engine, path, settle=lose_a_byte)
    assert found.value.code == "backup_damaged"
    assert list(tmp_path.iterdir()) == []


def test_killed_anywhere_there_is_the_whole_backup_or_none(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    fill_every_table(engine)
    steps: list[int] = []
    backed_up(engine, tmp_path / "first", passed=lambda done, total: steps.append(done))
    before = everything(engine)
    for place in range(1, len(steps) + 1, 5):
        with suppress(KilledError):
            backed_up(engine, path, passed=killing_at(place))
        assert not path.exists()
    for place in (1, 2):
        with suppress(KilledError):
            backed_up(engine, path, settle=killing_at(place))
        assert path.exists() is (place == 2)
    check_backup(path, RING)
    assert everything(engine) == before
    assert {each.name for each in tmp_path.iterdir()} == {"first", path.name}


@OF_THE_FILE
def test_progress_is_told_to_its_end(tmp_path: Path) -> None:
    engine, told = new_database(), list[tuple[int, int]]()
    fill_every_table(engine)
    backed_up(engine, tmp_path / "x", passed=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_row_that_is_none_is_told_by_its_table_and_never_repeated(tmp_path: Path) -> None:
    with an_office() as office:
        office.open(DAY)
        if office.engine.dialect.name != "sqlite":
            backed_up(office.engine, tmp_path / "x")  # it keeps to its types
            return
        with office.uow() as uow:
            uow.session.connection().exec_driver_sql("UPDATE cases SET opened_on = '某甲 4417'")
        with pytest.raises(Refused) as found:
            backed_up(office.engine, tmp_path / "x")
        assert str(found.value) == "row_unreadable(table=cases)"
        assert found.value.__suppress_context__
        assert list(tmp_path.iterdir()) == []


def test_a_backup_needs_one_snapshot(tmp_path: Path) -> None:
    engine = new_database()
    with pytest.raises(RuntimeError, match="only reads"):
        backed_up_by_a_writer(engine, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def backed_up_by_a_writer(engine: Any, path: Path) -> None:
    from workflow.services.backups import back_up

    back_up(lambda: UnitOfWork(engine, RING), path, clock=NOW, version="1", settle=settle)


# ------------------------------------------------------------------ what it tells


def test_nothing_about_people_and_no_key_stands_in_it(tmp_path: Path) -> None:
    site, path = a_site(tmp_path, "disk"), tmp_path / "office.backup"
    site.attach()
    ring = RING.with_new_key()
    backed_up(site.engine, path, ring, files=site.files)
    whole = path.read_bytes()
    with site.uow() as uow:
        rows = uow.session.connection().exec_driver_sql("SELECT wrapped FROM data_keys").all()
    for secret in (*ring.secrets.values(), *(bytes(row[0]) for row in rows), MARK.encode()):
        assert secret not in whole
    assert site.case_id.hex.encode() not in whole
    assert str(site.case_id).encode() not in whole


@OF_THE_FILE
def test_two_backups_share_no_key_and_no_frame(tmp_path: Path) -> None:
    engine = new_database()
    fill_every_table(engine)
    for name in "ab":
        backed_up(engine, tmp_path / name)
    one, other = ((tmp_path / name).read_bytes() for name in "ab")
    assert one[-500:] != other[-500:]


@OF_THE_FILE
def test_without_the_right_ring_it_says_which_key_is_missing(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    backed_up(engine, path)
    for ring, refusal in (
        (KeyRing.generate("k7"), "key_missing"),
        (KeyRing.generate(RING.active), "backup_unreadable"),
    ):
        with pytest.raises(Refused) as found:
            check_backup(path, ring)
        assert found.value.code == refusal
        assert found.value.facts == {"key": RING.active}


@OF_THE_FILE
def test_after_a_rotation_the_old_backup_opens_with_the_new_ring(tmp_path: Path) -> None:
    engine, path = new_database(), tmp_path / "office.backup"
    backed_up(engine, path)
    check_backup(path, RING.with_new_key())


# ------------------------------------------------------------------ while others work


def test_taken_while_others_record_it_is_what_was_recorded_up_to_a_moment(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with an_office(shared_in=tmp_path / "data") as office:
        for number in range(3):
            open_one(office, number)
        writers = Writers(office, first=3)
        with writers:
            backed_up(office.engine, tmp_path / "x", passed=writers.wait_for_more)
        whole, verdict = chains(office), verified(office)
    assert verdict.is_clean
    with an_office(shared_in=tmp_path / "data") as other:
        restored(other.engine, tmp_path / "x")
        assert verified(other).is_clean
        found = chains(other)
    assert 3 <= len(found) < len(whole)
    assert (
        found.items()
        <= {key: chain[: len(found.get(key, ()))] for key, chain in whole.items()}.items()
    )
    assert writers.errors == []


class Writers:
    """Two threads that open cases and record on them until they are left."""

    def __init__(self, office: Office, first: int) -> None:
        self.office, self.errors, self._numbers = (
            office,
            list[BaseException](),
            iter(range(first, 999)),
        )
        self._stop, self._recorded = Event(), Event()
        self._threads = [Thread(target=self._write) for _ in range(2)]
        self._waited = 0

    def __enter__(self) -> Writers:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for each in self._threads:
            each.join(60)

    def wait_for_more(self, done: int, total: int) -> None:
        """Called by the backup in its midst: goes on when something was recorded since."""
        self._waited += 1
        if self._waited <= 3:
            self._recorded.clear()
            assert self._recorded.wait(60)

    def _write(self) -> None:
        try:
            while not self._stop.is_set():
                open_one(self.office, next(self._numbers))
                self._recorded.set()
        except BaseException as error:
            self.errors.append(error)
            raise


def open_one(office: Office, number: int) -> None:
    case_id = UUID(int=0xC000 + number)
    office.open(DAY, case_id=case_id, person_id=UUID(int=0xA000 + number))
    office.record(DAY, detected(DAY, id=str(uuid4())), case_id=case_id)
    office.record(DAY, positive(DAY, id=str(uuid4())), case_id=case_id)


def chains(office: Office) -> dict[str, tuple[bytes, ...]]:
    """The chain of each case, link by link."""
    found: dict[str, tuple[bytes, ...]] = {}
    for case_id, chain in office.rows("SELECT case_id, chain FROM events ORDER BY case_id, seq"):
        found[case_id] = (*found.get(case_id, ()), bytes(chain))
    return found


# ------------------------------------------------------------------ attachments on a disk


def test_attachments_on_a_disk_travel_along_as_they_lie(tmp_path: Path) -> None:
    site, path = a_site(tmp_path, "disk"), tmp_path / "office.backup"
    site.attach()
    done = backed_up(site.engine, path, files=site.files)
    assert (done.files, done.lost, done.left_out) == (1, (), 0)
    with pytest.raises(Refused) as found:
        restored(new_database(), path)
    assert (found.value.code, found.value.facts) == ("attachments_folder_needed", {"count": 1})
    (tmp_path / "new").mkdir()
    other = Site.__new__(Site)
    other.engine, other.files = new_database(), SealedFiles(tmp_path / "new", settle)
    assert restored(other.engine, path, files=other.files).files == 1
    assert other.sealed() == site.sealed()
    assert other.read().content == site.read().content


@OF_THE_FILE
def test_where_nobody_names_their_folder_they_are_left_out_and_counted(tmp_path: Path) -> None:
    site, path = a_site(tmp_path, "disk"), tmp_path / "office.backup"
    site.attach()
    done = backed_up(site.engine, path)
    assert (done.files, done.left_out, done.head.files) == (0, 1, None)
    assert restored(new_database(), path).files == 0


@pytest.mark.parametrize("body", [None, b"another"])
def test_one_that_is_gone_or_changed_stops_nothing_and_is_told(
    tmp_path: Path, body: bytes | None
) -> None:
    site, path = a_site(tmp_path, "disk"), tmp_path / "office.backup"
    attached = site.attach()
    site.attach(UUID(int=2))
    lost = next(p for p in site.on_disk() if p.name.startswith(str(attached.entry.id)))
    lost.unlink() if body is None else lost.write_bytes(body)
    done = backed_up(site.engine, path, files=site.files)
    assert (done.files, done.lost) == (1, (attached.entry.id,))
    check_backup(path, RING)


def test_those_in_the_database_need_no_folder(tmp_path: Path) -> None:
    site, path = a_site(tmp_path, "database"), tmp_path / "office.backup"
    site.attach()
    backed_up(site.engine, path)
    other = Site.__new__(Site)
    other.engine, other.files = new_database(), None
    restored(other.engine, path)
    assert other.read().content == site.read().content
