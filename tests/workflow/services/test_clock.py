"""Now, and the civil day on which it falls in the office."""

from datetime import UTC, date, datetime, time

import pytest

from workflow.services.clock import Instant, civil_day


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), date(2026, 11, 22)),
    ],
)
def test_the_day_is_that_of_the_office(utc: datetime, day: date) -> None:
    assert civil_day(utc) == day
    assert Instant.at(utc) == Instant(utc, day)


def test_an_instant_needs_its_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        Instant.at(datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001 (that is the point)


def test_a_day_without_an_hour_is_its_morning() -> None:
    morning = Instant.on(date(2026, 11, 22))
    assert morning == Instant(datetime(2026, 11, 22, 0, 30, tzinfo=UTC), date(2026, 11, 22))
    assert Instant.on(date(2026, 11, 22), time(7)).now.hour == 23
