"""The days that an office sets itself: one stands a day, what was known stays known, and who is touched is looked at."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError

from tests.builders import CASE, RING, Office, new_database, to_order
from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.services.calendar_days import (
    DaysChanged,
    NewDay,
    set_day,
    set_days,
    set_days_of,
    withdraw_day,
    work_days_of,
)
from workflow.services.calendars import LAST, work_days
from workflow.services.clock import Instant
from workflow.store import calendar_days, cases, obligations, people, stamps
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork

TODAY = date(2026, 11, 30)
CLOCK = Instant.on(TODAY)
MONDAY = date(2027, 2, 8)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
CLOSED_2027 = [
    date(2027, 1, 1),
    *(date(2027, 2, day) for day in range(6, 13)),
    *(date(2027, 10, day) for day in range(1, 8)),
]


@pytest.fixture
def engine() -> Engine:
    return new_database()


def make_uow(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine, RING)


def at(instant: datetime) -> Instant:
    return Instant.at(instant)


def close(engine: Engine, day: date, *, clock: Instant = CLOCK, works: bool = False) -> UUID:
    """Set one day, and give back under which id."""
    override_id = uuid4()
    with make_uow(engine) as uow:
        set_day(uow, override_id=override_id, day=day, is_working=works, clock=clock, by="admin")
    return override_id


def put_down(
    engine: Engine, number: int, *, next_on: date | None, ended_on: date | None = None
) -> UUID:
    """A case that waits for a day, past all that opens one."""
    case_id, person_id = UUID(int=number), UUID(int=number + 1000)
    with make_uow(engine) as uow:
        people.add(uow.session, uow.ring, person_id, Profile(), CLOCK.now)
        cases.add(
            uow.session,
            case_id,
            person_id=person_id,
            policy="cn-national@2026.11",
            team="recorded",
            opened_on=date(2024, 1, 8),
            next_change_on=next_on,
            ended_on=ended_on,
        )
    return case_id


def waits_on(engine: Engine, case_id: UUID) -> date | None:
    with make_uow(engine) as uow:
        row = cases.find(uow.session, case_id)
        assert row is not None
        found: date | None = row.next_change_on
        return found


# ------------------------------------------------------------------ what counts


def test_without_a_day_set_it_is_the_program_s_own_calendar(engine: Engine) -> None:
    with make_uow(engine) as uow:
        assert work_days_of(uow) is work_days()


def test_a_day_that_was_set_counts_and_says_its_name(engine: Engine) -> None:
    with make_uow(engine) as uow:
        changed = set_day(
            uow,
            override_id=uuid4(),
            day=MONDAY,
            is_working=False,
            name="春节",
            clock=CLOCK,
            by="admin",
        )
        calendar = work_days_of(uow)
    assert changed == DaysChanged(1, 0)
    assert not calendar.is_working(MONDAY)
    assert calendar.names[MONDAY] == "春节"
    assert calendar.is_provisional(MONDAY), "one day makes no year official"
    assert calendar.version != work_days().version


def test_the_same_days_are_one_table_whatever_the_database(engine: Engine) -> None:
    other = new_database()
    close(engine, MONDAY)
    close(other, MONDAY)
    with make_uow(engine) as uow, make_uow(other) as beside:
        assert work_days_of(uow) is work_days_of(beside)


def test_a_new_day_takes_the_place_of_the_one_that_stood(engine: Engine) -> None:
    close(engine, MONDAY)
    last = close(engine, MONDAY, works=True)
    with make_uow(engine) as uow:
        (standing,) = set_days_of(uow)
        assert (standing.id, standing.is_working) == (last, True)
        assert work_days_of(uow).is_working(MONDAY)


def test_a_day_taken_back_leaves_the_program_s_own_answer(engine: Engine) -> None:
    override_id = close(engine, MONDAY)
    for _ in range(2):  # twice is harmless
        with make_uow(engine) as uow:
            withdraw_day(uow, override_id=override_id, clock=CLOCK, by="admin")
            assert work_days_of(uow) is work_days()


def test_a_whole_year_set_at_once_is_official_and_half_of_it_is_not(engine: Engine) -> None:
    days = [NewDay(uuid4(), day, False) for day in CLOSED_2027]
    days.append(NewDay(uuid4(), date(2027, 2, 14), True, "补班"))
    with make_uow(engine) as uow:
        set_days(uow, days, clock=CLOCK, by="admin")
        calendar = work_days_of(uow)
    assert not calendar.is_provisional(MONDAY)
    assert calendar.is_provisional(date(2028, 2, 8))
    assert calendar.on_or_after(MONDAY) == date(2027, 2, 14)
    with make_uow(engine) as uow:
        withdraw_day(uow, override_id=days[-2].id, clock=CLOCK, by="admin")
        assert not work_days_of(uow).is_provisional(MONDAY), "7 October is not what makes it whole"
        withdraw_day(uow, override_id=days[0].id, clock=CLOCK, by="admin")
        assert work_days_of(uow).is_provisional(MONDAY), "New Year is"


# ------------------------------------------------------------------ what is sent twice, and what is refused


def test_the_same_id_with_the_same_content_is_taken_once(engine: Engine) -> None:
    day = NewDay(uuid4(), MONDAY, False)
    with make_uow(engine) as uow:
        assert set_days(uow, [day], clock=CLOCK, by="admin") == DaysChanged(1, 0)
        assert set_days(uow, [day], clock=CLOCK, by="admin") == DaysChanged(0, 0)
        assert len(set_days_of(uow)) == 1


def test_a_request_that_comes_again_late_brings_nothing_back(engine: Engine) -> None:
    day = NewDay(uuid4(), MONDAY, False)
    with make_uow(engine) as uow:
        set_days(uow, [day], clock=CLOCK, by="admin")
    close(engine, MONDAY, works=True)
    with make_uow(engine) as uow:
        set_days(uow, [day], clock=CLOCK, by="admin")
        assert work_days_of(uow).is_working(MONDAY)


def refusal(engine: Engine, *days: NewDay) -> str:
    """The code with which these days are refused; nothing of them stays."""
    with make_uow(engine) as uow:
        before = set_days_of(uow)
    with pytest.raises((Invalid, Refused, Conflict)) as refused, make_uow(engine) as uow:
        set_days(uow, days, clock=CLOCK, by="admin")
    with make_uow(engine) as uow:
        assert set_days_of(uow) == before
    return refused.value.code


def test_what_cannot_be_set_is_refused_whole(engine: Engine) -> None:
    known = close(engine, MONDAY)
    fine = NewDay(uuid4(), MONDAY + DAY, False)
    assert refusal(engine, fine, NewDay(uuid4(), LAST + DAY, False)) == "day_outside_calendar"
    assert refusal(engine, fine, NewDay(uuid4(), fine.day, True)) == "day_given_twice"
    assert refusal(engine, fine, NewDay(fine.id, MONDAY, True)) == "day_given_twice"
    assert refusal(engine, fine, NewDay(uuid4(), MONDAY, False, "长" * 201)) == "day_name_too_long"
    assert refusal(engine, fine, NewDay(known, MONDAY, True)) == "day_id_conflict"


def test_nobody_takes_back_what_was_never_set(engine: Engine) -> None:
    with pytest.raises(NotFound), make_uow(engine) as uow:
        withdraw_day(uow, override_id=uuid4(), clock=CLOCK, by="admin")


def test_the_database_itself_lets_one_stand_a_day(engine: Engine) -> None:
    close(engine, MONDAY)
    row = {"id": uuid4(), "day": MONDAY, "is_working": True, "name": ""}
    with pytest.raises(IntegrityError), make_uow(engine) as uow:
        calendar_days.add(uow.session, [row], at=CLOCK.now, by="a script")


def test_of_many_who_set_a_day_at_once_one_stands(tmp_path: Path) -> None:
    engine = new_database(shared_in=tmp_path)
    together = Barrier(4)

    def work(number: int) -> None:
        together.wait()
        for _ in range(5):
            close(engine, MONDAY, works=bool(number % 2))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with make_uow(engine) as uow:
        assert len(set_days_of(uow)) == 1


# ------------------------------------------------------------------ what was known when

Step = tuple[str, tuple[date, ...], bool]
NEAR = [MONDAY + n * DAY for n in range(5)]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "withdraw"]),
        st.lists(st.sampled_from(NEAR), min_size=1, max_size=3, unique=True).map(tuple),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def live(engine: Engine, steps: Sequence[Step]) -> Iterator[tuple[datetime, dict[date, bool]]]:
    """Take the steps, an hour each; tell after each what stands."""
    now = CLOCK.now
    for what, days, works in steps:
        now += HOUR
        with make_uow(engine) as uow:
            if what == "set":
                new = [NewDay(uuid4(), day, works) for day in days]
                set_days(uow, new, clock=at(now), by="admin")
            else:
                for one in set_days_of(uow):
                    if one.day in days:
                        withdraw_day(uow, override_id=one.id, clock=at(now), by="admin")
            yield now, {one.day: one.is_working for one in set_days_of(uow)}


FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


def clear(engine: Engine) -> None:
    """Each example begins with no day set."""
    with engine.begin() as connection:
        connection.execute(delete(calendar_days.DAYS))


@FEW
@given(steps=STEPS)
def test_what_was_known_at_an_instant_never_changes(engine: Engine, steps: list[Step]) -> None:
    clear(engine)
    lived = list(live(engine, steps))
    with make_uow(engine) as uow:
        assert set_days_of(uow, known_at=CLOCK.now) == []
        assert work_days_of(uow, known_at=CLOCK.now) is work_days()
        for instant, stood in lived:
            for known_at in (instant, instant + HOUR / 2):
                found = {one.day: one.is_working for one in set_days_of(uow, known_at=known_at)}
                assert found == stood
                calendar = work_days_of(uow, known_at=known_at)
                works = {day: calendar.is_working(day) for day in NEAR}
                assert works == {day: stood.get(day, day.weekday() < 5) for day in NEAR}


@FEW
@given(steps=STEPS)
def test_the_last_word_on_each_day_counts_however_it_was_sent(
    engine: Engine, steps: list[Step]
) -> None:
    """Days laid over one another, one request after another, are the same as the last word on each at once."""
    clear(engine)
    *_, (_, stood) = live(engine, steps)
    with make_uow(engine) as uow:
        one_by_one = work_days_of(uow)
    clear(engine)
    with make_uow(engine) as uow:
        new = [NewDay(uuid4(), day, works) for day, works in stood.items()]
        set_days(uow, new, clock=CLOCK, by="admin")
        assert work_days_of(uow) is one_by_one


# ------------------------------------------------------------------ who is looked at again


def test_every_case_that_a_day_can_touch_is_looked_at_today(engine: Engine) -> None:
    waiting = put_down(engine, 1, next_on=TODAY + 30 * DAY)
    late = put_down(engine, 2, next_on=TODAY - 3 * DAY)
    exited = put_down(engine, 3, next_on=TODAY + 5 * DAY, ended_on=TODAY - 2 * DAY)
    new = put_down(engine, 4, next_on=None)
    with make_uow(engine) as uow:
        changed = set_day(
            uow, override_id=uuid4(), day=MONDAY, is_working=False, clock=CLOCK, by="admin"
        )
    assert changed == DaysChanged(1, 2)
    assert waits_on(engine, waiting) == TODAY
    assert waits_on(engine, late) == TODAY - 3 * DAY, "what waits longer is not put off"
    assert waits_on(engine, exited) == TODAY, "the file is still to be closed"
    assert waits_on(engine, new) is None, "nothing was recorded yet, so nothing can move"


def test_a_day_long_past_touches_those_too_who_have_ended_since(engine: Engine) -> None:
    """Their rows say on which day something was due, and must be what a fresh fold says."""
    before = put_down(engine, 1, next_on=None, ended_on=date(2022, 3, 1))
    since = put_down(engine, 2, next_on=None, ended_on=date(2024, 3, 1))
    close(engine, date(2024, 2, 28))
    assert waits_on(engine, before) is None
    assert waits_on(engine, since) == TODAY


def test_days_that_no_sweep_has_told_yet_are_not_lost(engine: Engine) -> None:
    case_id = put_down(engine, 1, next_on=TODAY + 30 * DAY)
    with make_uow(engine) as uow:
        stamps.put(uow.session, cases.SWEPT_THROUGH, (TODAY - 4 * DAY).isoformat())
    close(engine, MONDAY)
    assert waits_on(engine, case_id) == TODAY - 3 * DAY


@pytest.mark.parametrize("works", [True, False])
def test_what_changes_no_answer_touches_nobody(engine: Engine, works: bool) -> None:
    day = MONDAY if works else date(2027, 2, 7)  # a Monday is worked anyway, a Sunday is not
    case_id = put_down(engine, 1, next_on=TODAY + 30 * DAY)
    with make_uow(engine) as uow:
        changed = set_day(
            uow, override_id=uuid4(), day=day, is_working=works, clock=CLOCK, by="admin"
        )
    assert changed == DaysChanged(0, 0)
    assert waits_on(engine, case_id) == TODAY + 30 * DAY


def test_what_a_day_moves_is_moved_by_the_next_sweep(engine: Engine) -> None:
    """A late announcement closes the last day of a report-in period: the person has until the next working day."""
    served, last = date(2024, 1, 22), date(2024, 2, 6)
    office = Office(engine)
    office.open(date(2024, 1, 8))
    office.record(served, *to_order(date(2024, 1, 8), served))
    office.tick(served)
    assert due_on(engine, "report_in") == last
    close(engine, last, clock=Instant.on(served + DAY))
    with make_uow(engine) as uow:
        office.calendar = work_days_of(uow)
    assert not office.tick(served + DAY).failures
    assert due_on(engine, "report_in") == last + DAY


def due_on(engine: Engine, kind: str) -> date:
    with make_uow(engine) as uow:
        (row,) = [one for one in obligations.of_cases(uow.session, [CASE]) if one.kind == kind]
        found: date = row.due_on
        return found
