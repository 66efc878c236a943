"""A rotation of the keys: killed anywhere it ends complete, everything is readable throughout, and nothing is under the old key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, update

from tests import databases
from tests.databases import new_database
from workflow.rules.errors import Refused
from workflow.services import rotating
from workflow.services.key_files import KeyFile
from workflow.services.rotating import Rotation, confirm_ring, next_ring, renew, retire, rotate
from workflow.store import data_keys, key_checks, marks, people
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 4, tzinfo=UTC)
STAFF, SHREDDED = UUID(int=900), UUID(int=901)


def somebody(number: int) -> Profile:
    return Profile(name=f"某{number}", born=date(1980, 1, number), phones=(f"1390000{number:04}",))


PEOPLE = {UUID(int=number): somebody(number) for number in range(1, 4)}


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


class Site:
    """A database, and a ring file whose server follows it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.on_disk: Callable[[], None] = lambda: None
        self.file = KeyFile(folder / "guitu.keys", lambda path: self.on_disk())
        self.file.create(KeyRing.generate().text)
        self.begun_with = self.file.followed()
        self.lines: list[Any] = []
        event.listen(engine, "connect", lambda line, _: self.lines.append(line))

    def uow(self) -> UnitOfWork:
        """As a server has it that was started before the rotation."""
        return UnitOfWork(self.engine, self.begun_with.newest)

    def under(self, ring: KeyRing) -> UnitOfWork:
        return UnitOfWork(self.engine, ring)

    def fill(self) -> None:
        with self.uow() as uow:
            rotating.take_up(uow, TODAY)
            for person_id, profile in PEOPLE.items():
                people.add(uow.session, uow.ring, person_id, profile, NOW)
            data_keys.make(uow.session, uow.ring, STAFF)
            people.add(uow.session, uow.ring, SHREDDED, somebody(9), NOW)
            people.shred(uow.session, SHREDDED, at=NOW, by="w1")

    def rotate(self) -> Rotation:
        """As `guitu keys rotate` does it."""
        with self.uow() as uow:
            renew(uow, self.file)
        return rotate(self.uow, today=TODAY, at_once=2)

    def see_that_everything_is_readable(self, ring: KeyRing | None = None) -> None:
        with self.under(ring or self.file.read()) as uow:
            if ring is None:
                confirm_ring(uow)
            assert people.profiles_of(uow.session, uow.ring, PEOPLE) == PEOPLE
            assert data_keys.of(uow.session, uow.ring, STAFF).owner == STAFF
            for person_id, profile in PEOPLE.items():
                for kind, text in profile.findable:
                    assert people.with_mark(uow.session, uow.ring, kind, text) == [person_id]

    def see_that_all_is_under(self, key_id: str) -> None:
        with self.uow() as uow:
            assert data_keys.count_by_root(uow.session) == {key_id: len(PEOPLE) + 1}
            assert marks.count_by_root(uow.session) == {key_id: 2 * len(PEOPLE)}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with a_site(tmp_path) as found:
        yield found


@contextmanager
def a_site(folder: Path) -> Iterator[Site]:
    found = Site(new_database(shared_in=folder), folder)
    found.fill()
    try:
        yield found
    finally:
        databases.drop(found.engine)


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as found:
        act()
    return found.value


# ------------------------------------------------------------------ a rotation


def test_a_rotation_moves_every_key_and_mark(site: Site) -> None:
    steps: list[tuple[int, int]] = []
    with site.uow() as uow:
        renew(uow, site.file)
    done = rotate(site.uow, today=TODAY, passed=lambda *step: steps.append(step), at_once=2)
    assert done == Rotation(len(PEOPLE) + 1, len(PEOPLE), ())
    assert steps == [(2, 7), (4, 7), (5, 7), (6, 7), (7, 7)]
    site.see_that_all_is_under("k2")
    site.see_that_everything_is_readable()
    site.see_that_everything_is_readable(site.begun_with)
    alone = site.file.read().without("k1")
    site.see_that_everything_is_readable(alone)


def test_a_second_run_moves_nothing_and_a_second_rotation_makes_another_key(site: Site) -> None:
    site.rotate()
    assert rotate(site.uow, today=TODAY) == Rotation(0, 0, ())
    assert list(site.file.read().secrets) == ["k1", "k2"]
    site.rotate()
    assert list(site.file.read().secrets) == ["k1", "k2", "k3"]
    site.see_that_all_is_under("k3")


def test_whose_key_does_not_open_is_told_and_stops_nobody(site: Site) -> None:
    lost = UUID(int=2)
    with site.uow() as uow:
        damaged = update(data_keys.DATA_KEYS).where(data_keys.DATA_KEYS.c.owner_id == lost)
        uow.session.execute(damaged.values(wrapped=b"damaged"))
    assert site.rotate() == Rotation(len(PEOPLE), len(PEOPLE) - 1, (lost,))
    assert site.rotate() == Rotation(len(PEOPLE), len(PEOPLE) - 1, (lost,))
    with site.uow() as uow:
        confirm_ring(uow)


def test_a_prepared_key_wraps_nothing_until_the_next_call(site: Site) -> None:
    for _ in range(2):
        with site.uow() as uow:
            renew(uow, site.file, prepare=True)
    with site.uow() as uow:
        found = [(key.id, key.active, key.since) for key in rotating.standing(uow)]
    assert found == [("k1", True, TODAY), ("k2", False, None)]
    site.see_that_all_is_under("k1")
    site.rotate()
    assert list(site.file.read().secrets) == ["k1", "k2"]
    site.see_that_all_is_under("k2")


def test_nothing_is_prepared_while_a_rotation_is_under_way(site: Site) -> None:
    with site.uow() as uow:
        renew(uow, site.file)
    with site.uow() as uow:
        assert refused(lambda: renew(uow, site.file, prepare=True)).code == "rotation_under_way"


def test_a_ring_in_a_setting_is_only_given_back(site: Site) -> None:
    old = site.file.read()
    with site.under(old) as uow:
        new = next_ring(uow, old)
    assert (new.active, list(new.secrets)) == ("k2", ["k1", "k2"])
    assert site.file.read() == old
    assert rotate(lambda: site.under(new), today=TODAY).data_keys == len(PEOPLE) + 1
    with site.under(new) as uow:
        assert list(next_ring(uow, new).secrets) == ["k1", "k2", "k3"]
        assert list(retire(uow, None, "k1").secrets) == ["k2"]


def test_an_id_that_the_database_knows_is_never_given_to_another_key(site: Site) -> None:
    old = site.file.read()
    with site.under(old) as uow:
        key_checks.put(uow.session, KeyRing.generate("k7").current, TODAY)
        assert next_ring(uow, old).active == "k8"


# ------------------------------------------------------------------ killed anywhere


@contextmanager
def killed_at(site: Site, place: int) -> Iterator[list[int]]:
    """Ends the program before its nth statement, commit or write to the disk; the list counts them."""
    passed = [0]

    def pass_one(*_: Any) -> None:
        passed[0] += 1
        if passed[0] == place:
            raise KilledError

    site.on_disk = pass_one
    for name in ("before_cursor_execute", "commit"):
        event.listen(site.engine, name, pass_one)
    try:
        yield passed
    finally:
        site.on_disk = lambda: None
        for name in ("before_cursor_execute", "commit"):
            event.remove(site.engine, name, pass_one)
        for line in site.lines:  # a process that is killed says no goodbye
            line.close()
        site.engine.dispose()


def places(folder: Path) -> int:
    """How many places there are at which a rotation can be killed."""
    with a_site(folder) as site, killed_at(site, 0) as passed:
        site.rotate()
    return passed[0]


@pytest.mark.slow
def test_killed_anywhere_and_run_again_it_ends_complete(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    last = places(tmp_path / "whole")
    assert last > 50
    for place in range(1, last + 1):
        folder = tmp_path / str(place)
        folder.mkdir()
        with a_site(folder) as site:
            with suppress(KilledError), killed_at(site, place) as passed:
                site.rotate()
            assert passed[0] == place
            site.see_that_everything_is_readable()
            site.see_that_everything_is_readable(site.begun_with)
            site.rotate()
            site.see_that_all_is_under("k2")
            site.see_that_everything_is_readable()
            assert list(site.file.read().secrets) == ["k1", "k2"]


def test_killed_again_and_again_it_ends_complete(site: Site) -> None:
    for place in range(5, 200, 10):
        with suppress(KilledError), killed_at(site, place):
            site.rotate()
            break
        site.see_that_everything_is_readable()
    site.see_that_all_is_under("k2")
    assert list(site.file.read().secrets) == ["k1", "k2"]


# ------------------------------------------------------------------ while servers work


def half_way(site: Site) -> None:
    """A rotation that was killed after some people: two keys are moved, and no mark."""

    def passed(done: int, total: int) -> None:
        raise KilledError

    with site.uow() as uow:
        renew(uow, site.file)
    with suppress(KilledError):
        rotate(site.uow, today=TODAY, passed=passed, at_once=2)


def test_a_server_with_the_old_ring_reads_what_was_not_moved_and_follows_the_file(
    site: Site,
) -> None:
    old = KeyRing.parse(site.begun_with.text)
    half_way(site)
    with site.under(old) as uow:
        assert people.profile_of(uow.session, uow.ring, UUID(int=3)) == PEOPLE[UUID(int=3)]
        moved = refused(lambda: people.profile_of(uow.session, uow.ring, UUID(int=1)))
        assert (moved.code, moved.facts) == ("key_missing", {"key": "k2"})
    with site.under(site.begun_with) as uow:  # a request that had begun before
        assert people.profiles_of(uow.session, uow.ring, PEOPLE) == PEOPLE
    site.see_that_everything_is_readable(site.begun_with.newest)


def test_whoever_is_registered_meanwhile_is_moved_too(site: Site) -> None:
    half_way(site)
    late = UUID(int=500)
    with site.under(site.begun_with) as uow:  # wraps with the key that was active when it began
        people.add(uow.session, uow.ring, late, somebody(8), NOW)
    site.rotate()
    with site.under(site.file.read().without("k1")) as uow:
        assert people.profile_of(uow.session, uow.ring, late) == somebody(8)


@pytest.mark.slow
def test_servers_read_and_register_while_keys_are_rotated(site: Site) -> None:
    over = Event()
    with ThreadPoolExecutor(4) as pool:
        servers = [pool.submit(work, site, number, over) for number in range(4)]
        for _ in range(3):
            site.rotate()
        over.set()
        made = [person_id for server in servers for person_id in server.result()]
    assert len(made) >= 4
    site.rotate()
    last = site.file.read()
    with site.under(KeyRing(last.active, {last.active: last.secrets[last.active]})) as uow:
        assert people.profiles_of(uow.session, uow.ring, made).keys() == set(made)
        assert set(marks.count_by_root(uow.session)) == {last.active}


def work(site: Site, number: int, over: Event) -> list[UUID]:
    """A server that registers somebody and reads everybody, again and again."""
    made: list[UUID] = []
    while not over.is_set() or not made:
        made.append(UUID(int=1000 + number + 4 * len(made)))
        with site.uow() as uow:
            people.add(uow.session, uow.ring, made[-1], Profile(name="某甲"), NOW)
        with UnitOfWork(site.engine, site.begun_with.newest, reading=True) as uow:
            assert people.profile_of(uow.session, uow.ring, made[-1])
            assert people.profiles_of(uow.session, uow.ring, PEOPLE) == PEOPLE
    return made


def test_two_rotations_at_once_make_one_key(site: Site) -> None:
    half_way(site)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(rotate, site.uow, today=TODAY, at_once=1) for _ in range(2)]
        done = [one.result() for one in both]
    assert sum(each.data_keys for each in done) == 2
    assert list(site.file.read().secrets) == ["k1", "k2"]
    site.see_that_all_is_under("k2")
    site.see_that_everything_is_readable()


# ------------------------------------------------------------------ retiring and losing keys


def test_a_key_is_retired_when_nothing_needs_it(site: Site) -> None:
    half_way(site)
    with site.uow() as uow:
        early = refused(lambda: retire(uow, site.file, "k1"))
        assert early.code == "key_in_use"
        assert early.facts == {"key": "k1", "data_keys": 2, "marks": 2 * len(PEOPLE)}
        assert refused(lambda: retire(uow, site.file, "k2")).code == "key_active"
        assert refused(lambda: retire(uow, site.file, "k9")).code == "key_missing"
    site.rotate()
    with site.uow() as uow:
        retire(uow, site.file, "k1")
    assert list(site.file.read().secrets) == ["k2"]
    site.see_that_everything_is_readable()
    with site.uow() as uow:
        assert [key.id for key in rotating.standing(uow)] == ["k2"]


def test_a_mark_alone_keeps_its_key(site: Site) -> None:
    site.rotate()
    with site.uow() as uow:
        left = update(marks.MARKS).where(marks.MARKS.c.person_id == UUID(int=1))
        uow.session.execute(left.values(root_key="k1"))
        found = refused(lambda: retire(uow, site.file, "k1"))
        assert found.facts == {"key": "k1", "data_keys": 0, "marks": 2}


@pytest.mark.parametrize("place", range(1, 12))
def test_retiring_killed_anywhere_loses_nothing(site: Site, place: int) -> None:
    site.rotate()
    with suppress(KilledError), killed_at(site, place), site.uow() as uow:
        retire(uow, site.file, "k1")
    site.see_that_everything_is_readable()
    with site.under(site.file.read()) as uow, suppress(Refused):  # key_missing: it was done
        retire(uow, site.file, "k1")
    assert list(site.file.read().secrets) == ["k2"]
    site.see_that_everything_is_readable()


def test_without_the_row_of_their_key_a_person_is_unreadable_for_good(site: Site) -> None:
    lost = UUID(int=1)
    with site.uow() as uow:
        people.shred(uow.session, lost, at=NOW, by="w1")
    for _ in range(2):
        with site.uow() as uow:
            assert people.profile_of(uow.session, uow.ring, lost) is None
            assert refused(lambda: data_keys.of(uow.session, uow.ring, lost)).code == "key_shredded"
        assert site.rotate().failed == ()


def test_marks_that_outlived_a_key_go_with_the_next_rotation(site: Site) -> None:
    with site.uow() as uow:
        data_keys.shred(uow.session, UUID(int=1))
    site.rotate()
    with site.uow() as uow:
        assert marks.count_by_root(uow.session) == {"k2": 2 * (len(PEOPLE) - 1)}
        retire(uow, site.file, "k1")


# ------------------------------------------------------------------ the wrong ring


def test_another_ring_is_refused(site: Site) -> None:
    for ring in (KeyRing.generate(), KeyRing.generate("k7")):
        with site.under(ring) as uow:
            assert refused(lambda: confirm_ring(uow)).code == "key_ring_wrong"
    with site.under(site.file.read()) as uow:
        confirm_ring(uow)


def test_a_ring_older_than_the_database_is_refused(site: Site) -> None:
    old = site.file.read()
    half_way(site)
    with site.under(old) as uow:
        found = refused(lambda: confirm_ring(uow))
    assert (found.code, found.facts) == ("key_ring_wrong", {"key": "k2"})


def test_another_ring_is_refused_by_an_empty_database_too() -> None:
    engine = new_database()
    ring = KeyRing.generate()
    with UnitOfWork(engine, ring) as uow:
        assert not rotating.knows_a_ring(uow)
        confirm_ring(uow)
        rotating.take_up(uow, TODAY)
        assert rotating.knows_a_ring(uow)
    for other in (KeyRing.generate(), KeyRing.generate("k7")):
        with UnitOfWork(engine, other) as uow:
            assert refused(lambda: confirm_ring(uow)).code == "key_ring_wrong"


def test_a_database_without_checks_is_tried_with_one_of_its_keys(site: Site) -> None:
    with site.uow() as uow:
        key_checks.drop(uow.session, "k1")
        assert rotating.knows_a_ring(uow)
        confirm_ring(uow)
    with site.under(KeyRing.generate()) as uow:
        assert refused(lambda: confirm_ring(uow)).code == "key_ring_wrong"
