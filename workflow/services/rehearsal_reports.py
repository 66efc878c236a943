"""
What a rehearsal gave, as one plain mapping: the JSON of rehearsal.md, and what does not hold of its `expect`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow.rules import breaches
from workflow.rules.case import Case
from workflow.rules.due import state
from workflow.rules.errors import GuituError
from workflow.rules.exits import exit_day
from workflow.rules.obligations.owed import Obligation
from workflow.rules.reasons import why
from workflow.rules.sentences import Language, reason, would_allow
from workflow.rules.team import told
from workflow.rules.workdays import WorkDays
from workflow.services.packs import load_pack
from workflow.services.rehearsing import Life, live
from workflow.services.scenario_expectations import unmet
from workflow.services.scenario_files import Scenario

__all__ = ["rehearse", "report", "unmet"]

Json = dict[str, Any]


def rehearse(scenario: Scenario, calendar: WorkDays) -> Life:
    """
    Live the scenario under the pack that it names.

    Raises:
        PackRefused: there is no such pack, or it cannot be used.
    """
    pack = load_pack(scenario.policy)
    return live(scenario.recs, pack, calendar, scenario.until, team=scenario.team)


def report(scenario: Scenario, life: Life, language: Language) -> Json:
    """The JSON of rehearsal.md; sentences in one language, all else in the words of the rules."""
    case, until = life.case, life.until
    exit_on = exit_day(case, until)
    return {
        "case": scenario.title,
        "policy": case.pack.name,
        "until": until.isoformat(),
        "stage": case.stage,
        "stages": [
            {"on": s.first.isoformat(), "stage": s.stage, "event": s.by.name} for s in case.stays
        ],
        "terms": terms(case, until),
        "exit_on": _day(exit_on.day),
        "exit_barred": case.barred(),
        "counters": breaches.counters_of(case.measures, until, case.pack.thresholds),
        "obligations": [_obligation(one, case, until, language) for one in life.owed],
        "notices": [
            {"on": n.on.isoformat(), "kind": n.kind, "rung": n.rung, "to": n.to} for n in life.told
        ],
        "refused": _refused(scenario, life, language),
    }


def terms(case: Case, on: date) -> list[Json]:
    """The terms that began, in order, without what was revoked."""
    return [
        {"measure": m.kind, "starts_on": _day(m.starts_on), "ends_on": _day(m.ends_on(on))}
        for m in case.measures
        if not m.revoked and m.ends_on(on) is not None
    ]


def _obligation(one: Obligation, case: Case, until: date, language: Language) -> Json:
    return {
        "kind": one.kind,
        "occurrence": one.occurrence,
        "opens_on": one.opens_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "closed_on": _day(one.closed_on),
        "state": state(one, until),
        "owner": one.owner,
        "told": told(case, one.owner, until)[0],
        "basis": one.rule.cited.basis,
        "source": one.rule.cited.source,
        "why": why(one, case, language),
    }


def _refused(scenario: Scenario, life: Life, language: Language) -> list[Json]:
    """Every event of every refused request, in the order of recording, with those that lacked a field."""
    turned: list[tuple[tuple[date, int], date, str, GuituError]] = [
        ((t.rec.recorded_on, t.rec.seq), t.rec.on, t.rec.event.name, t.error) for t in life.refused
    ]
    turned += [
        ((u.recorded_on, u.seq), u.on, u.event, u.error)
        for u in scenario.unparsable
        if u.recorded_on <= life.until
    ]
    return [
        {
            "on": on.isoformat(),
            "event": event,
            "code": error.code,
            "reason": reason(error, language),
            "would_allow": would_allow(error, language),
        }
        for _, on, event, error in sorted(turned, key=lambda each: each[0])
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
