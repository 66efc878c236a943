"""
Walks: generated histories (Hypothesis) that start at some stage and wander on by what the judge accepts.

Every event has fields that an office might write (`plausible`); a number picks among them. A walk is
made of steps; fewer steps of a seed are the beginning of more, so that failures shrink.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.histories import DAY, LEGS, Diary, reach, voided
from workflow.rules.case import Case, TeamMode
from workflow.rules.errors import Refused
from workflow.rules.events import ENGINE, EVENTS
from workflow.rules.plan import plan
from workflow.rules.stages import SOURCES

# ------------------------------------------------------------------ events with plausible fields

Values = dict[str, Any]


def plausible(case: Case, name: str, on: date, pick: int, seq: int) -> Values:
    """Fields that an office might write for this event now; `pick` chooses among them."""
    make = _FIELDS.get(name)
    return make(case, on, pick, f"n{seq}") if make else {}


def _one(found: Sequence[Any], pick: int) -> Any:
    return found[pick % len(found)]


def _test(case: Case, pick: int) -> str:
    ready = [t.id for t in case.tests.values() if t.positive and not t.any_confirmed()]
    return str(_one(ready or list(case.tests) or ["none"], pick))


def _isolation(case: Case, on: date, pick: int, no: str) -> Values:
    ways = {
        "community_ordered": ["refused_community_detox"],
        "community_detox": ["used_during_community_detox", "serious_breach"],
        "community_suspended": ["used_during_community_detox", "serious_breach"],
        "assessing": ["serious_addiction", "used_after_measure"],
    }
    ground = _one(ways.get(case.stage, ["used_after_measure"]), pick)
    values = {"decision_no": no, "decided_on": on, "served_on": on, "facility": "F1"}
    return {**values, "ground": ground, "contrary_to": "CI-02" if pick % 5 == 0 else None}


def _taken(case: Case, on: date, pick: int, no: str) -> Values:
    further = [t.id for t in case.tests.values() if t.decided is not None and not t.further]
    result = "negative" if pick % 3 == 1 else "positive"
    purpose = _one(["routine", "detection", "voluntary"], pick)
    values = {"test_id": no, "sample": _one(["urine", "hair"], pick // 3), "result": result}
    if further:
        return {**values, "method": "laboratory", "of": further[0], "purpose": purpose}
    return {**values, "method": "on_site", "purpose": purpose}


def _term(case: Case, on: date, pick: int, no: str) -> Values:
    measure = case.running()
    end = (measure.ends_on(on) if measure else None) or on
    outcome = _one(["approved", "rejected"], pick // 2)
    early = {"kind": "early_release", "ends_on": on + pick % 40 * DAY, "served_on": on}
    longer = {"kind": "extension", "ends_on": end + (1 + pick % 100) * DAY, "served_on": on}
    return {**_one([early, longer], pick), "outcome": outcome}


def _circumstance(case: Case, on: date, pick: int, no: str) -> Values:
    kind = _one(["pregnant", "nursing", "hospital", "disability"], pick)
    return {"kind": kind, "from_on": on, "until": on + (1 + pick % 60) * DAY}


def _excusable(case: Case, on: date, pick: int, no: str) -> Values:
    standing = [o for o in plan(case) if o.stands()]
    chosen = _one(standing, pick) if standing else None
    key = (chosen.kind, chosen.occurrence) if chosen else ("visit", "m1/w01")
    return {"kind": key[0], "occurrence": key[1], "reason": "agreed"}


def _last_id(case: Case) -> str:
    recorded = [f for facts in case.facts.values() for f in facts if f.rec and not voided(f.rec)]
    last = max(recorded, key=lambda f: f.rec.seq if f.rec else 0, default=None)
    return last.rec.id if last and last.rec else "none"


_ROLES = ("community_worker", "community_police", "community_doctor", "family", "psychologist")
_GROUNDS = ("refused_or_evaded_tests", "unauthorised_departures", "days_away")
_FIELDS: dict[str, Callable[[Case, date, int, str], Values]] = {
    "detected": lambda c, d, p, n: {"source": _one(["inspection", "family", "self_report"], p)},
    "voluntary_treatment_ended": lambda c, d, p, n: {"outcome": _one(["completed", "left"], p)},
    "use_confirmed": lambda c, d, p, n: {"test_id": _test(c, p), "used_on": d if p % 2 else None},
    "addiction_determined": lambda c, d, p, n: {
        "finding": _one(["seriously_addicted", "addicted", "not_addicted"], p)
    },
    "no_measure_decided": lambda c, d, p, n: {"decision_no": n},
    "community_detox_ordered": lambda c, d, p, n: {"decision_no": n, "served_on": d},
    "isolation_ordered": _isolation,
    "order_lapsed": lambda c, d, p, n: {"decision_no": n, "reason": "withdrawn"},
    "suspended": lambda c, d, p, n: {"reason": _one(["detained", "arrested"], p), "document_no": n},
    "terminated": lambda c, d, p, n: {"reason": "imprisoned", "document_no": n},
    "changed_to_community_detox": lambda c, d, p, n: {"decision_no": n, "served_on": d},
    "released": lambda c, d, p, n: {"proof_no": n},
    "community_recovery_ordered": lambda c, d, p, n: {
        "decision_no": n,
        "served_on": d,
        "months": 1 + p % 36,
    },
    "decision_revoked": lambda c, d, p, n: {
        "decision_no": _one([m.decision_no for m in c.measures] or ["none"], p)
    },
    "transferred_out": lambda c, d, p, n: {"to_agency": "elsewhere", "receipt_no": n},
    "entry_voided": lambda c, d, p, n: {"reason": "entered twice"},
    "person_registered": lambda c, d, p, n: {"born": date(1985 + p % 25, 2, 1)},
    "policy_pinned": lambda c, d, p, n: {"pack": "cn-national@2026.11"},
    "circumstance_recorded": _circumstance,
    "test_scheduled": lambda c, d, p, n: {"purpose": "routine", "notice_served_on": d},
    "test_taken": _taken,
    "test_objected": lambda c, d, p, n: {"test_id": _test(c, p)},
    "refusal_recorded": lambda c, d, p, n: {
        "explanation": "none",
        "written_declaration": p % 2 > 0,
    },
    "objection_decided": lambda c, d, p, n: {
        "test_id": _test(c, p),
        "outcome": _one(["granted", "refused"], p),
    },
    "use_dismissed": lambda c, d, p, n: {"test_id": _test(c, p), "reason": "medication"},
    "moved": lambda c, d, p, n: {"to_office": f"office-{p % 3}"},
    "left": lambda c, d, p, n: {
        "written_report": p % 3 == 0,
        "return_on": d + p % 20 * DAY if p % 3 == 0 else None,
    },
    "test_missed": lambda c, d, p, n: {"reason": "evaded", "notice_served_on": d - DAY},
    "breach_reported": lambda c, d, p, n: {"ground": _one(_GROUNDS, p), "explanation": "heard"},
    "breach_dismissed": lambda c, d, p, n: {"reason": "work away from home"},
    "evaluated": lambda c, d, p, n: {"kind": _one(["one_year", "pre_expiry", "stage"], p)},
    "term_decided": _term,
    "helper_assigned": lambda c, d, p, n: {"role": _one(_ROLES, p), "helper": f"h{n}"},
    "assignment_acknowledged": lambda c, d, p, n: {"role": _one(_ROLES, p)},
    "helper_released": lambda c, d, p, n: {"role": _one(_ROLES, p)},
    "chair_waived": lambda c, d, p, n: {"role": _one(_ROLES, p), "reason": "nobody"},
    "visited": lambda c, d, p, n: {"by_role": _one(["community_worker", "community_doctor"], p)},
    "needs_reviewed": lambda c, d, p, n: {"needs": ["hardship"] if p % 2 else []},
    "support_level_set": lambda c, d, p, n: {"level": _one(["high", "medium", "low"], p)},
    "papers_sent": lambda c, d, p, n: {"for_what": _one(["term", "exit", "closing"], p)},
    "exit_bar_lifted": lambda c, d, p, n: {"reason": "a year without incident"},
    "obligation_excused": _excusable,
    "event_voided": lambda c, d, p, n: {"event_id": _last_id(c), "reason": "error"},
}


# ------------------------------------------------------------------ walks

OFTEN = dict.fromkeys(
    ("test_taken", "use_confirmed", "addiction_determined", "left", "returned", "moved"), 12
) | dict.fromkeys(("test_missed", "agreement_signed", "support_level_set", "test_objected"), 6)
RARE = frozenset(
    {
        *("died", "entry_voided", "transferred_out", "use_not_found", "terminated"),
        *("circumstance_recorded", "person_registered", "obligation_excused", "paper_served"),
    }
)
NOT_DRAWN = frozenset({*ENGINE, "event_voided", "policy_pinned"})
Step = tuple[int, int, int]


@cache
def _choices(stage: str) -> tuple[str, ...]:
    """The events that a stage's table allows, moves often and ends seldom."""
    found: list[str] = []
    for name, cls in EVENTS.items():
        if name in NOT_DRAWN or stage not in SOURCES[name]:
            continue
        often = 1 if name in RARE else OFTEN.get(name, 9 if cls.moves else 3)
        found += [name] * often
    return tuple(found)


TRIES = 6


def wander(diary: Diary, on: date, way: Sequence[Step]) -> date:
    """Go on by steps of (days, pick of the event, pick of its fields); what is refused gives way to another."""
    for days, which, pick in way:
        on += timedelta(days=days)
        case = diary.case(on)
        names = _choices(case.stage)
        for again in range(TRIES):
            name = _one(names, which + again * 7919)
            values = plausible(case, name, on, pick + again, len(diary.recs))
            try:
                diary.record(on, name, approved=True, by=None, **values)
            except Refused:
                continue
            break
    return on


def disturb(diary: Diary, on: date, way: Sequence[Step]) -> None:
    """Late entries and voids, recorded on one day: steps of (days back, pick of the event, pick of its fields)."""
    for back, which, pick in way:
        happened = max(on - timedelta(days=back), diary.recs[0].on)
        gone = {voided(rec) for rec in diary.recs}
        free = [r.id for r in diary.recs if r.id not in gone and not voided(r)]
        case = diary.case(happened)
        name = "event_voided" if which % 4 == 0 else _one(_choices(case.stage), which)
        values = plausible(case, name, happened, pick, len(diary.recs))
        if name == "event_voided" and free:
            happened, values = on, {"event_id": _one(free, pick), "reason": "error"}
        try:
            diary.record(happened, name, late=on, approved=True, by=None, **values)
        except Refused:
            continue


REACHABLE = (*tuple(dict.fromkeys(stage for way in LEGS for stage in way)), "exited")
SEEDS = st.integers(0, 2**32 - 1)


def steps(seed: int, count: int) -> list[Step]:
    """So many steps of a walk: mostly days apart, sometimes months; more steps of a seed begin as fewer do."""
    chance = random.Random(seed)
    return [
        (
            chance.choice((chance.randint(0, 9), chance.randint(0, 40), chance.randint(0, 200))),
            chance.randrange(10_000),
            chance.randrange(10_000),
        )
        for _ in range(count)
    ]


@st.composite
def walks(draw: st.DrawFn, *, most: int = 25, team: TeamMode | None = None) -> tuple[Diary, date]:
    """A history that starts somewhere and wanders on, and its last day."""
    stage = draw(st.sampled_from(REACHABLE))
    modes: tuple[TeamMode, ...] = ("standing", "recorded")
    mode = draw(st.sampled_from(modes)) if team is None else team
    first = draw(st.dates(date(2015, 1, 1), date(2024, 12, 31)))
    diary = Diary(team=mode)
    on = reach(diary, stage, first, gap=draw(st.integers(1, 40)))
    return diary, wander(diary, on, steps(draw(SEEDS), draw(st.integers(0, most))))
