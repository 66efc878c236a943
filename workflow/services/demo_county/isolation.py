"""Lives of the demo county in compulsory isolation (强制隔离戒毒), and those who came out of it not long ago."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules.events import (
    CircumstanceRecorded,
    EarlyReleaseProposed,
    Escaped,
    IsolationOrdered,
    MedicalRelease,
    Recaptured,
    Released,
    TermDecided,
    UseConfirmed,
)
from workflow.rules.terms import DAY, add_months, last_day_of_term
from workflow.services.demo_county import community
from workflow.services.demo_county.intake import found, sampled
from workflow.services.demo_county.life import Life
from workflow.services.demo_county.team import USUAL, Team, seat_team

FACILITY = "望归强制隔离戒毒所（虚构）"
TERM = 24


def isolated(life: Life, decided_on: date, *, contrary_to: str | None = None) -> None:
    """Serious addiction is found, and isolation is ordered the day after."""
    found(life, decided_on - DAY, "seriously_addicted")
    order = IsolationOrdered(
        decision_no=life.number("强戒"),
        decided_on=decided_on,
        served_on=decided_on,
        ground="serious_addiction",
        facility=FACILITY,
        contrary_to=contrary_to,
        document_no=life.number("公函") if contrary_to else None,
    )
    life.did(decided_on, order, approved=contrary_to is not None)


def isolated_from_care(life: Life, decided_on: date) -> None:
    """Somebody used again during community detox, and isolation is ordered; the team that stood before stays."""
    community.reported_in(life, add_months(decided_on, -7))
    confirmed_on = decided_on - 2 * DAY
    sampled(life, life.told_for(confirmed_on), "T2", "positive")
    life.did(confirmed_on, UseConfirmed(test_id="T2"))
    order = IsolationOrdered(
        decision_no=life.number("强戒"),
        decided_on=decided_on,
        served_on=decided_on,
        ground="used_during_community_detox",
        facility=FACILITY,
    )
    life.did(decided_on, order)


def decided_for(ends_on: date) -> date:
    """The day of the decision for which a term ends on this day, or where there is none just before it."""
    return add_months(ends_on + DAY, -TERM)


def released(life: Life, about: date, team: Team = USUAL) -> date:
    """The whole term is served and ends on this day or just before it; gives back the day of the release."""
    decided_on = decided_for(about)
    isolated(life, decided_on)
    on = last_day_of_term(decided_on, TERM)
    life.did(on, Released(proof_no=life.number("解")))
    seat_team(life, on, team)
    return on


# ------------------------------------------------------------------ inside


def inside(life: Life, months: int, days: int = 0, *, evaluated: bool = True) -> None:
    """强制隔离戒毒: decided so many months and days ago; the evaluation after a year is done, or still to come."""
    if not evaluated:
        life.undone["one_year_evaluation"] = life.today
    isolated(life, life.ago(days, months))


def family_not_told(life: Life, days: int) -> None:
    """强制隔离戒毒: decided a few days ago, and nobody has told the family."""
    life.undone["notify_family"] = life.ago(days)
    isolated(life, life.ago(days))


def inside_contrary(life: Life, days: int) -> None:
    """强制隔离戒毒: ordered while pregnant; it is on record as it happened, and its legality is to be reviewed."""
    life.did(life.ago(days + 20), CircumstanceRecorded(kind="pregnant"))
    isolated(life, life.ago(days), contrary_to="CI-02")
    life.undone["legality_review"] = life.ago(days)


def near_release(life: Life, days: int, *, planned: bool = True) -> None:
    """强制隔离戒毒: the term ends in so many days; somebody is to stand at the gate."""
    if not planned:
        life.undone["plan_handover"] = life.today - timedelta(days=60)
    isolated_from_care(life, decided_for(life.today + timedelta(days=days)))


def not_evaluated(life: Life, days: int) -> None:
    """强制隔离戒毒: the term ends in so many days, and the evaluation before it is still to come."""
    life.undone["pre_expiry_evaluation"] = life.today
    isolated(life, decided_for(life.today + timedelta(days=days)))


def early_release_proposed(life: Life, days: int) -> None:
    """强制隔离戒毒: the facility proposed early release some days ago; the decision is owed."""
    isolated(life, life.ago(20, 13))
    life.did(life.ago(days), EarlyReleaseProposed())


def early_release_decided(life: Life, days: int) -> None:
    """强制隔离戒毒: early release was approved; the person comes out in so many days."""
    isolated(life, life.ago(25, 15))
    life.did(life.ago(14), EarlyReleaseProposed())
    decision = TermDecided(
        kind="early_release",
        outcome="approved",
        ends_on=life.today + timedelta(days=days),
        served_on=life.ago(8),
    )
    life.did(life.ago(8), decision)


def not_confirmed(life: Life, days: int) -> None:
    """强制隔离戒毒: the term was over so many days ago, and nobody has confirmed the release."""
    isolated(life, decided_for(life.ago(days)))


def treated_outside(life: Life, months: int, days: int) -> None:
    """所外就医: out for treatment since so many days; the term runs, and the doctor looks in monthly."""
    isolated_from_care(life, life.ago(10, months))
    life.did(life.ago(days), MedicalRelease(document_no=life.number("医")))


def escaped(life: Life, months: int, days: int) -> None:
    """脱逃: gone since so many days; the clock stands."""
    isolated(life, life.ago(8, months))
    life.did(life.ago(days), Escaped(document_no=life.number("函")))


def recaptured(life: Life, months: int) -> None:
    """强制隔离戒毒: escaped once, and back; the days away are not counted."""
    isolated(life, life.ago(8, months))
    life.did(life.ago(75), Escaped(document_no=life.number("函")))
    life.did(life.ago(58), Recaptured(document_no=life.number("函")))


# ------------------------------------------------------------------ just out


def just_out(life: Life, days: int) -> None:
    """三年跟踪: released some days ago; the team is put together, and the facility's file has not come."""
    life.undone["receive_handover_file"] = life.ago(days)
    released(life, life.ago(days))
