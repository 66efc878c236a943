"""
What pinning another pack would change, person by person: shown before anybody agrees to it.

Each case is folded and planned twice, under the pack that counts and under the
other one, over the same days. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from uuid import UUID

from workflow.rules.case import Case
from workflow.rules.events.fields import Means
from workflow.rules.exits import exit_day
from workflow.rules.fold import fold
from workflow.rules.history import history_of
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import CaseFile, load
from workflow.services.clock import Instant
from workflow.services.pinning import packs_within
from workflow.services.projecting import Packs
from workflow.store import packs as kept_packs
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork

Key = tuple[str, str]
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """From when to when something is owed, and by which role."""

    opens_on: date
    due_on: date
    owner: str


@dataclass(frozen=True, slots=True)
class ObligationDifference:
    """An obligation that appears (`before` is None), vanishes (`after` is None), or gets other days or another owner."""

    kind: str
    occurrence: str
    label: Means
    before: Standing | None
    after: Standing | None


@dataclass(frozen=True, slots=True)
class StageDifference:
    """The nth stretch in a stage: which stage, and from which day on; None where there is no such stretch."""

    position: int
    before: tuple[str, date] | None
    after: tuple[str, date] | None


@dataclass(frozen=True, slots=True)
class PinDifference:
    """
    What the other pack would change for one person.

    Args:
        policy_before, policy_after: the packs' names.
        obligations: what is owed or will be that appears, vanishes or changes, in order of days.
        stages: the way from the first stretch that differs.
        ends_before, ends_after: the last day of the term that runs; None where none does.
        exit_before, exit_after: the day on which control would end; None where there is none.
    """

    case_id: UUID
    person_id: UUID
    policy_before: str
    policy_after: str
    obligations: tuple[ObligationDifference, ...]
    stages: tuple[StageDifference, ...]
    ends_before: date | None
    ends_after: date | None
    exit_before: date | None
    exit_after: date | None

    @property
    def changes_nothing(self) -> bool:
        """Whether this person's days stay as they are."""
        ends = self.ends_before == self.ends_after and self.exit_before == self.exit_after
        return ends and not self.obligations and not self.stages


def differences(
    uow: UnitOfWork,
    case_ids: Sequence[UUID],
    policy: str,
    *,
    packs: Packs,
    calendar: WorkDays,
    clock: Instant,
    reach: Reach | None = None,
) -> list[PinDifference]:
    """
    What pinning this pack would change for each of these cases today, in the order asked for.

    Those for whom nothing changes are named too, so that whoever agrees sees everybody.

    Raises:
        NotFound: one of them is not within reach.
        Refused: `key_shredded`, `key_does_not_open`: one of them cannot be read.
        PackRefused: there is no such pack.
    """
    find = packs_within(uow, packs)
    after = find(policy)
    return [
        _difference(load(uow, case_id, reach), find, after, calendar, clock.today)
        for case_id in case_ids
    ]


def pinned_to(
    uow: UnitOfWork,
    policy: str,
    after: UUID | None = None,
    *,
    reach: Reach | None = None,
    limit: int = AT_ONCE,
) -> Sequence[UUID]:
    """Whom it would be about: the open cases within reach for which this pack counts now, some at a time, by id."""
    return kept_packs.open_cases(uow.session, policy, after, limit, reach)


def count_pinned_to(uow: UnitOfWork, policy: str) -> int:
    """How many open cases this pack counts for."""
    return kept_packs.count_open_cases(uow.session, policy)


def _difference(
    case_file: CaseFile, packs: Packs, after: Pack, calendar: WorkDays, today: date
) -> PinDifference:
    before = packs(case_file.policy)
    horizon = max(pack.settings.horizon_days for pack in (before, after))
    through = today + timedelta(days=horizon)
    history = history_of(case_file.recorded)
    old, new = (
        fold(history, pack, calendar, today, team=case_file.team) for pack in (before, after)
    )
    return PinDifference(
        case_id=case_file.id,
        person_id=case_file.subject_id,
        policy_before=before.name,
        policy_after=after.name,
        obligations=_obligations(plan(old, through), plan(new, through)),
        stages=_stages(old, new),
        ends_before=_ends_on(old, today),
        ends_after=_ends_on(new, today),
        exit_before=exit_day(old, today).day,
        exit_after=exit_day(new, today).day,
    )


def _obligations(
    old: Sequence[Obligation], new: Sequence[Obligation]
) -> tuple[ObligationDifference, ...]:
    """Only what stands under one pack or the other: what was done stays done."""
    before = {one.key: one for one in old if one.stands()}
    after = {one.key: one for one in new if one.stands()}
    found = [_obligation(before.get(key), after.get(key)) for key in {**before, **after}]
    return tuple(sorted((one for one in found if one.before != one.after), key=_in_order))


def _obligation(before: Obligation | None, after: Obligation | None) -> ObligationDifference:
    one = after or before
    assert one is not None
    return ObligationDifference(
        one.kind, one.occurrence, one.rule.label, _standing(before), _standing(after)
    )


def _standing(one: Obligation | None) -> Standing | None:
    return Standing(one.opens_on, one.due_on, one.owner) if one else None


def _in_order(one: ObligationDifference) -> tuple[date, date, str, str]:
    days = one.after or one.before
    assert days is not None
    return (days.opens_on, days.due_on, one.kind, one.occurrence)


def _stages(old: Case, new: Case) -> tuple[StageDifference, ...]:
    ways = ([(stay.stage, stay.first) for stay in case.stays] for case in (old, new))
    pairs = enumerate(zip_longest(*ways), start=1)
    return tuple(StageDifference(n, *pair) for n, pair in pairs if pair[0] != pair[1])


def _ends_on(case: Case, today: date) -> date | None:
    measure = case.running()
    return measure.ends_on(today) if measure else None
