"""
Merging two rows that are one person (并档), and taking it back.

Nothing is copied and nothing lost: a link is written, and the cases of the merged
row are from then on about the person kept. Each case stays with the row it was
opened about, whose key seals it, so that undoing gives it back, a case opened
between the two included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.services.clock import Instant
from workflow.store import data_keys, merges, people
from workflow.store.data_keys import DataKey
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Merge:
    """
    One merge, standing or undone.

    Args:
        reason: why, about both; None where either was shredded, or is out of the caller's reach now.
    """

    id: UUID
    kept_id: UUID
    merged_id: UUID
    reason: str | None
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None
    undone_by: str | None


def merge_people(
    uow: UnitOfWork,
    *,
    merge_id: UUID,
    kept_id: UUID,
    merged_id: UUID,
    reason: str,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> None:
    """
    Say that two rows are one person; once, however often it is sent, and not again where it was undone.

    Raises:
        Invalid: `merge_reason_missing`.
        NotFound: one of them is not known within reach.
        Conflict: `merge_id_conflict`: the id is that of another merge.
        Refused: `merge_into_itself`; `already_merged`: the row is merged, here or elsewhere, and is
            undone first; `merge_in_circle`: the row kept is itself merged into this one;
            `both_have_open_cases`: one person has one open case; `key_shredded`: one is unreadable.
    """
    if not reason.strip():
        raise Invalid("merge_reason_missing")
    # held first: the same request, sent twice at once, is known by the time the second gets here
    roots = merges.held_roots(uow.session, [kept_id, merged_id])
    if _already_made(uow, merge_id, kept_id, merged_id, reason):
        return
    for person_id in (kept_id, merged_id):
        _within(uow, person_id, roots[person_id], reach)
    _check(uow, kept_id, merged_id, roots[kept_id], roots[merged_id])
    merges.add(
        uow.session,
        merge_id,
        kept_id=kept_id,
        merged_id=merged_id,
        reason=_sealed(uow, merge_id, kept_id, merged_id, reason),
        merged_at=clock.now,
        merged_by=by,
    )


def undo_merge(
    uow: UnitOfWork, merge_id: UUID, *, clock: Instant, by: str, reach: Reach | None = None
) -> None:
    """
    Take a merge back: every case is again about whom it would be about without it.

    Merges into the row that comes free stay with it, so a chain is undone in any
    order. Splitting never gives a person a second open case, so it is never
    refused. Undone twice, it stays as it was undone first.

    Raises:
        NotFound: there is no such merge within reach.
    """
    row = merges.find(uow.session, merge_id)
    if row is None:
        raise NotFound("not_found", what=str(merge_id))
    roots = merges.held_roots(uow.session, [row.kept_id, row.merged_id])
    if not people.reached(uow.session, reach, roots.values()):
        raise NotFound("not_found", what=str(merge_id))
    merges.undo(uow.session, merge_id, clock.now, by)


def merges_of(uow: UnitOfWork, person_id: UUID, *, reach: Reach | None = None) -> list[Merge]:
    """
    Every merge that touches a person's rows, standing or undone, the earliest first.

    Raises:
        NotFound: there is nobody of that id within reach.
    """
    root = merges.root_of(uow.session, person_id)
    _within(uow, person_id, root, reach)
    rows = merges.of_people(uow.session, merges.same_as(uow.session, root))
    return _as_told(uow, rows, reach)


def show_merge(uow: UnitOfWork, merge_id: UUID, *, reach: Reach | None = None) -> Merge:
    """
    One merge, standing or undone.

    Raises:
        NotFound: there is no such merge within reach.
    """
    row = merges.find(uow.session, merge_id)
    roots = merges.roots_of(uow.session, _ends(row) if row else ())
    if row is None or not people.reached(uow.session, reach, roots.values()):
        raise NotFound("not_found", what=str(merge_id))
    return _as_told(uow, [row], reach)[0]


def _as_told(uow: UnitOfWork, rows: Sequence[Found], reach: Reach | None) -> list[Merge]:
    """Merges with the reasons of those both of whom the caller reaches."""
    roots = merges.roots_of(uow.session, (end for row in rows for end in _ends(row)))
    near = people.reached(uow.session, reach, roots.values())
    told = [end for end, its_root in roots.items() if its_root in near]
    keys = data_keys.of_many(uow.session, uow.ring, told)
    return [_opened(row, keys) for row in rows]


def _already_made(
    uow: UnitOfWork, merge_id: UUID, kept_id: UUID, merged_id: UUID, reason: str
) -> bool:
    row = merges.find(uow.session, merge_id)
    if row is None:
        return False
    known = _opened(row, data_keys.of_many(uow.session, uow.ring, _ends(row)))
    same = (known.kept_id, known.merged_id) == (kept_id, merged_id)
    if not same or known.reason not in (None, reason):
        raise Conflict("merge_id_conflict", id=str(merge_id))
    return True


def _within(uow: UnitOfWork, person_id: UUID, root: UUID, reach: Reach | None) -> None:
    known = people.is_known(uow.session, person_id)
    if not known or not people.reached(uow.session, reach, [root]):
        raise NotFound("not_found", what=str(person_id))


def _check(uow: UnitOfWork, kept_id: UUID, merged_id: UUID, kept: UUID, merged: UUID) -> None:
    """Refuse what would be no forest, or would give one person two open cases."""
    if kept_id == merged_id:
        raise Refused("merge_into_itself", id=str(kept_id))
    if merged != merged_id:
        raise Refused("already_merged", id=str(merged_id), into=str(merged))
    if kept == merged:
        raise Refused("merge_in_circle", id=str(kept_id), into=str(merged_id))
    still_open = [merges.open_case_of(uow.session, root) for root in (kept, merged)]
    if None not in still_open:
        raise Refused("both_have_open_cases", ids=[str(kept_id), str(merged_id)])


def _ends(row: Found) -> set[UUID]:
    return {row.kept_id, row.merged_id}


def _place(merge_id: UUID) -> str:
    return f"person_merges.reason|{merge_id}"


def _sealed(uow: UnitOfWork, merge_id: UUID, kept_id: UUID, merged_id: UUID, reason: str) -> bytes:
    """The reason under both keys, one within the other: it tells of both, so it goes with either."""
    keys = data_keys.of_many(uow.session, uow.ring, [kept_id, merged_id], strict=True)
    inner = keys[merged_id].seal(reason.encode(), _place(merge_id))
    return keys[kept_id].seal(inner, _place(merge_id))


def _opened(row: Found, keys: dict[UUID, DataKey]) -> Merge:
    reason = None
    if keys.keys() >= _ends(row):
        inner = keys[row.kept_id].open(row.reason, _place(row.id))
        reason = keys[row.merged_id].open(inner, _place(row.id)).decode()
    return Merge(
        row.id,
        row.kept_id,
        row.merged_id,
        reason,
        row.merged_at,
        row.merged_by,
        row.undone_at,
        row.undone_by,
    )
