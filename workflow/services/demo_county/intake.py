"""How lives of the demo county begin: suspicion and tests, objections, findings, treatment by agreement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from workflow.rules.events import (
    AddictionDetermined,
    CircumstanceRecorded,
    Detected,
    ObjectionDecided,
    TestObjected,
    TestTaken,
    UseConfirmed,
    UseDismissed,
    VoluntaryTreatmentStarted,
)
from workflow.rules.events.intake import Source
from workflow.rules.events.testing import Finding, Method, Result
from workflow.rules.terms import DAY
from workflow.services.demo_county.life import Life

SOURCES: tuple[Source, ...] = ("inspection", "inspection", "family", "self_report", "referral")
HOSPITAL = "望归县精神卫生中心（虚构）"
FIRST_TEST = "T1"


def suspected(life: Life, on: date, result: Result = "positive") -> None:
    """Somebody is registered and tested; of the result they are told on the spot."""
    source = SOURCES[life.pick("source", len(SOURCES))]
    life.did(on, Detected(source=source), by="community_police")
    sampled(life, on, FIRST_TEST, result)


def sampled(
    life: Life,
    on: date,
    test_id: str,
    result: Result,
    *,
    of: str | None = None,
    method: Method = "on_site",
) -> None:
    """A test on suspicion, or the further one that re-examines it."""
    event = TestTaken(
        test_id=test_id,
        method=method,
        of=of,
        sample="urine",
        result=result,
        told_on=on,
        purpose="detection",
    )
    life.did(on, event, by="community_police")


def confirmed(life: Life, on: date) -> None:
    """Somebody is suspected just so long ago that the use is confirmed on this day, and it is."""
    suspected(life, life.told_for(on))
    life.did(on, UseConfirmed(test_id=FIRST_TEST))


def found(life: Life, on: date, finding: Finding) -> None:
    """Use is confirmed on this day, and so is what it means."""
    confirmed(life, on)
    life.did(on, AddictionDetermined(finding=finding))


# ------------------------------------------------------------------ lives that stand at the beginning


def waiting_for_window(life: Life, days: int) -> None:
    """发现登记: tested a few days ago; whether the result is final is not yet known."""
    suspected(life, life.ago(days))


def objecting(life: Life, days: int, outcome: Literal["granted", "refused"] | None = None) -> None:
    """发现登记: the person objected the day after; the objection waits, or a further test is outstanding."""
    on = life.ago(days)
    suspected(life, on)
    life.did(on + DAY, TestObjected(test_id=FIRST_TEST))
    if outcome is not None:
        life.did(on + 3 * DAY, ObjectionDecided(test_id=FIRST_TEST, outcome=outcome))


def unclear(life: Life, days: int, *, reviewed: bool = True) -> None:
    """发现登记: a test without a result that says anything; the case waits, and is looked at weekly."""
    suspected(life, life.ago(days), "negative")
    if not reviewed:
        life.undone["stage_review"] = life.ago(days) + timedelta(days=14)


def waiting_for_finding(life: Life, days: int) -> None:
    """成瘾认定: use stands; whether the person is addicted is to be determined."""
    confirmed(life, life.ago(days))


def waiting_for_decision(
    life: Life, days: int, finding: Finding = "addicted", *, pregnant: bool = False
) -> None:
    """成瘾认定: the finding is there, and a decision is owed."""
    if pregnant:
        life.did(life.ago(days + 2), CircumstanceRecorded(kind="pregnant"))
    found(life, life.ago(days), finding)


def in_treatment(life: Life, days: int) -> None:
    """自愿戒毒: somebody came by themselves and is treated by agreement."""
    life.did(life.ago(days), VoluntaryTreatmentStarted(institution=HOSPITAL))


def in_treatment_after_test(life: Life, days: int) -> None:
    """自愿戒毒: tested, and treated by agreement before anything was decided; the positive is still open."""
    on = life.ago(days)
    suspected(life, on - 10 * DAY)
    life.did(on, VoluntaryTreatmentStarted(institution=HOSPITAL))
    life.did(
        on + 2 * DAY,
        UseDismissed(test_id=FIRST_TEST, reason="服用处方镇咳药所致，已核对病历"),
    )
