"""
A busy day (at one desk of a crowd): everything that an office does, on the cases and persons of everybody.

The requests of each desk come in an order of their own, and every other desk goes through the cases backwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from tests.attachments import photo
from tests.builders import DAY, new_event
from tests.counties import named
from tests.crowds import DONE, Desk
from workflow.services.attaching import attach
from workflow.services.batches import BatchItem, record_batch
from workflow.services.calendar_days import set_day
from workflow.services.clock import Instant
from workflow.services.handing_over import hand_over, hand_over_caseload
from workflow.services.merges import merge_people, undo_merge
from workflow.services.offices import close_office
from workflow.services.opening import NewCase, open_case
from workflow.services.recording import NewEvent
from workflow.store.people import Profile

TODAY = date(2024, 1, 28)
CLOCK = Instant.on(TODAY)
CASE, OTHER = named("case 甲"), named("case 乙")
YOUNG = tuple(f"young {n}" for n in range(6))


def visit(event_id: str, on: date = TODAY) -> NewEvent:
    """Somebody of the team saw the person: what every case takes on any day."""
    return new_event("visited", on, id=event_id)


def open_one(desk: Desk, case: str, person: str, policy: str = "cn-national") -> str:
    """Open a case; an asterisk stands for the number of who does."""
    case, person = (text.replace("*", str(desk.number)) for text in (case, person))
    profile = Profile(name=person, born=date(1990, 5, 1))
    new = NewCase(named(case), named(person), profile, policy, office_id=named("north"))
    return desk.outcome(partial(open_case, new=new, packs=desk.packs, clock=CLOCK, by="w1"))


def live(desk: Desk, seed: int) -> Counter[str]:
    """A day at one desk, its requests in an order of its own; how often each came to what."""
    day = Day(desk)
    requests = day.requests()
    Random(f"{seed} {desk.number}").shuffle(requests)
    outcomes: Counter[str] = Counter()
    for name, request in requests:
        for outcome in request():
            outcomes[f"{name}: {outcome}"] += 1
    return outcomes


@dataclass
class Day:
    """What a desk does on a day, all of it on the cases and persons of everybody."""

    desk: Desk

    def requests(self) -> list[tuple[str, Callable[[], list[str]]]]:
        backwards = bool(self.desk.number % 2)
        cases = [CASE, *(named(f"case {name}") for name in YOUNG), OTHER]
        ordered = cases[::-1] if backwards else cases
        workers = ("w2", "w1") if backwards else ("w1", "w2")
        return [
            ("batch", partial(self.batch, "a", ordered)),
            ("batch", partial(self.batch, "b", ordered[::-1])),
            ("hand over", partial(self.handed_over, ordered[0], "north")),
            ("hand over", partial(self.handed_over, ordered[0], "south")),
            ("hand over", partial(self.handed_over, ordered[4], "south")),
            ("hand over", partial(self.handed_over, ordered[4], "north")),
            ("caseload", partial(self.caseload, *workers)),
            ("caseload", partial(self.caseload, *workers[::-1])),
            ("moved", partial(self.moved, ordered[0])),
            ("merge", partial(self.merged, 0)),
            ("merge", partial(self.merged, 1)),
            ("calendar", self.calendar),
            ("sweep", self.sweep),
            ("sweep", self.sweep),
            ("open", self.opened),
            ("attach", partial(self.attached, ordered[3])),
            ("close", self.closed),
        ]

    @property
    def how(self) -> dict[str, Any]:
        return {"packs": self.desk.packs, "calendar": None, "clock": CLOCK, "by": "s1"}

    def outcome(self, act: Callable[..., object], *args: Any, **more: Any) -> list[str]:
        return [self.desk.outcome(lambda uow: act(uow, *args, **more))]

    def batch(self, name: str, ordered: list[UUID]) -> list[str]:
        items = [
            BatchItem(one, (visit(f"batch {name} {self.desk.number} {one}"),)) for one in ordered
        ]
        answers = record_batch(self.desk.uow, items, **self.how)
        return [one.refused.code if one.refused else DONE for one in answers]

    def handed_over(self, case_id: UUID, office: str) -> list[str]:
        return self.outcome(hand_over, case_id, named(office), **self.how)

    def caseload(self, giver: str, taker: str) -> list[str]:
        handover_id = named(f"{giver} {taker} {self.desk.number}")
        return self.outcome(hand_over_caseload, handover_id, giver, taker, **self.how)

    def moved(self, case_id: UUID) -> list[str]:
        office = str(named(("south", "north")[self.desk.number // 2 % 2]))
        new = new_event("moved", TODAY, id=f"move {self.desk.number}", to_office=office)
        return [self.desk.outcome(partial(self.desk.recorded, case_id, TODAY, [new]))]

    def merged(self, n: int) -> list[str]:
        """Two rows that others merge too, perhaps the other way about; taken back by every third."""
        ends = [named(f"row {n}"), named(f"person {YOUNG[n]}")]
        kept, other = ends if self.desk.number % 2 else ends[::-1]
        merge_id = named(f"merge {n} {self.desk.number}")
        how = {"clock": CLOCK, "by": "s1"}
        ids = {"kept_id": kept, "merged_id": other, "merge_id": merge_id}
        found = self.outcome(merge_people, reason="同一人", **ids, **how)
        if found == [DONE] and self.desk.number % 3 == 0:
            found += self.outcome(undo_merge, merge_id, **how)
        return found

    def calendar(self) -> list[str]:
        """One of them sets two days, and one of these anew: every case that waits is touched."""
        if self.desk.number != 1:
            return []
        found = []
        for n, ahead in enumerate((3, 4, 3)):
            day: dict[str, Any] = {"override_id": named(f"off {n}"), "day": TODAY + ahead * DAY}
            clock = Instant.at(CLOCK.now + timedelta(minutes=n))
            found += self.outcome(set_day, **day, is_working=n == 2, clock=clock, by="root")
        return found

    def sweep(self) -> list[str]:
        failures = self.desk.swept(TODAY).failures
        return [DONE, *(one.error for one in failures)]

    def opened(self) -> list[str]:
        person = f"new {self.desk.number % 3}"
        return [open_one(self.desk, f"case of {person} by *", person)]

    def attached(self, case_id: UUID) -> list[str]:
        photo_of: dict[str, Any] = {"content": photo(), "file_name": "照片.jpg", "case_id": case_id}
        how = {"clock": CLOCK, "by": "w1"}
        attachment_id = named(f"photo {self.desk.number % 4}")
        return self.outcome(attach, None, attachment_id=attachment_id, **photo_of, **how)

    def closed(self) -> list[str]:
        """One of them closes the office of some of the cases."""
        if self.desk.number:
            return []
        ends = {"office_id": named("east"), "successor_id": named("north")}
        return self.outcome(close_office, on=TODAY, **ends, clock=CLOCK, by="root")
