"""
The planner: the one hand that writes an obligation down, with its dates, key and end.

The files beside this one say, kind by kind, what opens an obligation; here is
what holds for all kinds: rolling (D1), shifting (D4), holding, ending, and keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from workflow.rules.case import Case, Fact, Stay
from workflow.rules.measures import Measure
from workflow.rules.obligations.owed import Obligation, opening_of
from workflow.rules.obligations.traits import TRAITS, Scope, Trait
from workflow.rules.pack import ObligationRule
from workflow.rules.report_in import report_in_due
from workflow.rules.terms import span_from

ORDERS = frozenset(
    {
        "community_detox_ordered",
        "isolation_ordered",
        "changed_to_community_detox",
        "community_recovery_ordered",
    }
)
_NOTHING: Mapping[tuple[str, str], Fact] = {}


@dataclass(slots=True)
class Opening:
    """
    Something that opens: what the planner makes an obligation of, once it has a key.

    The second half is for the file that opened it to fill in. `end` is the
    day on which it ends with its scope or its reason; `due` comes before rolling.
    """

    kind: str
    by: Fact
    opens: date
    due: date | None
    measure: Measure | None
    scope: Scope
    end: date | None
    withdrawn: bool
    since: int
    ref: str = ""
    occurrence: str = ""
    owner: str = ""
    nominal_days: int | None = None
    closed_by: Fact | None = None
    paused: bool = False


@dataclass(slots=True)
class Row:
    """What all windows of one kind in one measure or stay have in common: their end, shift and hold."""

    planner: Planner
    kind: str
    by: Fact
    measure: Measure | None
    end: date | None
    revoked: bool
    shift: str
    held_since: date | None

    def add(self, occurrence: str, first: date, last: date, base_last: date) -> bool:
        """
        Write one window down; False once the rest lies beyond what is asked for.

        One that would open on or after the day its measure or stay ended was never owed.
        """
        planner, kind, end = self.planner, self.kind, self.end
        if end is not None and first >= end and (kind, occurrence) not in planner.case.closed:
            return False
        rule = planner.pack.obligations[kind]
        owed = Obligation(
            kind,
            occurrence,
            first,
            last,
            rule.owner,
            rule,
            self.by,
            base_last,
            self.measure,
            end,
            self.revoked,
            self.held_since,
        )
        owed.window, owed.shift, owed.nominal_days = True, self.shift, rule.nominal_days or 0
        return planner.keep(owed, planner.through)


class Planner:
    """
    Collects what a case owes through a day.

    Args:
        through: the last day on which something listed may open.
        whole: also what was closed when it was recorded; the sweep asks without it.
    """

    def __init__(self, case: Case, through: date, *, whole: bool = True) -> None:
        self.case, self.through = case, through
        self.skipped: Mapping[tuple[str, str], Fact] = _NOTHING if whole else case.closed
        self.on, self.pack, self.days = case.on, case.pack, case.days
        self.found: list[Obligation] = []
        self.coming: Obligation | None = None
        self._openings: dict[tuple[str, int], list[Opening]] = {}
        self._report_in: dict[int, date] = {}

    def report_in_due(self, measure: Measure) -> date:
        """The last day in time for a measure's report-in, reckoned once."""
        known = self._report_in.get(id(measure))
        if known is None:
            known = self._report_in[id(measure)] = report_in_due(self.case, measure, self.on)
        return known

    def rule(self, kind: str) -> ObligationRule:
        """The pack's rule for a kind."""
        return self.pack.obligations[kind]

    def owe(
        self,
        kind: str,
        by: Fact,
        opens: date,
        *,
        due: date | None = None,
        measure: Measure | None = None,
        scope: Scope | None = None,
        until: date | None = None,
        since: int = 0,
        ref: str = "",
    ) -> Opening:
        """
        Say that something opens; the caller may still say more of it.

        Args:
            by: the fact that opened it.
            due: the due day before rolling; without it the rule's period from the opening.
            scope: where it ends with something else than its kind usually does.
            until: the day on which its own reason falls away, if earlier than its scope's end.
            since: from which of the measure's stops on its dates still move.
            ref: what it is about, where one fact may open several.

        What an act closed when it was recorded is let go at once where nobody asks for it.
        """
        if self.lets_go(kind, by, measure, ref):
            return Opening(kind, by, opens, due, measure, "lasting", None, False, since)
        trait = TRAITS[kind]
        scope = scope or trait.scope
        end, revoked = self._end(scope, measure, until, trait)
        opening = Opening(kind, by, opens, due, measure, scope, end, revoked, since, ref)
        if end is None or opens <= end:
            ordinal = measure.ordinal if measure is not None else 0
            self._openings.setdefault((kind, ordinal), []).append(opening)
        return opening

    def lets_go(self, kind: str, by: Fact, measure: Measure | None, ref: str = "") -> bool:
        """Whether an act closed this opening when it was recorded, and nobody asks for such."""
        written = self.case.closed_openings
        return bool(self.skipped and written) and (kind, opening_of(by, measure, ref)) in written

    def windows(
        self, kind: str, by: Fact, measure: Measure | None, stay: Stay | None = None
    ) -> Row:
        """The row of windows of one kind in a measure, or in a stay in a stage."""
        if stay is not None:
            return Row(self, kind, by, measure, stay.until, False, "", None)
        assert measure is not None
        stop = measure.open_stop() if measure.ended_on is None else None
        return Row(
            self,
            kind,
            by,
            measure,
            measure.ended_on,
            measure.how == "revoked",
            "grid" if measure.stops else "",
            stop.first if stop else None,
        )

    def _end(
        self, scope: Scope, measure: Measure | None, until: date | None, trait: Trait
    ) -> tuple[date | None, bool]:
        """The day on which it ends, and whether it is thereby withdrawn whatever its due day says."""
        end: date | None = None
        revoked = False
        if scope == "case":
            end = self.case.ended_on
        elif measure is not None and (scope == "measure" or trait.falls_with_order):
            revoked = measure.how == "revoked"
            end = measure.ended_on if scope == "measure" or revoked else None
        if until is not None and (end is None or until < end):
            end = until
        return end, revoked

    def settle(self) -> None:
        """
        Give each opening its key, the nth by recording (`m1/2`), and write it down.

        What an act closed when it was recorded keeps the key that was written
        then; no other opening is ever given that key. A voided opening that
        nothing replaced keeps its n.
        """
        for (kind, ordinal), group in self._openings.items():
            if len(group) > 1:
                group.sort(key=_by_recording)
            open_ones = [opening for opening in group if not self._was_closed(opening)]
            if open_ones:
                self._number(kind, ordinal, group)
            for opening in group if self.skipped is _NOTHING else open_ones:
                self._write(opening)

    def _was_closed(self, opening: Opening) -> bool:
        """Whether an act closed it when it was recorded; then it has its key and its act again."""
        written = self.case.closed_openings
        if not written:
            return False
        name = opening_of(opening.by, opening.measure, opening.ref)
        known = written.get((opening.kind, name))
        if known is None:
            return False
        opening.occurrence, opening.closed_by = known
        return True

    def _number(self, kind: str, ordinal: int, group: list[Opening]) -> None:
        """Number those that no act closed, past the numbers that were written into acts or taken by ghosts."""
        ghosts = self._ghosts(kind, ordinal) if self.case.ghosts else ()
        first = f"m{ordinal}/1"
        if len(group) == 1 and not ghosts and (kind, first) not in self.case.closed:
            group[0].occurrence = group[0].occurrence or first
            return
        free = (n for n in count(1) if (kind, f"m{ordinal}/{n}") not in self.case.closed)
        used = given = 0
        for opening in group:
            if opening.occurrence:
                continue
            given += 1
            nth = 0
            while used < given + sum(place < opening.by.place for place in ghosts):
                nth, used = next(free), used + 1
            opening.occurrence = f"m{ordinal}/{nth}"

    def _ghosts(self, kind: str, ordinal: int) -> list[int]:
        """The places of voided events that counted among these openings; a voided order took its measure along."""
        names = {opening.by.name for opening in self._openings[(kind, ordinal)]} - ORDERS
        return [
            ghost.place
            for ghost in self.case.ghosts
            if ghost.name in names and (ghost.measure.ordinal if ghost.measure else 0) == ordinal
        ]

    def _write(self, opening: Opening) -> None:
        kind, opens, measure = opening.kind, opening.opens, opening.measure
        rule, trait, due = self.pack.obligations[kind], TRAITS[kind], opening.due
        if due is None:
            due = span_from(opens, rule.due, self.days) if rule.due else opens
        owner = opening.owner or rule.owner
        owed = Obligation(
            kind, opening.occurrence, opens, due, owner, rule, opening.by, due, measure, opening.end
        )
        owed.withdrawn, owed.paused = opening.withdrawn, opening.paused
        owed.closed_by, owed.ref, owed.since = opening.closed_by, opening.ref, opening.since
        nominal = opening.nominal_days
        owed.nominal_days = nominal if nominal is not None else rule.nominal_days or 0
        self._date(owed, opening.scope, trait)
        self.keep(owed, self.on if trait.contingent else self.through)

    def _date(self, owed: Obligation, scope: Scope, trait: Trait) -> None:
        """Its due day: moved by the days that the clock stood, rolled, cut at a shortened term's end."""
        measure = owed.measure
        if measure is not None and measure.stops and scope != "case":
            owed.shift = trait.shift
        if scope == "measure" and measure is not None and trait.held:
            self._hold(owed, measure)
        owed.due_on = owed.raw_due_on if trait.reckoned else self._due(owed, date.max)
        if scope == "measure" and measure is not None and measure.offset_days:
            ends_on = measure.ends_on(self.on)
            if ends_on is not None:
                owed.due_on = max(min(owed.due_on, ends_on), owed.opens_on)

    def _due(self, owed: Obligation, before: date) -> date:
        """Its due day with the stops that began before a day."""
        due, measure, rolls = owed.raw_due_on, owed.measure, owed.rule.roll and not owed.window
        if measure is not None and owed.shift == "grid":
            before = min(before, owed.ended_on or before)
            due = measure.real(due, self.on, since=owed.since, before=before)
        elif measure is not None and owed.shift == "event":
            roll = self.days.on_or_after if rolls else _as_it_is
            due = measure.shifted(
                due, owed.opens_on, self.on, roll, since=owed.since, before=before
            )
        return self.days.on_or_after(due) if rolls else due

    def _hold(self, owed: Obligation, measure: Measure) -> None:
        """While the measure's clock stands, what ends with the measure waits (D4)."""
        stop = measure.open_stop() if owed.ended_on is None else None
        owed.held_since = stop.first if stop else None

    def keep(self, owed: Obligation, through: date) -> bool:
        if owed.opens_on <= through:
            self.found.append(owed)
            return True
        if owed.ended_on is None and (self.coming is None or owed.opens_on < self.coming.opens_on):
            self.coming = owed
        return False

    def redate_closed(self, closed: Iterable[Obligation]) -> None:
        """What was closed by the first day of a stop keeps the dates that it had before (D4)."""
        for owed in closed:
            if owed.shift in ("grid", "event") and owed.closed_on is not None:
                owed.due_on = self._due(owed, owed.closed_on)


def _as_it_is(day: date) -> date:
    return day


def _by_recording(opening: Opening) -> tuple[int, date]:
    return (opening.by.place, opening.opens)
