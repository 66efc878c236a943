"""What another pack would change is told person by person, and is what then happens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from tests.builders import CASE, DAY, PERSON, RING, Office, an_office, detected, new_event, to_order
from workflow.rules.errors import NotFound
from workflow.rules.pack import Pack, Span
from workflow.services.clock import Instant
from workflow.services.packs import PackRefused, load_pack
from workflow.services.pin_differences import (
    ObligationDifference,
    PinDifference,
    StageDifference,
    Standing,
    differences,
)
from workflow.services.pinning import re_pin
from workflow.store import obligations, stays
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 1, 8)
SERVED = date(2024, 1, 22)
OTHER_CASE, OTHER_PERSON = UUID(int=7), UUID(int=8)
NATIONAL = load_pack("cn-national")


def changed(version: str = "2027.1", **parts: Any) -> Pack:
    """The national pack in a version of its own."""
    return replace(NATIONAL, version=version, **parts)


def with_rules(**changes: dict[str, Any]) -> Pack:
    """The national pack with some obligations otherwise."""
    rules = {kind: replace(NATIONAL.obligations[kind], **keys) for kind, keys in changes.items()}
    return changed(obligations={**NATIONAL.obligations, **rules})


@pytest.fixture
def office() -> Iterator[Office]:
    """Two persons: one is to report in, the other was only just found."""
    with an_office(filled=fill) as found:
        yield found


def fill(office: Office) -> None:
    office.open(FIRST)
    office.record(SERVED, *to_order(FIRST, SERVED))
    office.open(SERVED, case_id=OTHER_CASE, person_id=OTHER_PERSON)
    office.record(SERVED, detected(SERVED), case_id=OTHER_CASE)


def packs_with(pack: Pack) -> Any:
    return lambda name: pack if name == pack.name else load_pack(name)


def told(office: Office, pack: Pack, on: date, *case_ids: UUID) -> list[PinDifference]:
    """What pinning this pack on a day would change; asked for where nothing can be written."""
    with UnitOfWork(office.engine, RING, reading=True) as uow:
        return differences(
            uow,
            case_ids or (CASE,),
            pack.name,
            packs=packs_with(pack),
            calendar=office.calendar,
            clock=Instant.on(on),
        )


def test_the_same_pack_changes_nothing_and_everybody_is_named(office: Office) -> None:
    found = told(office, changed(), SERVED, OTHER_CASE, CASE)
    assert [(one.case_id, one.person_id) for one in found] == [
        (OTHER_CASE, OTHER_PERSON),
        (CASE, PERSON),
    ]
    assert all(one.changes_nothing for one in found)
    assert found[0].policy_before == "cn-national@2026.11"
    assert found[0].policy_after == "cn-national@2027.1"


def test_whose_days_move_is_told_and_whose_do_not(office: Office) -> None:
    pack = with_rules(report_in={"due": Span(20, "d"), "owner": "community_police"})
    here, other = told(office, pack, SERVED, CASE, OTHER_CASE)
    assert other.changes_nothing
    rule = NATIONAL.obligations["report_in"]
    assert here.obligations == (
        ObligationDifference(
            "report_in",
            "m1/1",
            rule.label,
            Standing(SERVED, date(2024, 2, 6), "community_worker"),
            Standing(SERVED, date(2024, 2, 18), "community_police"),
        ),
    )
    assert not here.changes_nothing


def test_what_appears_and_what_vanishes(office: Office) -> None:
    """The team meets every week instead of every quarter; asked the other way round, these meetings vanish."""
    day = SERVED + DAY
    office.record(day, new_event("reported_in", day))
    weekly = load_pack("zhejiang-style-contact")
    (found,) = told(office, weekly, day)
    new = [one for one in found.obligations if one.before is None]
    assert [(one.kind, one.occurrence) for one in new] == [
        ("team_meeting", f"m1/w{number:02}") for number in range(2, 10)
    ]
    with office.uow() as uow:
        re_pin(uow, CASE, weekly.id, packs=load_pack, clock=Instant.on(day), by="admin")
    (back,) = told(office, NATIONAL, day)
    turned = {(o.kind, o.occurrence, o.after, o.before) for o in back.obligations}
    assert turned == {(o.kind, o.occurrence, o.before, o.after) for o in found.obligations}


def test_the_exit_and_the_end_of_a_term_that_would_move(office: Office) -> None:
    pack = changed(
        exit=replace(NATIONAL.exit, after=Span(60, "m")),
        terms=replace(NATIONAL.terms, community_detox=Span(24, "m")),
    )
    day = SERVED + DAY
    office.record(day, new_event("reported_in", day))
    (found,) = told(office, pack, day)
    assert (found.ends_before, found.ends_after) == (date(2027, 1, 22), date(2026, 1, 22))
    assert (found.exit_before, found.exit_after) == (date(2027, 1, 23), date(2029, 1, 23))


def test_a_stage_that_would_come_to_an_end_is_told_with_its_day(office: Office) -> None:
    pack = changed(terms=replace(NATIONAL.terms, community_detox=Span(1, "m")))
    day = SERVED + DAY
    office.record(day, new_event("reported_in", day))
    (found,) = told(office, pack, day + 60 * DAY)
    assert found.stages == (StageDifference(5, None, ("follow_up", date(2024, 2, 23))),)
    assert found.ends_after is None


def test_a_longer_horizon_alone_is_no_difference(office: Office) -> None:
    """It only tells more of what is to come."""
    pack = changed(settings=replace(NATIONAL.settings, horizon_days=200))
    assert told(office, pack, SERVED)[0].changes_nothing


def test_what_was_told_beforehand_is_what_then_happens(office: Office) -> None:
    day = SERVED + DAY
    office.record(day, new_event("reported_in", day))
    office.tick(day)
    pack = load_pack("zhejiang-style-contact")
    (found,) = told(office, pack, day)
    before = _standing(office)
    with office.uow() as uow:
        re_pin(uow, CASE, pack.id, packs=load_pack, clock=Instant.on(day), by="admin")
    assert not office.tick(day).failures
    after = _standing(office)
    shown = {(one.kind, one.occurrence): (one.before, one.after) for one in found.obligations}
    keys = before.keys() | after.keys()
    moved = {key: (before.get(key), after.get(key)) for key in keys}
    assert {key: pair for key, pair in moved.items() if pair[0] != pair[1]} == shown


def _standing(office: Office) -> dict[tuple[str, str], Standing]:
    with office.uow() as uow:
        rows: list[Row[Any]] = list(obligations.of_cases(uow.session, [CASE]))
        assert list(stays.of_cases(uow.session, [CASE]))
    return {
        (row.kind, row.occurrence): Standing(row.opens_on, row.due_on, row.owner)
        for row in rows
        if not (row.closed_on or row.missed_on or row.excused_on or row.ended_on)
    }


def test_nobody_is_left_out_without_a_word(office: Office) -> None:
    with pytest.raises(NotFound):
        told(office, changed(), SERVED, CASE, UUID(int=99))
    with pytest.raises(PackRefused), office.uow() as uow:
        differences(
            uow,
            [CASE],
            "nowhere",
            packs=load_pack,
            calendar=office.calendar,
            clock=Instant.on(SERVED),
        )
