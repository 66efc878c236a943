"""A backup is put back row by row into an empty database, all of it or none; who was shredded since stays so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from tests import databases
from tests.backups import (
    NOW,
    KilledError,
    backed_up,
    fill_every_table,
    killing_at,
    reading,
    restored,
    rows_of,
)
from tests.builders import CASE, PERSON, RING, Office, an_office, detected, new_database, positive
from tests.counties import a_county
from tests.workflow.store.faults import everything
from workflow.rules.errors import GuituError
from workflow.services.modes import set_demo_today, stamp
from workflow.services.people import shred_person
from workflow.services.rotating import take_up
from workflow.services.verifying import Verdict, verify
from workflow.store import data_keys, dumping, people
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork

DAY = date(2024, 1, 8)
OF_THE_FILE = pytest.mark.databases("sqlite", why="it is about the file, whatever the database")


def refused(engine: Engine, path: Path, ring: KeyRing = RING, **more: Any) -> GuituError:
    """What a restore refuses; the database is as it was."""
    before = everything(engine)
    with pytest.raises(GuituError) as found:
        restored(engine, path, ring, **more)
    assert everything(engine) == before
    return found.value


def verified(office: Office) -> Verdict:
    return verify(reading(office.engine), packs=office.packs, calendar=office.calendar)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a database with rows in every table."""
    engine = new_database()
    fill_every_table(engine)
    backed_up(engine, tmp_path / "office.backup")
    return tmp_path / "office.backup"


# ------------------------------------------------------------------ row by row


def test_every_row_of_every_table_comes_back_as_it_was(tmp_path: Path) -> None:
    engine, other = new_database(), new_database()
    fill_every_table(engine)
    before = everything(engine)
    assert all(before.values())
    backed_up(engine, tmp_path / "x")
    done = restored(other, tmp_path / "x")
    assert everything(other) == before
    assert done.rows == sum(map(len, before.values()))


@pytest.mark.postgres
@pytest.mark.databases("none")
def test_an_office_moves_from_one_database_to_the_other_and_back(tmp_path: Path) -> None:
    with databases.on("sqlite"):
        engine = new_database()
        fill_every_table(engine)
        before = everything(engine)
        backed_up(engine, tmp_path / "first")
    with databases.on("postgres"):
        engine = new_database()
        restored(engine, tmp_path / "first")
        assert everything(engine) == before
        backed_up(engine, tmp_path / "second")
    with databases.on("sqlite"):
        engine = new_database()
        restored(engine, tmp_path / "second")
        assert everything(engine) == before


def test_more_rows_than_lie_in_memory_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumping, "AT_ONCE", 2)
    monkeypatch.setattr("workflow.services.backup_files.FULL", 1)
    engine, other = new_database(), new_database()
    fill_every_table(engine)
    backed_up(engine, tmp_path / "x")
    restored(other, tmp_path / "x")
    assert everything(other) == everything(engine)


def test_a_lived_in_county_verifies_clean_to_the_same_root_and_lives_on(tmp_path: Path) -> None:
    with a_county() as county, an_office() as other:
        county.in_detox("north", "甲", DAY)
        county.in_detox("south", "乙", DAY, ("w3",))
        county.tick(date(2024, 2, 20))
        backed_up(county.engine, tmp_path / "x")
        restored(other.engine, tmp_path / "x")
        verdict = verified(other)
        assert verdict.is_clean
        assert verdict.root == verified(county).root
        later = date(2024, 4, 2)
        assert other.tick(later).notices == county.tick(later).notices > 0
        assert verified(other).is_clean


def test_rows_that_the_database_refuses_are_told_by_their_table(tmp_path: Path) -> None:
    """SQLite takes a text of any length; PostgreSQL does not."""
    with databases.on("sqlite"), new_database().connect() as connection:
        connection.exec_driver_sql("INSERT INTO stamps VALUES ('某甲 4417', ?)", ("x" * 201,))
        connection.commit()
        backed_up(connection.engine, tmp_path / "x")
    engine = new_database()
    if engine.dialect.name == "sqlite":
        restored(engine, tmp_path / "x")
    else:
        error = refused(engine, tmp_path / "x")
        assert str(error) == "rows_not_kept(table=stamps)"
        assert error.__suppress_context__


def test_what_the_database_keeps_otherwise_is_noticed(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        dumping.Filling, "close", lambda self: None
    )  # the references that come last
    assert str(refused(new_database(), backup)) == "rows_not_kept(table=people)"


# ------------------------------------------------------------------ only into an empty database


def test_a_database_that_holds_anything_is_left_alone(backup: Path) -> None:
    engine = new_database()
    with UnitOfWork(engine, RING) as uow:
        people.add(uow.session, RING, PERSON, people.Profile(), NOW.now)
    assert refused(engine, backup).code == "database_not_empty"


def test_what_a_migration_wrote_gives_way(backup: Path) -> None:
    engine, newer = new_database(), RING.with_new_key()
    with UnitOfWork(engine, newer) as uow:
        stamp(uow, "production")
        take_up(uow, NOW.today)
    restored(engine, backup, newer)
    assert not [row for row in everything(engine)["stamps"] if "key_check:k2" in row]


def test_twice_is_once(backup: Path) -> None:
    engine = new_database()
    restored(engine, backup)
    assert refused(engine, backup).code == "database_not_empty"


def test_of_two_at_once_one_finds_the_database_filled(backup: Path, tmp_path: Path) -> None:
    engine = new_database(shared_in=tmp_path)
    with UnitOfWork(engine, RING) as uow:
        take_up(uow, NOW.today)

    def one(_: int) -> str:
        try:
            restored(engine, backup)
        except GuituError as error:
            return error.code
        return "restored"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(one, range(2))) == ["database_not_empty", "restored"]
    assert all(everything(engine).values())


def test_a_backup_of_another_schema_is_refused_with_both_named(backup: Path) -> None:
    engine = new_database()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    error = refused(engine, backup)
    assert error.code == "backup_of_other_schema"
    assert (error.facts["ours"], error.facts["version"]) == ("later", "1")


@OF_THE_FILE
def test_no_demo_comes_into_an_office_nor_the_other_way(tmp_path: Path) -> None:
    demo, office = new_database(), new_database()
    with UnitOfWork(demo, RING) as uow:
        stamp(uow, "demo")
        set_demo_today(uow, DAY)
    with UnitOfWork(office, RING) as uow:
        stamp(uow, "production")
    backed_up(demo, tmp_path / "demo")
    backed_up(office, tmp_path / "office")
    assert refused(office, tmp_path / "demo").code == "office_database"
    assert refused(demo, tmp_path / "office").code == "demo_database"
    restored(new_database(), tmp_path / "demo")


def test_a_ring_that_opens_the_file_and_not_the_keys_in_it_is_refused(tmp_path: Path) -> None:
    engine, both = new_database(), RING.with_new_key()
    with UnitOfWork(engine, RING) as uow:
        data_keys.make(uow.session, RING, PERSON)
    backed_up(engine, tmp_path / "x", both)
    only_new = both.without(RING.active)
    assert refused(new_database(), tmp_path / "x", only_new).code == "key_ring_wrong"
    restored(new_database(), tmp_path / "x", both)


# ------------------------------------------------------------------ all or nothing


def test_stopped_anywhere_nothing_is_there(backup: Path) -> None:
    steps: list[int] = []
    restored(new_database(), backup, passed=lambda done, total: steps.append(done))
    engine = new_database()
    empty = everything(engine)
    for place in range(1, len(steps) + 1, 5):
        with pytest.raises(KilledError):
            restored(engine, backup, passed=killing_at(place))
        assert everything(engine) == empty
    restored(engine, backup)
    assert steps == sorted(steps)


@OF_THE_FILE
def test_a_backup_cut_short_or_changed_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    whole, cut, engine = backup.read_bytes(), tmp_path / "cut", new_database()
    for size in range(0, len(whole), len(whole) // 6):
        cut.write_bytes(whole[:size])
        assert refused(engine, cut).code == "backup_damaged"
    for place in range(0, len(whole), len(whole) // 6):
        changed = bytearray(whole)
        changed[place] ^= 4
        cut.write_bytes(changed)
        assert refused(engine, cut).code == "backup_damaged"


KILLED = """
import os, signal, sys
from itertools import count
from pathlib import Path
from tests.backups import restored
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing
url, path, ring, place = sys.argv[1:]
called = count(1)
def passed(done, total):
    if next(called) == int(place):
        os.kill(os.getpid(), signal.SIGKILL)
restored(make_engine(url), Path(path), KeyRing.parse(ring), passed=passed)
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", [3, 40])
def test_a_process_that_is_killed_leaves_nothing(backup: Path, tmp_path: Path, place: int) -> None:
    engine = new_database(shared_in=tmp_path)
    empty = everything(engine)
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED, url, str(backup), RING.text, str(place)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": "."}, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert everything(engine) == empty
    restored(engine, backup)


# ------------------------------------------------------------------ who was shredded since


@pytest.fixture
def before_it(tmp_path: Path) -> Path:
    """A backup of two persons with open cases, made before one of them was shredded."""
    with an_office() as office:
        office.open(DAY)
        office.record(DAY, detected(DAY), positive(DAY))
        office.open(DAY, case_id=UUID(int=2), person_id=UUID(int=3), name="乙")
        office.tick(DAY)
        backed_up(office.engine, tmp_path / "before")
    return tmp_path / "before"


@OF_THE_FILE
def test_without_the_list_an_older_backup_brings_the_key_back(before_it: Path) -> None:
    with an_office() as office:
        assert restored(office.engine, before_it).withheld == 0
        with office.uow() as uow:
            assert people.name_of(uow.session, RING, PERSON) == "某甲"


def test_whoever_is_on_the_list_stays_unreadable_for_good(before_it: Path) -> None:
    with an_office() as office:
        done = restored(office.engine, before_it, shredded=frozenset({PERSON, UUID(int=99)}))
        assert (done.withheld, done.ended) == (1, (CASE,))
        with office.uow() as uow:
            assert people.name_of(uow.session, RING, PERSON) is None
            assert people.name_of(uow.session, RING, UUID(int=3)) == "乙"
        assert not rows_of(office.engine, "person_marks", "person_id", PERSON)
        (row,) = rows_of(office.engine, "people", "id", PERSON)
        assert (row.profile, row.changed_by) == (None, "guitu restore")


def test_the_case_of_one_who_stays_shredded_is_over_and_troubles_nobody(before_it: Path) -> None:
    with an_office() as office:
        restored(office.engine, before_it, shredded=frozenset({PERSON}))
        assert office.tick(date(2024, 5, 6)).failures == ()
        (case,) = rows_of(office.engine, "cases", "id", CASE)
        assert (case.ended_on, case.next_change_on) == (NOW.today, None)
        for table in ("obligations", "rungs", "chairs"):
            assert not rows_of(office.engine, table, "case_id", CASE)
        assert len(rows_of(office.engine, "events", "case_id", CASE)) == 3
        verdict = verified(office)
        assert (verdict.is_clean, verdict.shredded) == (True, 1)


@pytest.mark.databases("sqlite", why="it searches the file")
def test_the_key_was_never_in_the_file_of_the_new_database(before_it: Path, tmp_path: Path) -> None:
    old, engine = new_database(), new_database(tmp_path / "new.db")
    restored(old, before_it)
    (key,) = rows_of(old, "data_keys", "owner_id", PERSON)
    restored(engine, before_it, shredded=frozenset({PERSON}))
    files = list(tmp_path.glob("new.db*"))
    assert files
    assert not [file for file in files if key.wrapped in file.read_bytes()]


def test_a_backup_made_after_the_shredding_needs_no_list(tmp_path: Path) -> None:
    with an_office() as office, an_office() as other:
        with office.uow() as uow:
            people.add(uow.session, RING, PERSON, people.Profile(name="某甲"), NOW.now)
        with office.uow() as uow:
            shred_person(uow, PERSON, clock=NOW, by="w1")
        backed_up(office.engine, tmp_path / "x")
        done = restored(other.engine, tmp_path / "x", shredded=frozenset({PERSON}))
        assert done.withheld == 0
        assert everything(other.engine) == everything(office.engine)
