"""The jobs by themselves: what a tick leaves in the record, and where messages begin in an office that has a past."""

from __future__ import annotations

from datetime import time

import pytest

from tests.builders import DAY
from tests.notifications.duties import TOLD, a_duty

pytestmark = pytest.mark.databases("sqlite", "postgres")


def test_an_office_that_was_swept_for_years_begins_with_its_last_days() -> None:
    with a_duty() as duty:
        for n in range(11):  # as by a release that planned nothing
            duty.county.tick(TOLD + n * DAY)
        duty.set(TOLD + 14 * DAY)
        duty.jobs().tick()
        days = {str(day) for (day,) in duty.rows("SELECT told_on FROM message_items")}
        told = {str(day) for (day,) in duty.rows("SELECT told_on FROM notices")}
    assert str(TOLD) in told
    assert days == {day for day in told if day >= str(TOLD + 9 * DAY)}


def test_a_tick_keeps_what_it_planned_with_its_run_and_the_next_one_leaves_none() -> None:
    with a_duty() as duty:
        duty.set(TOLD, time(0, 5))
        first, again = duty.jobs().tick(), duty.jobs().tick()
        assert first.planned["messages"] == 2
        assert (again.swept, again.planned) == (None, {})
        assert duty.runs() == ["sweep"]
        ((counts,),) = duty.rows("SELECT CAST(counts AS TEXT) FROM runs")
    assert '"messages": 2' in counts
    assert '"notices": 2' in counts
