"""
Recording for many people at once (批量录入): twenty tests on the 15th, one meeting for eight.

Each item is taken or refused on its own, in a transaction of its own, and answered on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from workflow.rules.errors import GuituError, Invalid, Unavailable
from workflow.rules.remits import WHOLE, Remit
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, RecordedResult, record
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

MOST = 200


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One request on one case; `expected_version` where the caller cares."""

    case_id: UUID
    events: tuple[NewEvent, ...]
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of one item: recorded (now or before), or refused and why; one of the two is None."""

    case_id: UUID
    result: RecordedResult | None
    refused: GuituError | None


def record_batch(
    uow_factory: UnitsOfWork,
    items: Sequence[BatchItem | BatchAnswer],
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
    remit: Remit = WHOLE,
    pause: Callable[[int], None] | None = None,
) -> list[BatchAnswer]:
    """
    Record each item; the answers come in the order of the items.

    Sending a batch again is harmless, whatever part of it was taken before.

    Args:
        items: one that was answered before, because it could not be read, keeps its answer.
        remit: what the caller may record of a case.
        pause: as `in_one_go` is told.

    Raises:
        Invalid: `batch_too_large` or `empty_request`; nothing was recorded.
        Unavailable: the database cannot be written; what was answered before is recorded.
    """
    _check_size(items)

    def taken(item: BatchItem) -> Callable[[UnitOfWork], RecordedResult]:
        return lambda uow: record(
            uow,
            item.case_id,
            item.events,
            packs=packs,
            calendar=calendar,
            clock=clock,
            by=by,
            expected_version=item.expected_version,
            reach=reach,
            remit=remit,
        )

    def answered(item: BatchItem) -> BatchAnswer:
        try:
            done = in_one_go(uow_factory, taken(item), pause=pause)
        except Unavailable:
            raise
        except GuituError as error:
            return BatchAnswer(item.case_id, None, error)
        return BatchAnswer(item.case_id, done, None)

    return [item if isinstance(item, BatchAnswer) else answered(item) for item in items]


def _check_size(items: Sequence[object]) -> None:
    if not items:
        raise Invalid("empty_request")
    if len(items) > MOST:
        raise Invalid("batch_too_large", most=MOST)
