"""
The worked cases (样例个案) that travel with the program, loaded into a demo by the same doors as real ones.

Every event is recorded on the day on which its file says it was entered, and
every day up to the file's last one is lived, so that what was told was told on
its day. What came after is caught up in one go, as after a long illness. Events
that the files show being refused are refused here too. Safe to run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from workflow.rules.errors import Refused
from workflow.rules.events import Event, EventVoided, PersonRegistered
from workflow.rules.history import Recorded
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.demo_accounts import ADMINISTRATOR, DemoAccount, make_demo_accounts
from workflow.services.modes import begin_demo, claim_demo
from workflow.services.opening import NewCase, open_case
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, record
from workflow.services.scenario_files import Scenario, read_scenario
from workflow.services.sweeping import dawn, sweep_through
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitsOfWork

BY = "demo"
ACCOUNTS = (
    DemoAccount(ADMINISTRATOR, "administrator"),
    DemoAccount("county", "county"),
    DemoAccount("county2", "county"),
    DemoAccount("auditor", "auditor"),
)
"""There are no offices and no staff: a county officer reaches every case, and a second one approves."""

NAMES = (
    "陈桂芳",
    "李建国",
    "王秀兰",
    "赵志强",
    "周小梅",
    "吴海涛",
    "郑春燕",
    "孙立平",
    "钱玉珍",
    "冯大勇",
    "何静",
    "高远航",
)
"""Invented, as everybody here is."""


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One file as a case of the demo."""

    case_id: UUID
    person_id: UUID
    name: str
    scenario: Scenario

    @property
    def born(self) -> date | None:
        """The birth date, which the files give as an event too."""
        found = [r.event.born for r in self.scenario.recs if isinstance(r.event, PersonRegistered)]
        return found[0] if found else None

    def requests(self) -> Iterator[tuple[date, list[Recorded]]]:
        """What is recorded, by day; the events of a day with a void among them are one request."""
        recs = [r for r in self.scenario.recs if not isinstance(r.event, PersonRegistered)]
        recs.sort(key=lambda rec: (rec.recorded_on, rec.seq))
        for day, found in groupby(recs, key=lambda rec: rec.recorded_on):
            of_day = list(found)
            if any(isinstance(rec.event, EventVoided) for rec in of_day):
                yield day, of_day
            else:
                yield from ((day, [rec]) for rec in of_day)

    def new_event(self, rec: Recorded) -> NewEvent:
        """The event as a client would send it, under an id that no other case has."""
        event: Event = rec.event
        if isinstance(event, EventVoided):
            event = replace(event, event_id=self.event_id(event.event_id))
        return NewEvent(self.event_id(rec.id), event, rec.on, rec.at, None, rec.approved_by)

    def event_id(self, name: str) -> str:
        """The id of the event that the file calls so."""
        return str(uuid5(self.case_id, name))


def worked_cases(folder: Path | None = None) -> list[WorkedCase]:
    """The worked cases of a folder, of the program's own where none is named."""
    found = folder or Path(str(files("workflow") / "data" / "worked-cases"))
    return [
        worked_case(path, NAMES[n % len(NAMES)])
        for n, path in enumerate(sorted(found.glob("*.yaml")))
    ]


def worked_case(path: Path, name: str) -> WorkedCase:
    """The case that one file tells."""
    case_id = uuid5(NAMESPACE_URL, f"guitu:worked-case:{path.stem}")
    return WorkedCase(case_id, uuid5(case_id, "person"), name, read_scenario(path))


def load_worked_cases(
    uow_factory: UnitsOfWork,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    found: list[WorkedCase] | None = None,
    passed: Callable[[int, int], None] | None = None,
) -> date:
    """
    Record and live the worked cases; gives back the day on which the demo then stands.

    Args:
        passed: told how many cases are done, and of how many.
    """
    found = worked_cases() if found is None else found
    with uow_factory() as uow:
        claim_demo(uow, "worked_cases")
    last = max(one.scenario.until for one in found)
    for n, one in enumerate(sorted(found, key=lambda each: each.scenario.until, reverse=True)):
        _live(uow_factory, one, packs, calendar, min(one.scenario.until, last - DAY))
        if passed:
            passed(n + 1, len(found))
    sweep_through(
        uow_factory, packs=packs, calendar=calendar, after=last - 2 * DAY, through=last - DAY
    )
    _dawn(uow_factory, packs, calendar, last)
    return last


def _live(
    uow_factory: UnitsOfWork, one: WorkedCase, packs: Packs, calendar: WorkDays | None, until: date
) -> None:
    """Record and live one case to its last day; those loaded before it wait for later days and are not touched."""
    lived = None
    for day, request in one.requests():
        if day > one.scenario.until:
            break
        if lived is not None and lived < day - DAY:
            sweep_through(
                uow_factory, packs=packs, calendar=calendar, after=lived, through=day - DAY
            )
        lived = day - DAY
        _record(uow_factory, one, request, packs, calendar, day)
    if lived is not None and lived < until:
        sweep_through(uow_factory, packs=packs, calendar=calendar, after=lived, through=until)


def _record(
    uow_factory: UnitsOfWork,
    one: WorkedCase,
    request: list[Recorded],
    packs: Packs,
    calendar: WorkDays | None,
    day: date,
) -> None:
    clock = Instant.on(day)
    with uow_factory() as uow:
        new = NewCase(
            case_id=one.case_id,
            person_id=one.person_id,
            profile=Profile(name=one.name, born=one.born),
            policy=one.scenario.policy,
            team=one.scenario.team,
            opened_on=min(rec.on for rec in one.scenario.recs),
        )
        open_case(uow, new, packs=packs, clock=clock, by=BY)
    try:
        with uow_factory() as uow:
            events = [one.new_event(rec) for rec in request]
            by = request[0].recorded_by or BY
            record(uow, one.case_id, events, packs=packs, calendar=calendar, clock=clock, by=by)
    except Refused:
        return  # the files show refusals too


def _dawn(uow_factory: UnitsOfWork, packs: Packs, calendar: WorkDays | None, day: date) -> None:
    """The last day dawns: the clock says so, and the rows show what is open on it."""
    with uow_factory() as uow:
        begin_demo(uow, day)
        make_demo_accounts(uow, ACCOUNTS, Instant.on(day))
    dawn(uow_factory, packs=packs, calendar=calendar, day=day)
