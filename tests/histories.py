"""
Histories for tests: a diary that an office writes, and ways through the stages.

`Diary.record` asks the real judge, as recording and rehearsing do. `reach` leads a diary to any
stage; tests/walks.py wanders on from there. Dates are written as text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter

from workflow.rules.case import Case, TeamMode
from workflow.rules.due import State, state
from workflow.rules.errors import Refused
from workflow.rules.events import EVENTS, Event, EventVoided
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.judging import Accepted, judge
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.services.calendars import work_days
from workflow.services.packs import load_pack
from workflow.services.rehearsing import Life, live

PACK = load_pack("cn-national")
DAYS = work_days()
DAY = timedelta(days=1)
Day = date | str


def day(written: Day) -> date:
    """A civil day as tests write it: `2024-02-29`, or a date as it is."""
    return date.fromisoformat(written) if isinstance(written, str) else written


@cache
def _reader(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(EVENTS[name])


def event(name: str, **values: Any) -> Event:
    """An event from its fields, dates as text or dates."""
    return _reader(name).validate_python(values)


class Diary:
    """
    What an office recorded of one case, in the order of recording.

    Args:
        team: `standing` (the default here) leaves the team out of a test that is not about it.
    """

    def __init__(self, *, team: TeamMode = "standing", pack: Pack = PACK) -> None:
        self.recs: list[Recorded] = []
        self.team: TeamMode = team
        self.pack = pack

    def draft(
        self,
        on: Day,
        name: str,
        *,
        late: Day | None = None,
        id: str | None = None,
        by: str | None = "worker-1",
        approved: bool = False,
        **values: Any,
    ) -> Recorded:
        """One event as it would be recorded on its day, or on the later day `late`."""
        seq = len(self.recs)
        rec = Recorded(id or f"e{seq}", event(name, **values), day(on), day(late or on), seq)
        return replace(rec, recorded_by=by, approved_by="supervisor-1" if approved else None)

    def request(self, *drafts: Recorded, on: Day | None = None) -> Accepted:
        """Record several events at once: taken or refused whole."""
        first = len(self.recs)
        numbered = [replace(rec, seq=first + n) for n, rec in enumerate(drafts)]
        unique = [
            replace(rec, id=f"{rec.id}.{n}") if n and rec.id == drafts[0].id else rec
            for n, rec in enumerate(numbered)
        ]
        today = day(on) if on else max(rec.recorded_on for rec in drafts)
        accepted = judge(self.recs, unique, self.pack, DAYS, today, team=self.team)
        self.recs += accepted.events
        return accepted

    def record(self, on: Day, name: str, **values: Any) -> Diary:
        """Record one event through the judge; gives back the diary, to go on writing."""
        self.request(self.draft(on, name, **values))
        return self

    def note(self, on: Day, name: str, **values: Any) -> Diary:
        """Write an event down without asking the judge, with nothing written into it."""
        self.recs.append(self.draft(on, name, **values))
        return self

    def refused(self, on: Day, name: str, **values: Any) -> str:
        """The code with which the judge refuses this event."""
        return self.refused_request(self.draft(on, name, **values))

    def refused_request(self, *drafts: Recorded) -> str:
        """The code with which the judge refuses a request of several events."""
        before = list(self.recs)
        with pytest.raises(Refused) as refusal:
            self.request(*drafts)
        assert self.recs == before
        return refusal.value.code

    def void(self, on: Day, event_id: str, *more: Recorded) -> Accepted:
        """Void an event, with what replaces it in the same request."""
        voiding = self.draft(
            on, "event_voided", approved=True, id=f"v-{event_id}", event_id=event_id, reason="error"
        )
        return self.request(voiding, *more, on=on)

    def copy(self) -> Diary:
        """A diary of its own with the same entries."""
        other = Diary(team=self.team, pack=self.pack)
        other.recs = list(self.recs)
        return other

    def case(self, on: Day) -> Case:
        """The case as it is on a day."""
        return fold(history_of(self.recs), self.pack, DAYS, day(on), team=self.team)

    def stage(self, on: Day) -> str:
        """The stage on a day."""
        return self.case(on).stage

    def owed(
        self, on: Day, kind: str | None = None, through: Day | None = None
    ) -> list[Obligation]:
        """What is owed on a day; of one kind, if one is named."""
        found = plan(self.case(on), day(through) if through else None)
        return [one for one in found if kind is None or one.kind == kind]

    def one(self, on: Day, kind: str, occurrence: str | None = None) -> Obligation:
        """The only obligation of a kind, or the one of an occurrence."""
        found = [o for o in self.owed(on, kind) if occurrence in (None, o.occurrence)]
        assert len(found) == 1, f"{kind} {occurrence}: {[o.occurrence for o in found]}"
        return found[0]

    def state(self, on: Day, kind: str, occurrence: str | None = None) -> State:
        """What an obligation is on a day."""
        return state(self.one(on, kind, occurrence), day(on))

    def standing(self, on: Day, kind: str) -> list[str]:
        """The occurrences of a kind that are owed, to come or held on a day."""
        return [one.occurrence for one in self.owed(on, kind) if one.stands()]

    def life(self, until: Day, *, every_day: bool = False) -> Life:
        """The same entries lived day by day; nothing that was written into them is kept."""
        bare = [replace(rec, closes=None, rank=-1) for rec in self.recs]
        return live(bare, self.pack, DAYS, day(until), team=self.team, every_day=every_day)

    def told(self, until: Day, kind: str) -> list[tuple[str, str, str]]:
        """Day, rung and recipient of every notice about a kind."""
        return [(str(n.on), n.rung, n.to) for n in self.life(until).told if n.kind == kind]


# ------------------------------------------------------------------ ways to a stage

Leg = Callable[[Diary, date], date]


def number(diary: Diary, letter: str) -> str:
    """A number for a paper or a test that this diary has not used."""
    return f"{letter}-{len(diary.recs)}"


def detect(diary: Diary, on: date) -> date:
    """The person is found; the case begins."""
    diary.record(on, "detected", source="inspection")
    return on


def confirm(diary: Diary, on: date, *, sample: str = "urine") -> date:
    """A positive test, and use confirmed once the objection window has closed."""
    test = number(diary, "t")
    values = {"method": "on_site", "sample": sample, "result": "positive", "purpose": "detection"}
    diary.record(on, "test_taken", test_id=test, **values)
    later = DAYS.on_or_after(on + 3 * DAY) + DAY
    diary.record(later, "use_confirmed", test_id=test)
    return later


def find(diary: Diary, on: date, finding: str = "seriously_addicted") -> date:
    """The finding, unless there is one already."""
    if diary.case(on).finding is None:
        diary.record(on, "addiction_determined", finding=finding)
    return on


def order_community(diary: Diary, on: date) -> date:
    """Community detox is ordered and served."""
    find(diary, on)
    diary.record(on, "community_detox_ordered", decision_no=number(diary, "D"), served_on=on)
    return on


def report_in(diary: Diary, on: date) -> date:
    """The person reports in."""
    diary.record(on, "reported_in")
    return on


def suspend(diary: Diary, on: date) -> date:
    """The person is detained."""
    diary.record(on, "suspended", reason="detained", document_no="S-1")
    return on


def order_isolation(diary: Diary, on: date) -> date:
    """Isolation on the ground that the stage allows, its facts recorded first."""
    stage = diary.stage(on)
    if stage == "community_ordered":
        ground = "refused_community_detox"
        diary.record(on, "refusal_recorded", written_declaration=True, approved=True)
    elif stage in ("community_detox", "community_suspended"):
        ground, on = "used_during_community_detox", confirm(diary, on)
    elif stage.startswith("recovery"):
        ground, on = "used_after_measure", confirm(diary, on)
    else:
        ground, on = "serious_addiction", find(diary, on)
    values = {"decision_no": number(diary, "I"), "ground": ground, "facility": "F1"}
    diary.record(on, "isolation_ordered", decided_on=on, served_on=on, **values)
    return on


def change_to_community(diary: Diary, on: date) -> date:
    """Too ill for the facility: community detox instead."""
    values = {"decision_no": number(diary, "C"), "served_on": on}
    diary.record(on, "changed_to_community_detox", **values)
    return on


def order_recovery(diary: Diary, on: date, months: int = 24) -> date:
    """Community recovery is ordered and served."""
    values = {"decision_no": number(diary, "R"), "served_on": on, "months": months}
    diary.record(on, "community_recovery_ordered", **values)
    return on


def _plain(name: str, **values: Any) -> Leg:
    def leg(diary: Diary, on: date) -> date:
        diary.record(on, name, **values)
        return on

    return leg


release = _plain("released", proof_no="P-1")
terminate = _plain("terminated", reason="imprisoned", document_no="T-1")
start_treatment = _plain("voluntary_treatment_started", institution="H1")

LEGS: dict[tuple[str, str], Leg] = {
    ("new", "detected"): detect,
    ("detected", "assessing"): confirm,
    ("follow_up", "assessing"): confirm,
    ("voluntary_treatment", "assessing"): confirm,
    ("assessing", "voluntary_treatment"): start_treatment,
    ("follow_up", "voluntary_treatment"): start_treatment,
    ("voluntary_treatment", "follow_up"): _plain("voluntary_treatment_ended", outcome="left"),
    ("assessing", "community_ordered"): order_community,
    ("assessing", "isolation"): order_isolation,
    ("assessing", "follow_up"): _plain("no_measure_decided", decision_no="N-1"),
    ("community_ordered", "community_detox"): report_in,
    ("community_ordered", "isolation"): order_isolation,
    ("community_ordered", "follow_up"): _plain("order_lapsed", decision_no="L-1", reason="lapsed"),
    ("community_detox", "community_suspended"): suspend,
    ("community_suspended", "community_detox"): _plain("resumed"),
    ("community_suspended", "isolation"): order_isolation,
    ("community_detox", "isolation"): order_isolation,
    ("isolation", "isolation_medical"): _plain("medical_release"),
    ("isolation_medical", "isolation"): _plain("medical_return"),
    ("isolation", "isolation_escaped"): _plain("escaped"),
    ("isolation_escaped", "isolation"): _plain("recaptured"),
    ("isolation", "follow_up"): release,
    ("follow_up", "recovery_ordered"): order_recovery,
    ("recovery_ordered", "recovery"): report_in,
    ("recovery", "recovery_suspended"): suspend,
    ("recovery_suspended", "recovery"): _plain("resumed"),
    ("recovery", "isolation"): order_isolation,
    ("recovery_suspended", "isolation"): order_isolation,
    ("recovery_ordered", "isolation"): order_isolation,
    ("follow_up", "serving_sentence"): terminate,
    ("assessing", "serving_sentence"): terminate,
    ("community_detox", "serving_sentence"): terminate,
    ("follow_up", "closed"): _plain("died"),
}
LONG_WAY = {"exited": ("follow_up", 1150)}
FIRST = date(2021, 3, 1)


def reach(diary: Diary, target: str, on: date, *, gap: int = 5) -> date:
    """Lead a diary from its present stage to another by the legs, `gap` days each; gives the day of arrival."""
    if target in LONG_WAY:
        before, wait = LONG_WAY[target]
        return reach(diary, before, on, gap=gap) + timedelta(days=wait)
    for leg in _legs(diary, target, on):
        on = leg(diary, on + timedelta(days=gap))
    assert diary.stage(on) == target
    return on


def _legs(diary: Diary, target: str, on: date) -> Sequence[Leg]:
    case = diary.case(on)
    released = any(m.how == "released" for m in case.measures)
    ways: list[tuple[str, bool, tuple[Leg, ...]]] = [(case.stage, released, ())]
    seen = {(case.stage, released)}
    for stage, free, legs in ways:
        if stage == target:
            return legs
        for (source, following), leg in LEGS.items():
            frees = free or leg is release
            ready = free or following != "recovery_ordered"
            if source == stage and ready and (following, frees) not in seen:
                seen.add((following, frees))
                ways.append((following, frees, (*legs, leg)))
    raise AssertionError(f"no way from {case.stage} to {target}")


def at(stage: str, on: date = FIRST, *, team: TeamMode = "standing") -> tuple[Diary, date]:
    """A new diary led to a stage, and the day of arrival."""
    diary = Diary(team=team)
    return diary, reach(diary, stage, on)


def voided(rec: Recorded) -> str | None:
    """The id of the event that a record voids."""
    return rec.event.event_id if isinstance(rec.event, EventVoided) else None
