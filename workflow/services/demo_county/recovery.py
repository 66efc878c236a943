"""Lives of the demo county in community recovery (社区康复) and in the three years (三年跟踪), up to their exit."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules.events import (
    AddictionDetermined,
    BreachReported,
    CommunityRecoveryOrdered,
    ExitBarLifted,
    HelperReleased,
    Left,
    NoMeasureDecided,
    OrderLapsed,
    ReportedIn,
    Returned,
    SupportLevel,
    SupportLevelSet,
    Suspended,
    UseConfirmed,
    VoluntaryTreatmentEnded,
    VoluntaryTreatmentStarted,
)
from workflow.rules.terms import DAY, add_months
from workflow.services.demo_county import community
from workflow.services.demo_county.intake import HOSPITAL, confirmed, found, sampled
from workflow.services.demo_county.isolation import released
from workflow.services.demo_county.life import Life
from workflow.services.demo_county.team import SUPERVISOR, USUAL, Team

CONTROL = 36
TO_COME = timedelta(days=9)


def recovery_ordered(life: Life, served_on: date, months: int, team: Team = USUAL) -> None:
    """Community recovery is ordered some days after the release."""
    released(life, served_on - 5 * DAY, team)
    order = CommunityRecoveryOrdered(
        decision_no=life.number("社康"), served_on=served_on, months=months
    )
    life.did(served_on, order)


def reported_in(life: Life, on: date, months: int = 36, team: Team = USUAL) -> None:
    """Somebody reports in for community recovery on this day."""
    recovery_ordered(life, on - TO_COME, months, team)
    life.did(on, ReportedIn())


# ------------------------------------------------------------------ recovery


def to_report_in(life: Life, days: int) -> None:
    """责令社区康复·待报到: the order was served some days ago."""
    recovery_ordered(life, life.ago(days), 24)


def in_recovery(
    life: Life,
    months: int,
    days: int = 0,
    *,
    level: SupportLevel = "medium",
    team: Team = USUAL,
) -> None:
    """社区康复: reported in so many months and days ago."""
    on = life.ago(days, months)
    reported_in(life, on, team=team)
    if level != "medium":
        life.did(on + DAY, SupportLevelSet(level=level, reasons=("与本人商定",)))


def without_a_doctor(life: Life, months: int, days: int) -> None:
    """社区康复: the doctor left the team some days ago, and nobody has taken the chair."""
    reported_in(life, life.ago(3, months))
    life.did(life.ago(days), HelperReleased(role="community_doctor"), by=SUPERVISOR)


def near_the_end(life: Life, days: int, *, papers: bool = True) -> None:
    """社区康复: the term of a year ends in so many days; the papers are to be sent before."""
    if not papers:
        life.undone["send_papers"] = life.today - timedelta(days=60)
    reported_in(life, add_months(life.today + timedelta(days=days), -12), 12)


def over(life: Life, days: int) -> None:
    """三年跟踪: recovery ended by itself some days ago, and the notice that says so is to be served."""
    on = add_months(life.ago(days), -12)
    life.undone["end_notice"] = life.ago(days + 20)
    reported_in(life, on, 12)


def suspended(life: Life, months: int, days: int) -> None:
    """社区康复中止: arrested; the clock stands."""
    reported_in(life, life.ago(2, months))
    life.did(life.ago(days), Suspended(reason="arrested", document_no=life.number("捕")))


# ------------------------------------------------------------------ the three years


def following(life: Life, months: int, days: int = 0, *, level: SupportLevel = "medium") -> None:
    """三年跟踪: released so long ago, without recovery; only visits are owed."""
    on = released(life, life.ago(days, months))
    if level != "medium":
        life.did(on + 2 * DAY, SupportLevelSet(level=level, reasons=("与本人商定",)))


def leaving(life: Life, days: int, *, prepared: bool = True) -> None:
    """三年跟踪: the three years are over in so many days; the papers for it are to be sent."""
    if not prepared:
        life.undone["prepare_exit"] = life.today - timedelta(days=90)
    released(life, add_months(life.today + timedelta(days=days), -CONTROL))


def not_addicted(life: Life, months: int) -> None:
    """三年跟踪: used, and found not to be addicted."""
    found(life, life.ago(6, months), "not_addicted")


def without_measure(life: Life, months: int) -> None:
    """三年跟踪: addicted, and the police decided on no measure."""
    on = life.ago(4, months)
    confirmed(life, on)
    life.did(on, AddictionDetermined(finding="addicted"))
    life.did(on + 5 * DAY, NoMeasureDecided(decision_no=life.number("不采")))


def lapsed(life: Life, months: int) -> None:
    """三年跟踪: the order lapsed before anybody reported in."""
    on = life.ago(3, months)
    community.ordered(life, on)
    order = next(deed.event for deed in life.deeds if deed.event.name == "community_detox_ordered")
    number = str(getattr(order, "decision_no", ""))
    life.did(on + 40 * DAY, OrderLapsed(decision_no=number, reason="本人户籍地另行决定"))


def clean_since(life: Life, months: int) -> None:
    """三年跟踪: community detox is over, and a use in its course moved the exit on."""
    start = life.ago(11, 36 + months)
    community.reported_in(life, start)
    on = add_months(start, 14)
    sampled(life, life.told_for(on), "T2", "positive")
    life.did(on, UseConfirmed(test_id="T2"))


def after_treatment(life: Life, months: int) -> None:
    """三年跟踪: use was confirmed, and the person was treated by agreement before a decision."""
    on = life.ago(5, months)
    confirmed(life, on - 90 * DAY)
    life.did(on - 88 * DAY, VoluntaryTreatmentStarted(institution=HOSPITAL))
    life.did(on, VoluntaryTreatmentEnded(outcome="completed"))


def barred(life: Life, months: int) -> None:
    """三年跟踪: community detox is over, and a reported breach keeps the exit back; lifting that is proposed."""
    life.asks(ExitBarLifted(reason="报告后一直按时检测、有稳定工作，建议恢复自动退出"))
    start = life.ago(7, 36 + months)
    community.reported_in(life, start)
    for month in (3, 5, 8):
        on = add_months(start, month)
        life.did(on, Left())
        life.did(on + 4 * DAY, Returned())
    told = BreachReported(
        ground="unauthorised_departures",
        evidence=("三次外出记录",),
        explanation="已当面听取本人说明",
    )
    life.did(add_months(start, 8) + 6 * DAY, told, approved=True)
