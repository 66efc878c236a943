"""Catching up: of an obligation's rungs in the missed days only the last is told, once, today."""

from datetime import date

import pytest

from workflow.rules.case import Case
from workflow.rules.catching_up import caught_up
from workflow.rules.events import (
    AddictionDetermined,
    CommunityDetoxOrdered,
    Detected,
    Event,
    UseConfirmed,
)
from workflow.rules.events import TestTaken as Taken
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import plan
from workflow.rules.telling import Notice, notices, teller_of
from workflow.services.calendars import work_days
from workflow.services.packs import load_pack

ORDER = date(2024, 1, 20)
REPORT_IN = ("report_in", "m1/1")
HAPPENED: list[tuple[date, Event]] = [
    (date(2024, 1, 8), Detected(source="inspection")),
    (
        date(2024, 1, 8),
        Taken(
            test_id="t1",
            method="on_site",
            sample="urine",
            result="positive",
            told_on=date(2024, 1, 8),
            purpose="detection",
        ),
    ),
    (date(2024, 1, 12), UseConfirmed(test_id="t1")),
    (date(2024, 1, 12), AddictionDetermined(finding="addicted")),
    (ORDER, CommunityDetoxOrdered(decision_no="D-1", served_on=ORDER)),
]
RUNGS = {
    date(2024, 1, 26): "-7",
    date(2024, 2, 2): "-1",
    date(2024, 2, 4): "0",
    date(2024, 2, 5): "+1",
    date(2024, 2, 7): "+3",
}


def on(day: date) -> tuple[Case, list[Obligation]]:
    recs = [Recorded(f"e{n}", event, at, at, n) for n, (at, event) in enumerate(HAPPENED)]
    pack = load_pack("cn-national")
    case = fold(history_of(recs), pack, work_days(), day, team="standing")
    return case, plan(case)


def told(day: date, told_through: date, known: date = ORDER) -> list[Notice]:
    case, owed = on(day)
    since = caught_up(teller_of(case), owed, day, {REPORT_IN: known}, told_through)
    return [n for n in notices(teller_of(case), owed, day, since) if n.kind == "report_in"]


@pytest.mark.parametrize("day", RUNGS)
def test_where_no_day_was_missed_nothing_changes(day: date) -> None:
    case, owed = on(day)
    known = {REPORT_IN: ORDER}
    assert (
        caught_up(teller_of(case), owed, day, known, date.fromordinal(day.toordinal() - 1)) is known
    )
    assert [n.rung for n in told(day, date.fromordinal(day.toordinal() - 1))][:1] == [RUNGS[day]]


@pytest.mark.parametrize(
    ("day", "told_through", "rungs"),
    [
        (date(2024, 1, 30), date(2024, 1, 25), ["-7"]),
        (date(2024, 2, 3), date(2024, 1, 25), ["-1"]),
        (date(2024, 2, 6), date(2024, 1, 20), ["+1"]),
        (date(2024, 2, 8), date(2024, 2, 2), ["+3", "+3"]),
        (date(2024, 1, 30), date(2024, 1, 26), []),
        (date(2024, 1, 25), date(2024, 1, 21), []),
    ],
)
def test_of_several_missed_rungs_the_last_is_told(
    day: date, told_through: date, rungs: list[str]
) -> None:
    assert [n.rung for n in told(day, told_through)] == rungs
    assert all(n.on == day for n in told(day, told_through))


def test_what_became_known_in_the_missed_days_is_told_though_its_rungs_lie_before() -> None:
    """Recorded late on 29 January, nothing ran until the 31st: the rung of the 26th is told then."""
    day, through = date(2024, 1, 31), date(2024, 1, 28)
    assert told(day, through) == []
    assert [n.rung for n in told(day, through, known=date(2024, 1, 29))] == ["-7"]


def test_what_was_done_is_not_caught_up() -> None:
    case, owed = on(date(2024, 2, 3))
    for one in owed:
        one.closed_by = one.opened_by
    known = {REPORT_IN: ORDER}
    assert caught_up(teller_of(case), owed, date(2024, 2, 3), known, date(2024, 1, 20)) == known


def test_what_is_not_known_yet_stays_so() -> None:
    case, owed = on(date(2024, 2, 3))
    assert caught_up(teller_of(case), owed, date(2024, 2, 3), {}, date(2024, 1, 20)) == {}
