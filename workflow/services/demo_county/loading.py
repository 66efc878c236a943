"""
Loading the demo county (载入演示县): its offices and staff come in, and its months are lived day by day, as real people would.

Every request goes through the services with the clock of its day; each day ends with a
sweep, so that what was told was told on its day. What the rules refuse is an error of
the lives and stops the loading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TypedDict

from workflow.rules.events import Moved
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.demo_accounts import make_demo_accounts
from workflow.services.demo_county.cast import lives
from workflow.services.demo_county.houses import (
    COUNTY_OFFICER,
    LEAVES,
    accounts_of,
    go_on_leave,
    open_houses,
)
from workflow.services.demo_county.invented import named, of_chair, townships
from workflow.services.demo_county.life import Life, Request, Setting
from workflow.services.handing_over import hand_over_caseload, receive
from workflow.services.modes import begin_demo, claim_demo, set_demo_today
from workflow.services.opening import NewCase, open_case
from workflow.services.projecting import Packs
from workflow.services.proposals import approve, propose
from workflow.services.recording import record
from workflow.services.sweeping import dawn, next_day, sweep
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

POLICY = "cn-national"
LIVED = timedelta(days=60)
"""How long ago the county went live: long enough that somebody was told at each rung of the ladder."""
OPENS, CLOSES, EVENING = time(9), time(17, 30), time(18)
"""The first request of a day; the last one; its sweep, after all of them."""
RECEIPT = timedelta(days=3)
APART, APPROVED = timedelta(minutes=4), timedelta(minutes=1)
Passed = Callable[[int, int], None]


class Tools(TypedDict):
    """Packs, calendar and clock, by the names under which services take them."""

    packs: Packs
    calendar: WorkDays | None
    clock: Instant


@dataclass(frozen=True, slots=True)
class Loading:
    """
    What all steps of loading need.

    Args:
        arriving: who moved, by the day on which the new office says that it has the case.
        lives: everybody's.
        lived: told of each evening.
        opened: the numbers of the people whose case is open already.
    """

    uow_factory: UnitsOfWork
    packs: Packs
    calendar: WorkDays | None
    setting: Setting
    arriving: Mapping[date, Sequence[Life]]
    lives: Sequence[Life]
    lived: Callable[[Instant], object] | None = None
    opened: set[int] = field(default_factory=set)

    def tools(self, clock: Instant) -> Tools:
        """What every service of recording is handed."""
        return {"packs": self.packs, "calendar": self.calendar, "clock": clock}


def load_demo_county(
    uow_factory: UnitsOfWork,
    today: date,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    passed: Passed | None = None,
    lived: Callable[[Instant], object] | None = None,
) -> None:
    """
    Make the county as it stands on a day; the demo then stands on that day.

    Args:
        today: any day that the calendar knows, with some years before it.
        lived: told of the evening of each day, so that messages are sent as they were then.
        passed: told how many days are lived, and of how many.
    """
    days = calendar if calendar is not None else work_days()
    setting = Setting(today, days.on_or_after(today - LIVED), packs(POLICY), days)
    known = lives(setting)
    loading = Loading(uow_factory, packs, calendar, setting, _arriving(known), known, lived)
    with uow_factory() as uow:
        claim_demo(uow, "county")
    open_houses(uow_factory, known, setting)
    _let_in(loading)
    by_day = _by_day(known)
    day = setting.live_on
    while day < today:
        _live(loading, day, by_day.get(day, []))
        day += DAY
        if passed:
            passed((day - setting.live_on).days, (today - setting.live_on).days)
    _begin_today(loading)


def _by_day(known: Sequence[Life]) -> Mapping[date, list[Request]]:
    """What is sent, by day; on one day in the order of the people."""
    found: dict[date, list[Request]] = defaultdict(list)
    for life in known:
        for request in life.requests():
            found[request.recorded_on].append(request)
    return found


def _live(loading: Loading, day: date, requests: Sequence[Request]) -> None:
    """
    One day: its requests, one after the other, and in the evening what the calendar brings.

    The requests of a day are kept or lost together: a thousand commits would take longer than all the rest.
    """
    with loading.uow_factory() as uow:
        for clock, request in zip(_clock(day, len(requests)), requests, strict=True):
            _send(loading, uow, request, clock)
        _between(loading, uow, day)
    with loading.uow_factory() as uow:
        due = next_day(uow, day - DAY)
    evening = Instant.on(day, EVENING)
    if due is not None and due <= day:
        sweep(loading.uow_factory, packs=loading.packs, calendar=loading.calendar, clock=evening)
    if loading.lived:
        loading.lived(evening)


def _clock(day: date, count: int) -> Iterator[Instant]:
    """Instants of one day for so many requests, minutes apart where there is room for it."""
    first = Instant.on(day, OPENS).now
    room = (Instant.on(day, CLOSES).now - first) / max(1, count)
    return (Instant.at(first + min(APART, room) * number) for number in range(count))


def _send(loading: Loading, uow: UnitOfWork, request: Request, clock: Instant) -> None:
    """One request of one person, approved by a second one where it must be; the first opens the case."""
    if request.person.number not in loading.opened:
        open_case(uow, _new_case(request), packs=loading.packs, clock=clock, by=request.by)
        loading.opened.add(request.person.number)
    approver = next((deed.approved_by for deed in request.deeds if deed.approved_by), None)
    sent = [deed.new_event for deed in request.deeds]
    tools = loading.tools(clock)
    if approver is None:
        record(uow, request.person.case_id, sent, **tools, by=request.by)
        return
    proposal_id = named(f"proposal {sent[0].id}")
    propose(uow, proposal_id, request.person.case_id, sent, **tools, by=request.by)
    approve(uow, proposal_id, **loading.tools(Instant.at(clock.now + APPROVED)), by=approver)


def _new_case(request: Request) -> NewCase:
    who = request.person
    return NewCase(
        case_id=who.case_id,
        person_id=who.person_id,
        profile=Profile(name=who.name, born=who.born, address=who.address),
        policy=POLICY,
        office_id=who.house.id,
        opened_on=min(deed.on for deed in request.deeds),
    )


# ------------------------------------------------------------------ what no case tells


def _between(loading: Loading, uow: UnitOfWork, day: date) -> None:
    """What the offices did on a day beside their cases, at its end: leaves, receipts, a caseload handed over."""
    clock = Instant.on(day, CLOSES)
    for leave in LEAVES:
        if leave.recorded_on(loading.setting) == day:
            go_on_leave(uow, leave, loading.setting, clock)
    for life in loading.arriving.get(day, ()):
        receive(uow, life.person.case_id, clock=clock, by=_receiver(life))
    for life in loading.lives:
        for deed in life.asked:
            if deed.recorded_on == day:
                proposal_id = named(f"proposal {deed.id}")
                case_id, sent = life.person.case_id, [deed.new_event]
                propose(uow, proposal_id, case_id, sent, **loading.tools(clock), by=deed.by)
    if day == loading.setting.today - DAY:
        _pass_on(loading, uow, clock)


def _receiver(life: Life) -> str:
    """The supervisor of the township to which somebody moved."""
    to = next(deed.event for deed in life.deeds if isinstance(deed.event, Moved)).to_office
    house = next(one for one in townships() if str(one.id) == to)
    return of_chair("supervisor", house.key)[0].handle


def _pass_on(loading: Loading, uow: UnitOfWork, clock: Instant) -> None:
    """The evening before today one volunteer stops, and another takes over all that she helped with."""
    leaves, follows = of_chair("volunteer")
    hand_over_caseload(
        uow,
        named("the volunteers change"),
        leaves.handle,
        follows.handle,
        **loading.tools(clock),
        by=COUNTY_OFFICER,
    )


def _arriving(known: Sequence[Life]) -> Mapping[date, list[Life]]:
    """Those who moved, by the day on which the new office says that it has them: three days later."""
    found: dict[date, list[Life]] = defaultdict(list)
    for life in known:
        for deed in life.deeds:
            if isinstance(deed.event, Moved):
                found[deed.recorded_on + RECEIPT].append(life)
    return found


def _let_in(loading: Loading) -> None:
    """Everybody has an account from the first day on, and with it an inbox."""
    first = Instant.on(loading.setting.live_on)
    with loading.uow_factory() as uow:
        set_demo_today(uow, loading.setting.today)
        make_demo_accounts(uow, accounts_of(loading.lives), first)


def _begin_today(loading: Loading) -> None:
    """Today dawns: the clock says so, and the rows show what is open on it."""
    today = loading.setting.today
    with loading.uow_factory() as uow:
        begin_demo(uow, today)
    dawn(loading.uow_factory, packs=loading.packs, calendar=loading.calendar, day=today)
