"""
One obligation (义务): what is owed, from when to when, by which role, and what became of it.

Dates only, never a state: what it is on a day is asked of `workflow.rules.due`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Fact
from workflow.rules.measures import Measure
from workflow.rules.pack import ObligationRule

OF_OLD_OFFICE = frozenset({"forward_file"})
"""What the office that a person left by `moved` still owes (domain.md section 5)."""


def opening_of(by: Fact, measure: Measure | None, ref: str) -> str:
    """
    The place by recording of the event that opened something, which a replacement takes over; for an
    engine event its name and measure. Then what it was about, where that tells two apart.
    """
    name = str(by.place) if by.rec else f"{by.name}:{measure.ordinal if measure else 0}"
    return f"{name}#{ref}" if ref else name


@dataclass(slots=True)
class Obligation:
    """
    Args:
        occurrence: its part of the natural key beside case and kind: `m1/w03`, `m1/2`, `f1/w01`, `community_doctor/1`.
        opens_on, due_on: civil days, both included; `raw_due_on` before rolling.
        opened_by: the fact that opened it; named in *why*.
        ended_on: the day its measure, stage or case ended, or its reason fell away; None while it stands.
        withdrawn: that it was taken back whatever its due day said.
        held_since: the first day of the stop that holds it, while that lasts.
        paused: that its notices wait, because the person is in hospital.
        ref: what it is about where one kind can be open for several things: a test, a ground, a proposal.
    """

    kind: str
    occurrence: str
    opens_on: date
    due_on: date
    owner: str
    rule: ObligationRule
    opened_by: Fact
    raw_due_on: date
    measure: Measure | None = None
    ended_on: date | None = None
    withdrawn: bool = False
    held_since: date | None = None
    paused: bool = False
    closed_by: Fact | None = None
    missed_by: Fact | None = None
    excused_by: Fact | None = None
    ref: str = ""
    nominal_days: int = 0
    window: bool = False
    shift: str = ""
    since: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Kind and occurrence: its natural key within the case."""
        return (self.kind, self.occurrence)

    @property
    def opening(self) -> str:
        """
        What opened it, as an act keeps it that closes it; empty for windows, whose keys never change.

        A number by recording may change when a late entry takes an earlier opening away; this does not.
        """
        return "" if self.window else opening_of(self.opened_by, self.measure, self.ref)

    @property
    def closed_on(self) -> date | None:
        """The day on which the closing event happened."""
        return self.closed_by.on if self.closed_by else None

    def settled(self) -> bool:
        """Whether something was done about it: closed, missed or excused."""
        return (
            self.closed_by is not None or self.missed_by is not None or self.excused_by is not None
        )

    def stands(self) -> bool:
        """Whether it is still owed or will be: not settled and not ended."""
        return not self.settled() and self.ended_on is None
