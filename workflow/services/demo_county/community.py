"""Lives of the demo county in community detox (社区戒毒): ordered, reported in, interrupted, moved, near the end."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules.events import (
    AssistanceGiven,
    BreachReported,
    CircumstanceRecorded,
    CommunityDetoxOrdered,
    ContactLost,
    EventVoided,
    Left,
    Moved,
    RefusalRecorded,
    ReportedIn,
    Returned,
    Role,
    SupportLevel,
    SupportLevelSet,
    Suspended,
    TestMissed,
    TestObjected,
    UseConfirmed,
    Visited,
)
from workflow.rules.events.testing import Excuse
from workflow.rules.terms import DAY, add_months
from workflow.services.demo_county.intake import found, sampled
from workflow.services.demo_county.invented import townships
from workflow.services.demo_county.life import Life
from workflow.services.demo_county.routine import routine_test
from workflow.services.demo_county.team import USUAL, Team, seat_team

BEFORE_ORDER, BEFORE_REPORT = 4 * DAY, 6 * DAY
TERM = 36


def ordered(life: Life, served_on: date, team: Team = USUAL) -> None:
    """Community detox is ordered and the order served; the team is put together."""
    found(life, served_on - BEFORE_ORDER, "addicted")
    order = CommunityDetoxOrdered(decision_no=life.number("社戒"), served_on=served_on)
    life.did(served_on, order)
    seat_team(life, served_on, team)


def reported_in(
    life: Life, on: date, *, level: SupportLevel = "medium", team: Team = USUAL
) -> None:
    """Somebody reports in on this day, some days after the service of the order."""
    ordered(life, on - BEFORE_REPORT, team)
    life.did(on, ReportedIn())
    if level != "medium":
        reasons = ("本人与家人关系稳定",) if level == "low" else ("独居，近期压力大",)
        life.did(on, SupportLevelSet(level=level, reasons=reasons))


# ------------------------------------------------------------------ ordered, not yet there


def to_report_in(life: Life, days: int, *, team: Team = USUAL) -> None:
    """责令社区戒毒·待报到: the order was served some days ago; after fifteen the office goes and asks."""
    ordered(life, life.ago(days), team)


def refusing(life: Life, days: int) -> None:
    """责令社区戒毒·待报到: the person says in writing that they will not come, and a supervisor has signed it."""
    ordered(life, life.ago(days))
    refusal = RefusalRecorded(
        explanation="认为自己已经不吸了，不需要社区戒毒", written_declaration=True
    )
    life.did(life.ago(days - 5), refusal, approved=True)


def ordered_in_custody(life: Life, days: int) -> None:
    """责令社区戒毒·待报到: detained before the report-in; these days are not counted."""
    ordered(life, life.ago(days))
    custody = Suspended(reason="detained", document_no=life.number("拘"))
    life.did(life.ago(days - 3), custody)


# ------------------------------------------------------------------ in the term


def in_detox(
    life: Life,
    months: int,
    days: int = 0,
    *,
    level: SupportLevel = "medium",
    team: Team = USUAL,
) -> None:
    """社区戒毒: reported in so many months and days ago."""
    reported_in(life, life.ago(days, months), level=level, team=team)


def to_visit(life: Life, months: int, days: int) -> None:
    """社区戒毒: seen every month; this month the test was taken, and the visit is still to come."""
    life.undone["visit"] = life.today
    in_detox(life, months, days, level="high")
    on = life.ago(days - 4)
    life.did(on, routine_test(life, on))


def overdue_since(life: Life, days: int, kind: str = "sign_agreement") -> None:
    """社区戒毒: just reported in, and something that the office owes has been overdue for at least so many days."""
    span = {"sign_agreement": 7, "make_plan": 15}[kind]
    on = life.ago(days + span)
    while life.working(on + span * DAY) > life.ago(days):
        on -= DAY
    life.undone[kind] = on
    reported_in(life, on)


def near_the_end(life: Life, days: int) -> None:
    """社区戒毒: the term ends in so many days, and with it the three years; papers are to be sent."""
    reported_in(life, add_months(life.today + timedelta(days=days), -TERM))


def in_need(life: Life, months: int, extra: tuple[Role, ...]) -> None:
    """社区戒毒: helped by more than the four; what was done for them is on record."""
    reported_in(life, life.ago(3, months), team=Team(extra=extra))
    life.did(life.workday(9), AssistanceGiven(need="no_work", what="介绍到镇食用菌合作社做工"))


def with_circumstance(life: Life, months: int) -> None:
    """社区戒毒: pregnant; the office helps more, and nothing harsher than this may be ordered."""
    reported_in(life, life.ago(2, months), level="high")
    life.did(life.ago(20), CircumstanceRecorded(kind="pregnant"))


def out_of_touch(life: Life, months: int, days: int) -> None:
    """社区戒毒: nobody reaches the person, and every third day somebody tries again."""
    reported_in(life, life.ago(5, months), level="high")
    life.did(life.workday(days), ContactLost(note="电话停机，出租屋已退租"))


def away(life: Life, months: int, *, reported: bool) -> None:
    """社区戒毒: away from home, with a written report and a day of return, or without."""
    reported_in(life, life.ago(1, months))
    return_on = life.today + 4 * DAY if reported else None
    life.did(life.ago(5), Left(written_report=reported, return_on=return_on))


def departing(life: Life, months: int) -> None:
    """社区戒毒: away three times without a word; a supervisor is to hear the person, and may approve the report."""
    _departures(life, months)
    life.asks(_breach())


def _departures(life: Life, months: int) -> None:
    reported_in(life, life.ago(1, months))
    for days in (70, 40, 9):
        life.did(life.ago(days), Left())
        life.did(life.ago(days - 4), Returned())


def missing_tests(life: Life, months: int) -> None:
    """社区戒毒: tests missed after a notice was served, one with an excuse; the last one may have been a mistake."""
    reported_in(life, life.ago(12, months))
    told: tuple[tuple[int, Excuse], ...] = ((64, "none"), (33, "accepted"), (6, "none"))
    for days, excuse in told:
        on = life.ago(days)
        missed = TestMissed(reason="evaded", notice_served_on=on - 5 * DAY, excuse=excuse)
        life.did(on, missed)
    reason = "核实：当日本人在医院，有住院记录"
    life.asks(EventVoided(event_id=life.deeds[-1].id, reason=reason))


def reported_for_breach(life: Life, months: int) -> None:
    """社区戒毒: a serious breach was reported with the person's own words; it bars the exit until it is lifted."""
    _departures(life, months)
    life.did(life.ago(3), _breach(), approved=True)


def _breach() -> BreachReported:
    return BreachReported(
        ground="unauthorised_departures",
        evidence=("三次外出记录", "谈话笔录"),
        explanation="本人说明：外出打零工，没有请假意识，愿意改正",
    )


def using_again(life: Life, months: int, *, objecting: bool) -> None:
    """社区戒毒: positive again; the person objects, or the use stands and is to be reported."""
    reported_in(life, life.ago(7, months), level="high")
    if objecting:
        sampled(life, life.ago(3), "T2", "positive")
        life.did(life.ago(2), TestObjected(test_id="T2"))
        return
    on = life.workday(2)
    life.undone["report_use"] = on
    sampled(life, life.told_for(on), "T2", "positive")
    life.did(on, UseConfirmed(test_id="T2"))


# ------------------------------------------------------------------ moved, interrupted


def moving(life: Life, months: int, days: int, *, arrived: bool) -> None:
    """社区戒毒: moved to another township so many days ago; the person has arrived with the file, or neither has."""
    if not arrived:
        life.undone["forward_file"] = life.ago(days)
    reported_in(life, life.ago(9, months))
    houses = townships()
    to = houses[(life.person.number + 1) % len(houses)]
    life.did(life.ago(days), Moved(to_office=str(to.id), reason="投靠姐姐，就近打工"))
    if arrived:
        life.did(life.ago(days - 6), ReportedIn())


def suspended(life: Life, months: int, days: int) -> None:
    """社区戒毒中止: detained; the clock stands, and a supervisor looks monthly."""
    reported_in(life, life.ago(4, months))
    custody = Suspended(reason="detained", document_no=life.number("拘"))
    life.did(life.ago(days), custody)


# ------------------------------------------------------------------ what an office gets wrong, and puts right


def entered_late(life: Life, months: int) -> None:
    """社区戒毒: a visit out in the hills was written down eleven days later, with both days."""
    reported_in(life, life.ago(15, months))
    visit = Visited(note="山里走访，无信号，回镇后补录")
    life.did(life.workday(13), visit, late=life.workday(4))


def put_right(life: Life, months: int) -> None:
    """社区戒毒: a visit to somebody else was entered here by mistake; it was voided and the right one recorded."""
    reported_in(life, life.ago(15, months))
    wrong = Visited(note="走访，情况正常")
    life.did(life.workday(12), wrong)
    life.voids(
        wrong,
        life.workday(8),
        "录错了人，应为同村另一人",
        (life.workday(9), Visited(note="走访，本人在家")),
    )
