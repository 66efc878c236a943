"""
What a checked policy pack (规则包) is: every number of the trade, with its citation.

The rules read numbers from here and nowhere else. A pack is frozen and already
checked; the file it came from is read by `workflow.services.packs`, because
rules touch no disk. Field names are the keys of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from workflow.rules.events.fields import Means

Basis = Literal["law", "practice"]
Unit = Literal["d", "wd", "m"]
LADDERS = ("standard", "short")
LEVELS = ("high", "medium", "low")

ANCHORS = (
    "detected",
    "reported_in",
    "released",
    "changed_to_community_detox",
    "sentence_ended",
    "voluntary_treatment_ended",
    "order_lapsed",
    "use_confirmed",
)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a pack writes it: `15 d` calendar days, `3 wd` working days, `6 m` months."""

    amount: int
    unit: Unit

    @property
    def nominal_days(self) -> int:
        """Its length in days before any rolling; a month counts as 30. Decides the ladder (domain.md section 9)."""
        return self.amount * 30 if self.unit == "m" else self.amount

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a number comes from: law or practice, the article, the rule ids of the law list, and from when to when."""

    basis: Basis
    source: str
    rules: tuple[str, ...]
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """
    How often, in windows (domain.md D8): so many a year, one number a year of the measure,
    the last one used for all later years; or one every so many days, counted from the start.
    """

    per_year: tuple[int, ...] = ()
    every_days: int = 0

    @property
    def nominal_days(self) -> int:
        """The length of its shortest window in days."""
        return self.every_days or 360 // max(self.per_year)


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """
    One kind of obligation: who owes it and by when.

    `due` counts from the opening, except where `before_end` is true: then `opens`
    and `due` count back from the day that the obligation hangs on (the end of a
    term, or the exit). `every` holds periods by occasion (`stage_review`),
    `windows` the frequencies by stage and then by support level (`any` where the
    level does not matter).
    """

    kind: str
    label: Means
    owner: str
    cited: Citation
    due: Span | None = None
    opens: Span | None = None
    before_end: bool = False
    roll: bool = True
    every: Mapping[str, Span] = field(default_factory=dict)
    windows: Mapping[str, Mapping[str, Frequency]] = field(default_factory=dict)
    digest: bool = True
    nominal_days: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Reckons `nominal_days` once: the hot path asks for it with every window."""
        object.__setattr__(self, "nominal_days", self._nominal_days())

    def _nominal_days(self) -> int | None:
        """The period that chooses the ladder: a window's, or from opening to due; None where only the case knows."""
        if self.windows:
            return max(f.nominal_days for table in self.windows.values() for f in table.values())
        if self.every:
            return max(span.nominal_days for span in self.every.values())
        if self.due is None:
            return None
        if self.before_end and self.opens is not None:
            return self.opens.nominal_days - self.due.nominal_days
        return self.due.nominal_days


@dataclass(frozen=True, slots=True)
class Terms:
    """The lengths of measures, in months from their first day, that day included (D2)."""

    community_detox: Span
    isolation: Span
    isolation_extension: Span
    recovery_longest: Span
    cited: Citation


@dataclass(frozen=True, slots=True)
class ExitRule:
    """When dynamic control ends by itself: so long after the latest anchor (section 7)."""

    after: Span
    anchors: frozenset[str]
    cited: Citation


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    Serious breach (CD-11): so many counted missed tests, so many counted departures, or MORE than so many days
    away; a departure counts from so many dates on.
    """

    tests_missed: int
    departures: int
    days_away: int
    departure_dates: int
    cited: Citation


@dataclass(frozen=True, slots=True)
class Custody:
    """Limits of isolation: who may not be sent there, and from when early release may be proposed."""

    min_age: int
    nursing: Span
    early_release_after: Span
    cited: Citation


@dataclass(frozen=True, slots=True)
class Testing:
    """How long the person may object to a result (TS-06, TS-08)."""

    objection: Span
    cited: Citation


@dataclass(frozen=True, slots=True)
class TeamRule:
    """The fixed chairs, and which role a need suggests (X-02, X-04)."""

    fixed: tuple[str, ...]
    needs: Mapping[str, str]
    cited: Citation


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: so many days from the due day (`opening` instead of a number: on the opening day)."""

    label: str
    offset: int
    to: tuple[str, ...]
    at_opening: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """
    Rungs in order, then repeats to the last recipient: first every few days so many times, then less often.

    Args:
        counted: the rungs and the repeats that are counted, as a ladder is climbed a thousand times a second.
    """

    rungs: tuple[Rung, ...]
    repeat_every: int
    repeat_times: int
    repeat_then: int
    repeat_to: str
    cited: Citation
    counted: tuple[Rung, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        last = max([0, *(rung.offset for rung in self.rungs if not rung.at_opening)])
        times = range(1, self.repeat_times + 1)
        offsets = [last + self.repeat_every * nth for nth in times]
        repeats = [Rung(f"+{offset}", offset, (self.repeat_to,)) for offset in offsets]
        object.__setattr__(self, "counted", (*self.rungs, *repeats))


@dataclass(frozen=True, slots=True)
class Settings:
    """The open questions of section 10 and the horizon, each one setting."""

    suspension_stops_clock: bool
    custody_counts_in_report_in: bool
    hospital_counts_in_report_in: bool
    recovery_starts_at_service: bool
    missed_test_needs_notice: bool
    breach_bars_exit: bool
    sentence_returns_to_decision: bool
    horizon_days: int
    short_ladder_up_to: int
    digest_at: str
    quiet_from: str
    quiet_until: str
    cited: Citation


@dataclass(frozen=True, slots=True)
class Pack:
    """One place's rules, complete: the base with its overlay laid on, checked and frozen."""

    id: str
    version: str
    label: Means
    since: date
    terms: Terms
    exit: ExitRule
    thresholds: Thresholds
    custody: Custody
    testing: Testing
    team: TeamRule
    settings: Settings
    ladders: Mapping[str, Ladder]
    obligations: Mapping[str, ObligationRule]
    lineage: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Identifier and version as pinned to a case: `cn-national@2026.11`."""
        return f"{self.id}@{self.version}"
