"""
What a message holds as it stands at the moment of sending: its items, as pressing as they are today.

Read when the content is fixed, so that what was done, or moved to another day, since it was planned is told
as it is now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from notifications.content import Item, Pressing
from workflow.rules.pack import Pack
from workflow.services.pinning import packs_within, stored_packs
from workflow.services.projecting import Packs
from workflow.store.message_items import STANDS_FOR_PERSON
from workflow.store.statements import Row
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

LAW = "law"


def items_in(
    uow: UnitOfWork, rows: Iterable[Row], today: date, *, packs: Packs | None = None
) -> dict[UUID, list[Item]]:
    """
    What is left in messages, each with its items; a message without any has none here.

    Args:
        rows: what stands in them (`notifications.withdrawing.left_standing`).
        packs: by which what is owed counts; those that the database keeps where left out.
    """
    find = packs_within(uow, packs or stored_packs(lambda: uow))
    known: dict[str, Pack] = {}
    found: dict[UUID, list[Item]] = defaultdict(list)
    for row in rows:
        if row.policy not in known:
            known[row.policy] = find(row.policy)
        found[row.message_id].append(_item(row, known[row.policy], today))
    return dict(found)


def _item(row: Found, pack: Pack, today: date) -> Item:
    due_on = row.due_on or row.told_on
    return Item(
        case_id=row.case_id,
        kind=row.kind,
        occurrence=row.occurrence,
        pressing=_pressing(row, pack, due_on, today),
        owner=row.owner or STANDS_FOR_PERSON,
        due_on=due_on,
        days_late=max(0, (today - due_on).days),
        because=row.because,
    )


def _pressing(row: Found, pack: Pack, due_on: date, today: date) -> Pressing:
    """Statutory is what a law sets the day of; what the person has to hear counts as that."""
    rule = pack.obligations.get(row.kind)
    if rule is None or rule.cited.basis == LAW:
        return "statutory"
    if due_on < today:
        return "overdue"
    return "due" if due_on == today else "coming"
