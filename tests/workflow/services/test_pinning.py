"""A case keeps the pack it was opened under, as it then was, until somebody pins another."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select, text, update

from tests.builders import RING, new_database
from workflow.rules.errors import NotFound
from workflow.rules.pack import Pack
from workflow.services.clock import Instant
from workflow.services.pack_contents import content_of, digest_of
from workflow.services.packs import PackRefused, load_pack, shipped_packs
from workflow.services.pinning import (
    PackChange,
    StoredPacks,
    answers_to,
    pack_changes,
    packs_within,
    pin_new_case,
    pinned,
    re_pin,
    stored_packs,
)
from workflow.services.projecting import Packs
from workflow.store import cases, people, stamps
from workflow.store import packs as kept_packs
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork

TODAY = date(2026, 11, 30)
CLOCK = Instant.on(TODAY)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NATIONAL = load_pack("cn-national")
STRICTER = replace(NATIONAL, thresholds=replace(NATIONAL.thresholds, tests_missed=2))
OLD = replace(STRICTER, version="2020.1")


@pytest.fixture
def engine() -> Engine:
    return new_database()


def make_uow(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine, RING)


def packs_of(engine: Engine) -> StoredPacks:
    return stored_packs(lambda: UnitOfWork(engine, RING, reading=True))


def giving(pack: Pack) -> Packs:
    """An earlier or a later release, which ships this pack."""
    return lambda name: pack


def put_down(uow: UnitOfWork, next_on: date | None = None) -> UUID:
    """A case that nobody has pinned yet."""
    case_id, person_id = uuid4(), uuid4()
    people.add(uow.session, uow.ring, person_id, Profile(), CLOCK.now)
    cases.add(
        uow.session,
        case_id,
        person_id=person_id,
        policy="cn-national",
        team="recorded",
        opened_on=TODAY,
        next_change_on=next_on,
    )
    return case_id


def a_case(
    engine: Engine, packs: Packs = load_pack, policy: str = "cn-national", **more: Any
) -> UUID:
    """A case, and the pack that it was pinned to as it was opened."""
    with make_uow(engine) as uow:
        case_id = put_down(uow, **more)
        pin_new_case(uow, case_id, policy, packs=packs, clock=CLOCK, by="w1")
    return case_id


def pin_again(
    engine: Engine, case_id: UUID, policy: str, packs: Packs = load_pack, at: datetime = CLOCK.now
) -> str:
    with make_uow(engine) as uow:
        return re_pin(uow, case_id, policy, packs=packs, clock=Instant.at(at), by="admin")


def row_of(engine: Engine, case_id: UUID) -> Any:
    with make_uow(engine) as uow:
        return cases.find(uow.session, case_id)


def damage(engine: Engine, **values: Any) -> None:
    """Write over what is kept, as nobody should."""
    with engine.begin() as connection:
        connection.execute(update(kept_packs.PACKS).values(values))


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    told: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield told
    event.remove(engine, "before_cursor_execute", note)


# ------------------------------------------------------------------ pinning


def test_a_new_case_is_pinned_to_the_version_that_ships_now(engine: Engine) -> None:
    case_id = a_case(engine)
    with make_uow(engine) as uow:
        (pin,) = kept_packs.pins_of(uow.session, case_id)
        assert pinned(uow, case_id) == NATIONAL.name == "cn-national@2026.11"
    assert (pin.number, pin.recorded_at, pin.recorded_by) == (1, CLOCK.now, "w1")
    assert row_of(engine, case_id).policy == NATIONAL.name


def test_the_whole_pack_is_kept_once_however_many_cases_are_pinned_to_it(engine: Engine) -> None:
    for _ in range(3):
        a_case(engine)
    a_case(engine, policy="shanghai")
    with make_uow(engine) as uow:
        assert kept_packs.names(uow.session) == [NATIONAL.name, load_pack("shanghai").name]
        row = kept_packs.find(uow.session, NATIONAL.name)
    assert row is not None
    assert row.content == content_of(NATIONAL)
    assert row.digest == digest_of(row.content)


def test_a_case_under_no_pack_is_not_opened(engine: Engine) -> None:
    with pytest.raises(PackRefused):
        a_case(engine, policy="nowhere")
    with make_uow(engine) as uow:
        assert uow.session.execute(select(func.count()).select_from(kept_packs.PINS)).scalar() == 0


def test_another_pack_counts_from_its_pin_on_and_the_case_is_looked_at_today(
    engine: Engine,
) -> None:
    case_id = a_case(engine, next_on=TODAY + 9 * DAY)
    assert pin_again(engine, case_id, "shanghai") == "shanghai@2026.11"
    row = row_of(engine, case_id)
    assert (row.policy, row.next_change_on) == ("shanghai@2026.11", TODAY)
    with make_uow(engine) as uow:
        assert [pin.number for pin in kept_packs.pins_of(uow.session, case_id)] == [1, 2]


def test_a_case_that_waits_for_nothing_is_looked_at_too(engine: Engine) -> None:
    case_id = a_case(engine, next_on=None)
    pin_again(engine, case_id, "shanghai")
    assert row_of(engine, case_id).next_change_on == TODAY


def test_days_that_no_sweep_has_told_yet_are_not_lost(engine: Engine) -> None:
    early, late = (a_case(engine, next_on=TODAY + days * DAY) for days in (-9, 9))
    with make_uow(engine) as uow:
        stamps.put(uow.session, cases.SWEPT_THROUGH, (TODAY - 4 * DAY).isoformat())
    for case_id in (early, late):
        pin_again(engine, case_id, "shanghai")
    assert row_of(engine, early).next_change_on == TODAY - 9 * DAY
    assert row_of(engine, late).next_change_on == TODAY - 3 * DAY


@pytest.mark.parametrize("policy", ["cn-national", "cn-national@2026.11"])
def test_pinning_what_counts_already_writes_nothing(engine: Engine, policy: str) -> None:
    case_id = a_case(engine, next_on=TODAY + 9 * DAY)
    pin_again(engine, case_id, policy)
    with make_uow(engine) as uow:
        assert len(kept_packs.pins_of(uow.session, case_id)) == 1
    assert row_of(engine, case_id).next_change_on == TODAY + 9 * DAY


def test_what_cannot_be_pinned_changes_nothing(engine: Engine) -> None:
    case_id = a_case(engine)
    with pytest.raises(PackRefused):
        pin_again(engine, case_id, "cn-national@2031.1")
    with pytest.raises(NotFound):
        pin_again(engine, uuid4(), "shanghai")
    assert row_of(engine, case_id).policy == NATIONAL.name


@pytest.mark.databases
def test_a_request_is_answered_by_the_pin_that_it_led_to() -> None:
    """Opening a case twice is harmless, even when a new version was shipped in between."""
    assert answers_to("cn-national@2026.11", "cn-national")
    assert answers_to("cn-national@2026.11", "cn-national@2026.11")
    assert not answers_to("cn-national@2026.11", "cn-national@2027.1")
    assert not answers_to("cn-national@2026.11", "cn")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policies=st.lists(st.sampled_from(shipped_packs()), max_size=5))
def test_what_counted_at_an_instant_never_changes(engine: Engine, policies: list[str]) -> None:
    case_id, now = a_case(engine), CLOCK.now
    counted_then = [(now, NATIONAL.name)]
    for policy in policies:
        now += HOUR
        counted_then.append((now, pin_again(engine, case_id, policy, at=now)))
    with make_uow(engine) as uow:
        for instant, name in counted_then:
            assert pinned(uow, case_id, instant) == name
            assert pinned(uow, case_id, instant + HOUR / 2) == name
        assert pinned(uow, case_id) == counted_then[-1][1]
        with pytest.raises(NotFound):
            pinned(uow, case_id, CLOCK.now - HOUR)


# ------------------------------------------------------------------ what is kept counts


def test_a_pack_outlives_the_release_that_shipped_it(engine: Engine) -> None:
    case_id = a_case(engine, giving(OLD))
    name = row_of(engine, case_id).policy
    assert name == "cn-national@2020.1"
    assert packs_of(engine)(name) == OLD
    with make_uow(engine) as uow:
        assert pack_changes(uow) == []


def test_a_file_changed_under_an_unchanged_version_changes_no_case(engine: Engine) -> None:
    """An earlier release shipped the same name with another number."""
    a_case(engine, giving(STRICTER))
    assert STRICTER.name == NATIONAL.name
    packs = packs_of(engine)
    assert packs(NATIONAL.name).thresholds.tests_missed == 2
    with make_uow(engine) as uow:
        assert pack_changes(uow) == [PackChange(NATIONAL.name, "changed")]
    later = a_case(engine, packs)
    assert row_of(engine, later).policy == NATIONAL.name
    assert packs_of(engine)(NATIONAL.name) == STRICTER, "one name has one content"


def test_what_ships_unchanged_is_the_very_pack_that_ships(engine: Engine) -> None:
    a_case(engine)
    assert packs_of(engine)(NATIONAL.name) is NATIONAL


def test_an_id_alone_is_the_pack_as_it_is_now_and_what_is_nowhere_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    packs = packs_of(engine)
    assert packs("shanghai") is load_pack("shanghai")
    assert packs("shanghai@2026.11") is load_pack("shanghai")
    for name in ("nowhere", "nowhere@1", "cn-national@2020.1", str(tmp_path / "nowhere.toml")):
        with pytest.raises(PackRefused):
            packs(name)


def test_a_pack_that_is_known_costs_no_query(engine: Engine) -> None:
    name = row_of(engine, a_case(engine, giving(OLD))).policy
    packs = packs_of(engine)
    with counted(engine) as first:
        packs(name)
    with counted(engine) as again:
        packs(name)
        packs("shanghai")
    assert (len([one for one in first if "FROM packs" in one]), again) == (1, [])


def test_whoever_pins_a_pack_knows_it_without_asking_again(engine: Engine) -> None:
    """In memory there is one connection, and a recording asks while it holds it."""
    packs = packs_of(engine)
    a_case(engine, packs)
    with make_uow(engine) as uow:
        put_down(uow)
        assert packs(NATIONAL.name) is NATIONAL


def test_within_a_transaction_no_second_one_is_asked(engine: Engine) -> None:
    """A program whose connections were all waiting for one more would stand still."""
    name = row_of(engine, a_case(engine, giving(OLD))).policy
    packs = packs_of(engine)
    with make_uow(engine) as uow:
        put_down(uow)
        find = packs_within(uow, packs)
        assert find(name) == OLD
        assert find("shanghai@2026.11") is find("shanghai") is load_pack("shanghai")
        assert packs(name) is find(name)
        assert packs_within(uow, load_pack) is load_pack


def test_what_came_to_nothing_is_forgotten(engine: Engine) -> None:
    packs = packs_of(engine)
    with make_uow(engine) as uow:
        case_id = put_down(uow)
    uow = make_uow(engine).__enter__()
    pin_new_case(uow, case_id, "cn-national", packs=packs, clock=CLOCK, by="w1")
    uow.__exit__(KeyError, KeyError(), None)
    a_case(engine, giving(STRICTER))  # another release was quicker
    assert packs(NATIONAL.name) == STRICTER


def test_many_threads_may_ask_while_somebody_writes(tmp_path: Path) -> None:
    engine = new_database(shared_in=tmp_path)
    name = row_of(engine, a_case(engine, giving(OLD))).policy
    packs = packs_of(engine)
    with make_uow(engine) as uow, ThreadPoolExecutor(8) as pool:
        put_down(uow)
        found = list(pool.map(packs, [name] * 40))
    assert all(pack == OLD for pack in found)
    assert len({id(pack) for pack in found}) == 1


def test_two_who_pin_the_first_case_at_once_keep_one_pack(tmp_path: Path) -> None:
    engine = new_database(shared_in=tmp_path)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: a_case(engine), range(12)))
    assert {row_of(engine, case_id).policy for case_id in found} == {NATIONAL.name}


# ------------------------------------------------------------------ what is kept is damaged


@pytest.mark.parametrize(
    "values",
    [{"digest": b"x" * 32}, {"content": {}}, {"content": content_of(OLD)}, {"content": None}],
)
def test_a_damaged_pack_is_refused_and_named(engine: Engine, values: dict[str, Any]) -> None:
    name = row_of(engine, a_case(engine, giving(STRICTER))).policy
    damage(engine, **values)
    with pytest.raises(PackRefused) as refused:
        packs_of(engine)(name)
    assert (refused.value.code, refused.value.file) == ("kept_pack_damaged", f"packs/{name}")
    with make_uow(engine) as uow:
        assert pack_changes(uow) == [PackChange(name, "damaged")]


def test_damage_behind_a_pack_that_ships_unchanged_is_named_too(engine: Engine) -> None:
    a_case(engine)
    damage(engine, content={})
    assert packs_of(engine)(NATIONAL.name) is NATIONAL
    with make_uow(engine) as uow:
        assert pack_changes(uow) == [PackChange(NATIONAL.name, "damaged")]


@pytest.mark.databases("sqlite", why="PostgreSQL keeps no JSON that is none")
def test_what_is_not_even_json_is_refused_alike(engine: Engine) -> None:
    name = row_of(engine, a_case(engine, giving(OLD))).policy
    with engine.begin() as connection:
        connection.execute(text("UPDATE packs SET content = '{\"form'"))
    with pytest.raises(PackRefused) as refused:
        packs_of(engine)(name)
    assert refused.value.code == "kept_pack_damaged"
