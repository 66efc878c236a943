"""Nobody is told anything in quiet hours, never before it was planned, and on the same day whenever that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.waking import (
    LATER_AT,
    Daily,
    Hours,
    Slot,
    Standing,
    digest_on,
    hours_of,
    slot,
    waking_from,
)
from workflow.services.packs import load_pack

ZONE = timezone(timedelta(hours=8))
DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)
USUAL = hours_of([load_pack("cn-national").settings])
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(ZONE))  # noqa: DTZ001 (hypothesis wants them naive)


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    """The hours of one or two packs that leave some of the day."""
    spans = draw(st.lists(st.tuples(times, times).filter(lambda s: s[0] != s[1]), max_size=2))
    hours = Hours(draw(times), tuple(spans))
    ends = [end for _, end in spans if not hours.is_quiet(end)]
    if not spans or not ends:
        return USUAL
    return hours if not hours.is_quiet(hours.digest_at) else Hours(ends[0], hours.quiet)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def nothing(_: Daily, __: date) -> Standing:
    return "none"


@given(instants, some_hours())
def test_the_first_waking_instant_is_awake_not_earlier_and_none_before_it_is(
    now: datetime, hours: Hours
) -> None:
    found = waking_from(now, hours)
    assert not hours.is_quiet(found.time())
    assert found >= now
    assert found - now < timedelta(days=1)
    if found > now:
        assert hours.is_quiet(now.time())
        assert hours.is_quiet((found - timedelta(minutes=1)).time())


@given(
    instants,
    some_hours(),
    st.none() | times,
    st.booleans(),
    st.dictionaries(
        st.tuples(st.sampled_from(["digest", "later"]), st.integers(0, 3)),
        st.sampled_from(["none", "open", "fixed"]),
    ),
)
def test_whatever_is_told_goes_out_awake_not_before_it_was_planned_and_into_nothing_sent(
    now: datetime,
    hours: Hours,
    wish: time | None,
    first: bool,
    there: dict[tuple[str, int], Standing],
) -> None:
    def standing(sort: Daily, day: date) -> Standing:
        return there.get((sort, (day - now.date()).days), "none")

    found = slot(now, hours, standing, wish=wish, first=first)
    assert not hours.is_quiet(found.send_from.time())
    assert found.send_from >= now
    assert standing(found.sort, found.for_day) != "fixed"
    if there:
        return
    last = datetime.combine(now.date(), LATER_AT, ZONE)
    digest = digest_on(now.date(), hours, ZONE, wish=wish)
    if now <= max(digest, last if not hours.is_quiet(LATER_AT) else digest):
        assert found.send_from.date() == now.date() == found.for_day
    else:
        assert (found.for_day - now.date()).days <= 1


@pytest.mark.parametrize(
    ("now", "first", "there", "found"),
    [
        (at(0, 5), True, {}, Slot("digest", DAY, at(8, 30))),
        (at(8, 30), False, {}, Slot("digest", DAY, at(8, 30))),
        (at(8, 31), False, {}, Slot("later", DAY, at(17))),
        (at(8, 31), True, {}, Slot("digest", DAY, at(8, 31))),
        (at(10), False, {("digest", DAY): "open"}, Slot("digest", DAY, at(10))),
        (at(10), True, {("digest", DAY): "fixed"}, Slot("later", DAY, at(17))),
        (at(17, 1), False, {("later", DAY): "open"}, Slot("later", DAY, at(17, 1))),
        (at(17, 1), False, {}, Slot("digest", NEXT, at(8, 30, NEXT))),
        (at(16), False, {("later", DAY): "fixed"}, Slot("digest", NEXT, at(8, 30, NEXT))),
        (at(19, 59), True, {}, Slot("digest", DAY, at(19, 59))),
        (at(20), True, {}, Slot("digest", NEXT, at(8, 30, NEXT))),
        (
            at(7),
            False,
            {("digest", DAY): "fixed", ("later", DAY): "fixed", ("digest", NEXT): "fixed"},
            Slot("digest", DAY + timedelta(days=2), at(8, 30, DAY + timedelta(days=2))),
        ),
    ],
)
def test_one_digest_a_day_one_supplement_at_five_and_then_the_next_morning(
    now: datetime, first: bool, there: dict[tuple[Daily, date], Standing], found: Slot
) -> None:
    def standing(sort: Daily, day: date) -> Standing:
        return there.get((sort, day), "none")

    assert slot(now, USUAL, standing, first=first) == found


def test_a_wish_counts_where_it_is_in_no_quiet_hour() -> None:
    assert digest_on(DAY, USUAL, ZONE, wish=time(18)) == at(18)
    assert digest_on(DAY, USUAL, ZONE, wish=time(7, 59)) == at(8, 30)
    assert slot(at(9), USUAL, nothing, wish=time(18)) == Slot("digest", DAY, at(18))


def test_where_packs_differ_it_is_quiet_when_one_of_them_is() -> None:
    usual = load_pack("cn-national").settings
    other = replace(usual, digest_at="07:30", quiet_from="21:00", quiet_until="07:00")
    late = replace(usual, digest_at="09:00", quiet_from="12:00", quiet_until="14:00")
    assert hours_of([usual, other]).digest_at == time(8, 30)
    together = hours_of([usual, late, other])
    assert together.digest_at == time(9)
    assert [hour for hour in range(24) if not together.is_quiet(time(hour))] == [
        *range(8, 12),
        *range(14, 20),
    ]


def test_packs_that_leave_no_hour_between_them_are_not_laid_together() -> None:
    usual = load_pack("cn-national").settings
    day = replace(usual, digest_at="21:00", quiet_from="08:00", quiet_until="20:00")
    assert hours_of([usual, day]) == USUAL
