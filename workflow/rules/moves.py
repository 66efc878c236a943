"""
What is possible now: every type of event, whether it could be recorded today, and if not, why not.

Asked of the same guards that judge a recording, with the most favourable
draft of each event that the case allows; so what a phone greys out and what
the server refuses is one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from workflow.rules import guards
from workflow.rules.breaches import GROUNDS
from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import ENGINE, EVENTS, ROLES, Event
from workflow.rules.history import Recorded
from workflow.rules.plan import plan

SOMEBODY = "a second person"
NEEDS_APPROVAL = frozenset(
    {
        "refusal_recorded",
        "breach_reported",
        "breach_dismissed",
        "entry_voided",
        "exit_bar_lifted",
        "obligation_excused",
    }
)
SOMETIMES_APPROVED = frozenset({"event_voided", "isolation_ordered"})
"""What needs it by what it says: a void of somebody else's entry or of an older one; an order contrary to a rule."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """
    One type of event on a day.

    Args:
        error: why it is not possible, with its code; None where it is.
        choices: the values that the case allows now for fields such as a test, a ground or a role.
        needs_approval: that a second, authenticated person must approve it.
    """

    event: str
    possible: bool
    error: Refused | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needs_approval: bool = False


def moves(case: Case, day: date | None = None) -> list[Offer]:
    """
    Every type of event that a person may record, in the order of the registry.

    Args:
        case: folded on `day` (the case's own day where it is left out).
    """
    on = day or case.on
    return [_offer(case, name, on) for name in EVENTS if name not in ENGINE]


def _offer(case: Case, name: str, on: date) -> Offer:
    if name == "event_voided" and not case.count:
        return Offer(name, False, Refused("unknown_event", event_id="—"))
    first: Refused | None = None
    allowed: dict[str, list[str]] = {}
    possible = False
    for values in _drafts(case, name, on):
        try:
            guards.check(case, draft(name, on, values))
        except Refused as error:
            first = first or error
        else:
            possible = True
            for key in _choosable(name):
                if isinstance(values.get(key), str) and values[key] not in allowed.setdefault(
                    key, []
                ):
                    allowed[key].append(values[key])
    choices = {key: tuple(found) for key, found in allowed.items()}
    return Offer(name, possible, None if possible else first, choices, name in NEEDS_APPROVAL)


def draft(name: str, on: date, values: Values) -> Recorded:
    """A recording of an event of this type with these fields and plausible others, approved by somebody."""
    cls = EVENTS[name]
    event: Event = cls(**{**plausible(cls, on), **values})
    return Recorded("draft", event, on, on, 1 << 30, approved_by=SOMEBODY)


def plausible(cls: type[Event], on: date) -> dict[str, Any]:
    """A value for each field that has no default: the day for dates, the first word of a vocabulary, a dash for text."""
    return {name: on if kind is date else value for name, kind, value in _required(cls.name)}


@cache
def _required(name: str) -> tuple[tuple[str, object, Any], ...]:
    cls = EVENTS[name]
    hints = get_type_hints(cls)
    bare = [f for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]
    return tuple((f.name, hints[f.name], _value(hints[f.name])) for f in bare)


def _value(kind: object) -> object:
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return ()
    inner = [arg for arg in get_args(kind) if arg is not NoneType]
    if inner:
        return _value(inner[0])
    return {int: 1, bool: False, str: "—"}.get(kind)  # type: ignore[call-overload]


def _choosable(name: str) -> tuple[str, ...]:
    return _CHOICES.get(name, ((), None))[0]


def _drafts(case: Case, name: str, on: date) -> Iterator[Values]:
    make = _CHOICES.get(name, ((), None))[1]
    found = list(make(case, on)) if make else []
    yield from found or [{}]


def _tests(case: Case, on: date) -> Iterator[Values]:
    return ({"test_id": test_id} for test_id in case.tests)


def _further(case: Case, on: date) -> Iterator[Values]:
    """A test, or a further one of a positive that nothing has answered yet."""
    yield {}
    for test in case.tests.values():
        if test.unresolved():
            yield {"of": test.id}


def _isolation(case: Case, on: date) -> Iterator[Values]:
    return ({"ground": ground, "decided_on": on} for ground in guards.orders.GROUND_STAGES)


def _decisions(case: Case, on: date) -> Iterator[Values]:
    return ({"decision_no": measure.decision_no} for measure in case.measures)


def _chairs(case: Case, on: date) -> Iterator[Values]:
    return ({"role": role} for role in case.chairs)


def _roles(case: Case, on: date) -> Iterator[Values]:
    return ({"role": role} for role in ROLES.labels)


def _consents(case: Case, on: date) -> Iterator[Values]:
    return (
        {"role": role}
        for role in (*case.consents, *(r for r in case.chairs if r not in case.consents))
    )


def _term(case: Case, on: date) -> Iterator[Values]:
    measure = case.running()
    present = (measure.ends_on(on) if measure else None) or on
    yield {"kind": "early_release", "outcome": "approved", "ends_on": on, "served_on": on}
    yield {"kind": "early_release", "outcome": "rejected"}
    yield {
        "kind": "extension",
        "outcome": "approved",
        "ends_on": present + timedelta(days=1),
        "served_on": on,
    }
    yield {"kind": "extension", "outcome": "rejected"}


def _papers(case: Case, on: date) -> Iterator[Values]:
    return ({"for_what": what} for what in ("term", "exit", "closing"))


def _breaches(case: Case, on: date) -> Iterator[Values]:
    return ({"ground": ground, "explanation": "—"} for ground in GROUNDS)


def _dismissals(case: Case, on: date) -> Iterator[Values]:
    return ({"ground": ground} for ground in GROUNDS)


def _refusals(case: Case, on: date) -> Iterator[Values]:
    yield {"explanation": "—"}
    yield {"written_declaration": True}


def _excusable(case: Case, on: date) -> Iterator[Values]:
    return ({"kind": o.kind, "occurrence": o.occurrence} for o in plan(case) if o.stands())


def _any_event(case: Case, on: date) -> Iterator[Values]:
    recs = (fact.rec for facts in case.facts.values() for fact in facts if fact.rec is not None)
    return ({"event_id": rec.id} for rec in recs)


Make = Callable[[Case, date], Iterator[Values]]
_CHOICES: dict[str, tuple[tuple[str, ...], Make | None]] = {
    **dict.fromkeys(
        ("test_objected", "objection_decided", "use_confirmed", "use_dismissed"),
        (("test_id",), _tests),
    ),
    "test_taken": (("of",), _further),
    "isolation_ordered": (("ground",), _isolation),
    "decision_revoked": (("decision_no",), _decisions),
    **dict.fromkeys(("assignment_acknowledged", "helper_released"), (("role",), _chairs)),
    **dict.fromkeys(("helper_assigned", "chair_waived"), (("role",), _roles)),
    "consent_ended": (("role",), _consents),
    "term_decided": (("kind", "outcome"), _term),
    "papers_sent": (("for_what",), _papers),
    "breach_reported": (("ground",), _breaches),
    "breach_dismissed": (("ground",), _dismissals),
    "refusal_recorded": ((), _refusals),
    "obligation_excused": (("kind", "occurrence"), _excusable),
    "event_voided": (("event_id",), _any_event),
}
