"""
What an office of the demo county does on an ordinary day (日常): it does what is owed, mostly in time.

The acts come from the rules' own plan: what a life owes is asked, and answered where an
office would, sooner or later, a few of them late, and some that are still open not at
all. Decisions of police and courts are never made here: a life tells them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from workflow.rules.case import Case
from workflow.rules.events import (
    AgreementSigned,
    EndNoticeServed,
    Evaluated,
    Event,
    ExitBarReviewed,
    FacilityTransferred,
    FamilyNotified,
    FileForwarded,
    HandoverFileReceived,
    HandoverPlanned,
    LegalityReviewed,
    MetAtGate,
    NeedsReviewed,
    PapersSent,
    PlanMade,
    RecordUpdateConfirmed,
    RecordUpdateSent,
    StageReviewed,
    TeamMet,
    TestTaken,
    UseReported,
    Visited,
    WelfareContacted,
)
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import plan
from workflow.rules.stages import may
from workflow.services.demo_county.life import Life
from workflow.services.event_forms import parse

ROUNDS = 60
"""More than the links of any chain here: what is owed again once it was done is asked for anew."""

LATE, LATE_WHERE_SLOW, LEFT_OPEN = 5, 25, 7
"""Of a hundred acts: done late, in an office or in one that is slow; of those due of late, not done yet."""

OF_LATE = timedelta(days=30)
Act = Callable[[Life, Obligation, date], Event]

NOTES = (
    "情绪平稳，近期在镇上打零工。",
    "家里农忙，约定下月再谈就业培训。",
    "睡眠不好，已建议到卫生院复诊。",
    "与家人关系有好转，愿意参加小组活动。",
    "找到仓库搬运的工作，按时上班。",
    "谈了还款的压力，已转民政了解救助。",
)
NEEDS: tuple[tuple[str, ...], ...] = (
    ("no_work",),
    ("hardship", "no_work"),
    ("distressed",),
    (),
    ("farming",),
    ("legal_trouble",),
)


def _visited(life: Life, owed: Obligation, on: date) -> Event:
    note = NOTES[life.pick(f"note {on}", len(NOTES))]
    return Visited(occurrence=_if_late(owed, on), note=note)


def routine_test(life: Life, on: date, occurrence: str | None = None) -> Event:
    """A routine test on a day, negative as most are."""
    return TestTaken(
        test_id=life.number("T"),
        method="on_site",
        sample="urine",
        result="negative",
        told_on=on,
        purpose="routine",
        occurrence=occurrence,
    )


def _tested(life: Life, owed: Obligation, on: date) -> Event:
    return routine_test(life, on, _if_late(owed, on))


def _needs(life: Life, owed: Obligation, on: date) -> Event:
    found = NEEDS[life.pick("needs", len(NEEDS))]
    return NeedsReviewed(needs=found, occurrence=_if_late(owed, on))


def _evaluated(life: Life, owed: Obligation, on: date) -> Event:
    if owed.kind == "one_year_evaluation":
        return Evaluated(kind="one_year", result="良好")
    return Evaluated(kind="pre_expiry", result="良好")


def _cared(life: Life, owed: Obligation, on: date) -> Event:
    channels = ("电话", "上门", "通过家人带话", "短信")
    channel = channels[life.pick(f"channel {on}", len(channels))]
    return WelfareContacted(channel=channel, outcome="暂未联系上，已留言，明天再试")


def _if_late(owed: Obligation, on: date) -> str | None:
    """An act after its window names what it makes up for; else it would count for the window of its day."""
    return owed.occurrence if on > owed.due_on else None


ACTS: Mapping[str, tuple[str, Act]] = MappingProxyType(
    {
        "visit": ("community_worker", _visited),
        "routine_test": ("community_worker", _tested),
        "team_meeting": ("supervisor", lambda _, owed, on: TeamMet(occurrence=_if_late(owed, on))),
        "review_needs": ("community_worker", _needs),
        "sign_agreement": ("community_worker", lambda *_: AgreementSigned()),
        "make_plan": ("community_worker", lambda *_: PlanMade()),
        "welfare_contact": ("community_worker", _cared),
        "report_use": ("community_worker", lambda *_: UseReported()),
        "forward_file": ("community_worker", lambda *_: FileForwarded()),
        "send_papers": ("community_worker", lambda *_: PapersSent(for_what="term")),
        "prepare_exit": ("community_worker", lambda *_: PapersSent(for_what="exit")),
        "plan_handover": ("community_worker", lambda *_: HandoverPlanned()),
        "meet_at_gate": ("community_worker", lambda *_: MetAtGate()),
        "receive_handover_file": ("community_worker", lambda *_: HandoverFileReceived()),
        "close_file": ("supervisor", lambda *_: PapersSent(for_what="closing")),
        "stage_review": ("supervisor", lambda *_: StageReviewed(note="已与民警核对，仍在办理中。")),
        "legality_review": (
            "supervisor",
            lambda *_: LegalityReviewed(outcome="已书面提请决定机关复核"),
        ),
        "facility_transfer": ("supervisor", lambda *_: FacilityTransferred()),
        "one_year_evaluation": ("supervisor", _evaluated),
        "pre_expiry_evaluation": ("supervisor", _evaluated),
        "send_record_update": ("supervisor", lambda *_: RecordUpdateSent()),
        "confirm_record_update": ("supervisor", lambda *_: RecordUpdateConfirmed()),
        "review_exit_bar": ("supervisor", lambda *_: ExitBarReviewed()),
        "end_notice": ("community_police", lambda *_: EndNoticeServed()),
        "notify_family": ("community_police", lambda *_: FamilyNotified()),
        "medical_review": (
            "community_doctor",
            lambda *_: Visited(by_role="community_doctor", note="随访，按时服药。"),
        ),
    }
)
"""For each kind that an office does by itself: in which role, and what it then writes down."""

ON_THE_LAST_DAY = frozenset({"meet_at_gate"})
AT_ONCE = frozenset({"notify_family"})


def lived(life: Life) -> Life:
    """The life with all that the office did in it, up to the day before its today."""
    answered: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        case = life.case()
        waiting = [one for one in plan(case) if _waits(one, life) and one.key not in answered]
        if not waiting:
            return life
        answered.update(one.key for one in waiting)
        for one in waiting:
            _answer(life, case, one)
    raise AssertionError(f"what person {life.person.number} owes never comes to an end")


def _waits(one: Obligation, life: Life) -> bool:
    known = one.kind in ACTS or one.kind == "acknowledge_assignment"
    return known and not one.settled() and not one.withdrawn and one.opens_on < life.today


def _answer(life: Life, case: Case, one: Obligation) -> None:
    """Do what is owed, if it is done by yesterday and can be done in the stage of that day."""
    day = _day_of(life, one)
    if day is None or day >= life.today or not _stands_on(one, day):
        return
    role, event = _written(life, one, day)
    if may(event.name, _stage_on(case, day)):
        life.did(day, event, by=role)


def _stands_on(one: Obligation, day: date) -> bool:
    """Whether it is still owed on a day, and not held by a suspension."""
    ended, held = one.ended_on, one.held_since
    return (ended is None or day < ended) and (held is None or day < held)


def _written(life: Life, one: Obligation, day: date) -> tuple[str, Event]:
    if one.kind == "acknowledge_assignment":
        return one.owner, parse("assignment_acknowledged", {"role": one.owner})
    role, act = ACTS[one.kind]
    return role, act(life, one, day)


def _day_of(life: Life, one: Obligation) -> date | None:
    """The day on which the office does it; None where nobody does."""
    if one.kind in life.undone and one.due_on >= life.undone[one.kind]:
        return None
    if one.kind == "acknowledge_assignment" and one.owner in life.silent:
        return None
    if one.kind in AT_ONCE:
        return one.opens_on
    if one.kind in ON_THE_LAST_DAY:
        return one.due_on
    luck = life.pick(f"{one.kind} {one.occurrence}", 100)
    if one.due_on >= life.today - OF_LATE and luck < LEFT_OPEN:
        return None
    if luck >= 100 - (LATE_WHERE_SLOW if life.slow else LATE):
        return life.working(one.due_on + timedelta(days=1 + luck % 6))
    return _in_time(life, one, luck)


def _in_time(life: Life, one: Obligation, luck: int) -> date:
    """Some day after its opening and up to its due day, on a working day where there is one."""
    span = (one.due_on - one.opens_on).days
    after = max(1, span * (20 + luck * 6 // 10) // 100)
    day = life.working(one.opens_on + timedelta(days=after))
    if day <= one.due_on:
        return day
    before = life.setting.days.on_or_before(one.due_on)
    return before if before >= one.opens_on else one.due_on


def _stage_on(case: Case, day: date) -> str:
    """The stage at the end of a day."""
    return next((stay.stage for stay in reversed(case.stays) if stay.first <= day), "new")
