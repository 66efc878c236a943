"""
The script: what each desk of an office does on each day, the same for the same seed, whatever befalls it.

Desks have cases of their own and share the rest: the database, the packs, the keys, the calendar. A step
that was under way when the office was killed is sent again, as a client does that has no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from tests.attachments import photo
from tests.builders import detected, new_event, positive
from tests.chaos.workplaces import Site
from tests.counties import named
from workflow.services.attaching import attach
from workflow.services.batches import BatchItem, record_batch
from workflow.services.calendar_days import set_day
from workflow.services.clock import ZONE, Instant
from workflow.services.handing_over import hand_over, hand_over_caseload, receive
from workflow.services.merges import merge_people, undo_merge
from workflow.services.opening import NewCase, open_case
from workflow.services.people import register_person
from workflow.services.recording import NewEvent, correct_event
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork, in_one_go

BEGUN = date(2024, 1, 8)
DESKS = 3
OFFICES = ("north", "south")
CASES = 8
"""A desk opens one every other day until it has so many."""

Kept = list[tuple[UUID, str]]
"""Which events are there for good: case and id of each."""


@dataclass(frozen=True)
class Step:
    """
    One request.

    Args:
        key: day, desk and number.
        again: sending it once more is harmless even when others came after it.
    """

    key: str
    name: str
    act: Callable[[Site], Kept]
    again: bool = True


@dataclass(frozen=True)
class DeskDay:
    """One day at one desk."""

    seed: int
    desk: int
    number: int

    @property
    def day(self) -> date:
        return BEGUN + timedelta(days=self.number)

    def clock(self, n: int) -> Instant:
        """Each request has a minute of its own."""
        begun = datetime.combine(self.day, time(9), ZONE)
        return Instant.at(begun + timedelta(minutes=10 * n + self.desk))

    def steps(self) -> list[Step]:
        """What is to be done, in order."""
        chance = Random(f"{self.seed} {self.desk} {self.number}")
        asked = [*self._life(), *self._routine(chance)]
        return [
            Step(f"{self.number}.{self.desk}.{n}", name, partial(act, n), again=name in SENT_TWICE)
            for n, (name, act) in enumerate(asked)
        ]

    # -------------------------------------------------------------- the way of each case

    def _ages(self) -> Iterator[tuple[str, int]]:
        """The cases of this desk, each with the days since it was opened."""
        for n in range(CASES):
            if 2 * n <= self.number:
                yield f"{self.desk}-{n}", self.number - 2 * n

    def _life(self) -> Iterator[tuple[str, Callable[[int, Site], Kept]]]:
        for name, age in self._ages():
            if age == 0:
                yield "open", partial(self._opened, name)
            if age in WAY:
                yield "record", partial(self._recorded, name, WAY[age])

    def _opened(self, name: str, n: int, site: Site) -> Kept:
        profile = Profile(
            name=f"某{name}", born=date(1985, 11, 11), phones=(f"139{hash_of(name)}",)
        )
        office = OFFICES[self.desk % 2]
        new = NewCase(case(name), person(name), profile, "cn-national", office_id=named(office))
        site.send(partial(open_case, new=new, packs=site.packs, clock=self.clock(n), by="w"))
        return []

    def _recorded(self, name: str, kinds: tuple[str, ...], n: int, site: Site) -> Kept:
        request = [self.event(kind, name, n, m) for m, kind in enumerate(kinds)]
        site.send(partial(site.recorded, case(name), self.clock(n), request))
        return [(case(name), one.id) for one in request]

    def event(self, kind: str, name: str, n: int, m: int = 0) -> NewEvent:
        """An event of today; its id tells the step that it belongs to."""
        named_by = f"{self.number}.{self.desk}.{n}/{m}"
        return event_of(kind, self.day, name, self.desk, id=named_by)

    # -------------------------------------------------------------- what comes every day

    def _routine(self, chance: Random) -> Iterator[tuple[str, Callable[[int, Site], Kept]]]:
        old = [name for name, age in self._ages() if age > 0]
        if not old:
            return
        if chance.random() < 0.6:
            yield "batch", partial(self._batch, chance.sample(old, min(len(old), 4)))
        for kind in chance.sample(sorted(ROUTINE), 4):
            name = chance.choice(old)
            for each, act in ROUTINE[kind]:
                yield each, partial(act, self, name)

    def _batch(self, names: list[str], n: int, site: Site) -> Kept:
        items = [
            BatchItem(case(name), (self.event("visited", name, n, m),))
            for m, name in enumerate(names)
        ]
        answers = record_batch(site.uow, items, **site.how(self.clock(n)))
        pairs = zip(items, answers, strict=True)
        return [(item.case_id, item.events[0].id) for item, one in pairs if one.result]

    def _tested(self, name: str, n: int, site: Site) -> Kept:
        return self._recorded(name, ("test_taken", "visited"), n, site)

    def _corrected(self, name: str, n: int, site: Site) -> Kept:
        """The visit of the step before was on another day."""
        wrong = self.event("visited", name, n - 1)
        right = event_of("visited", self.day - timedelta(days=1), name, id=f"{wrong.id}/right")
        void_id, how = f"{wrong.id}/void", site.how(self.clock(n))
        how |= {"reason": "记错了日子", "right": right, "void_id": void_id}
        site.send(lambda uow: correct_event(uow, case(name), wrong.id, **how))
        return [(case(name), right.id), (case(name), void_id)]

    def _visited(self, name: str, n: int, site: Site) -> Kept:
        return self._recorded(name, ("visited",), n, site)

    def _moved(self, name: str, n: int, site: Site) -> Kept:
        return self._recorded(name, (f"moved {OFFICES[self.number % 2]}",), n, site)

    def _handed_over(self, name: str, n: int, site: Site) -> Kept:
        to, how = named(OFFICES[self.number % 2]), site.how(self.clock(n))
        site.send(lambda uow: hand_over(uow, case(name), to, **how))
        return []

    def _received(self, name: str, n: int, site: Site) -> Kept:
        site.send(lambda uow: receive(uow, case(name), clock=self.clock(n), by="s1"))
        return []

    def _caseload(self, name: str, n: int, site: Site) -> Kept:
        ends = (f"w{self.desk}a", f"w{self.desk}b")[:: 1 if self.number % 2 else -1]
        handover_id = named(f"caseload {self.number} {self.desk} {n}")
        how = site.how(self.clock(n))
        site.send(lambda uow: hand_over_caseload(uow, handover_id, *ends, **how))
        return []

    def _attached(self, name: str, n: int, site: Site) -> Kept:
        """Every other one lies on the disk."""
        number = self.number * 100 + n
        sent: dict[str, Any] = {
            "attachment_id": named(f"photo {self.desk} {number}"),
            "case_id": case(name),
            "content": photo(shade=number % 250),
            "file_name": "照片.jpg",
            "clock": self.clock(n),
            "by": "w",
        }
        files = site.files if n % 2 else None
        site.send(lambda uow: attach(uow, files, **sent))
        return []

    def _row(self, n: int) -> UUID:
        return person(f"second {self.number} {self.desk} {n}")

    def _registered(self, name: str, n: int, site: Site) -> Kept:
        profile = Profile(name=f"某{self.number}{self.desk}{n}", born=date(1990, 1, 1))
        how: dict[str, Any] = {"clock": self.clock(n), "by": "w"}
        row = self._row(n)
        site.send(lambda uow: register_person(uow, person_id=row, profile=profile, **how))
        return []

    def _merged(self, name: str, n: int, site: Site) -> Kept:
        """The row of the step before is found to be that person."""
        row = self._row(n - 1)
        how: dict[str, Any] = {"clock": self.clock(n), "by": "s1", "reason": "同一人"}
        how |= {"merge_id": row, "kept_id": person(name), "merged_id": row}
        site.send(partial(merge_people, **how))
        return []

    def _unmerged(self, name: str, n: int, site: Site) -> Kept:
        merge_id, clock = self._row(n - 2), self.clock(n)
        site.send(lambda uow: undo_merge(uow, merge_id, clock=clock, by="s1"))
        return []


Routine = Callable[[DeskDay, str, int, Site], Kept]
ROUTINE: dict[str, tuple[tuple[str, Routine], ...]] = {
    "test": (("record", DeskDay._tested),),
    "correct": (("record", DeskDay._visited), ("correct", DeskDay._corrected)),
    "move": (("moved", DeskDay._moved),),
    "hand over": (("hand_over", DeskDay._handed_over), ("receive", DeskDay._received)),
    "caseload": (("caseload", DeskDay._caseload),),
    "attach": (("attach", DeskDay._attached), ("attach", DeskDay._attached)),
    "merge": (("register", DeskDay._registered), ("merge", DeskDay._merged)),
    "undo": (
        ("register", DeskDay._registered),
        ("merge", DeskDay._merged),
        ("undo", DeskDay._unmerged),
    ),
}
SENT_TWICE = frozenset(
    {"open", "record", "batch", "correct", "moved", "attach", "register", "merge"}
)
WAY = {
    0: ("detected", "positive"),
    4: ("use_confirmed", "addiction_determined"),
    6: ("community_detox_ordered",),
    7: ("helper_assigned", "assignment_acknowledged"),
    8: ("reported_in",),
}
"""What happens on the nth day of each case: as far as community detox."""


def case(name: str) -> UUID:
    return named(f"case {name}")


def person(name: str) -> UUID:
    return named(f"person {name}")


def hash_of(name: str) -> str:
    """Eight digits, the same each time."""
    return f"{named(name).int % 10**8:08}"


def event_of(kind: str, on: date, name: str, desk: int = 0, *, id: str) -> NewEvent:
    """One event; `moved` has the office in its name."""
    kind, _, office = kind.partition(" ")
    if kind == "detected":
        return detected(on, id=id)
    if kind == "positive":
        return positive(on, f"t-{name}", id=id)
    fields: dict[str, dict[str, Any]] = {
        "use_confirmed": {"test_id": f"t-{name}"},
        "addiction_determined": {"finding": "addicted"},
        "community_detox_ordered": {"decision_no": "D-1", "served_on": on},
        "helper_assigned": {"role": "community_worker", "helper": f"w{desk}a"},
        "assignment_acknowledged": {"role": "community_worker"},
        "moved": {"to_office": str(named(office or "north"))},
        "test_taken": {
            "test_id": id,
            "method": "on_site",
            "sample": "urine",
            "result": "negative",
            "purpose": "routine",
            "told_on": on.isoformat(),
        },
    }
    approved = "s1" if kind == "visited" and id.endswith("right") else None
    return new_event(kind, on, id=id, approved_by=approved, **fields.get(kind, {}))


# ------------------------------------------------------------------ what the office does as a whole


def of_the_office(seed: int, number: int) -> list[Step]:
    """At the end of a day: a day of the calendar is set now and then; the sweep, but for a day now and then."""
    chance = Random(f"{seed} office {number}")
    day = BEGUN + timedelta(days=number)
    steps = []
    if chance.random() < 0.2:
        ahead = day + timedelta(days=chance.randint(2, 9))
        off = partial(_set_day, ahead, chance.random() < 0.5, number)
        steps.append(Step(f"{number}.office.0", "calendar", off))
    if chance.random() < 0.85:
        steps.append(Step(f"{number}.office.1", "sweep", partial(_swept, day)))
    return steps


def of_the_keeper(seed: int, number: int) -> list[Step]:
    """While the desks work: a new key on every third day, everything moved under it."""
    if number % 3:
        return []
    return [Step(f"{number}.keeper.0", "rotate", partial(_rotated, number))]


def _rotated(number: int, site: Site) -> Kept:
    site.rotated(2 + number // 3, number)
    return []


def _set_day(day: date, works: bool, number: int, site: Site) -> Kept:
    override_id = named(f"day {number}")
    clock = Instant.at(datetime.combine(BEGUN + timedelta(days=number), time(18), ZONE))
    how: dict[str, Any] = {"clock": clock, "by": "root"}

    def work(uow: UnitOfWork) -> None:
        set_day(uow, override_id=override_id, day=day, is_working=works, **how)

    in_one_go(site.uow, work)
    return []


def _swept(day: date, site: Site) -> Kept:
    report = site.swept(day)
    assert not report.failures, report.failures
    return []
