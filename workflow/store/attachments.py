"""Where the attachments are read and written. What is known of one and its body are asked for apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session

from workflow.store.many import Inserting
from workflow.store.tables import AttachmentBodyRow, AttachmentRow, EventRow, Found, table_of

ATTACHMENTS, BODIES = table_of(AttachmentRow), table_of(AttachmentBodyRow)
EVENTS = table_of(EventRow)
_ADD = Inserting(ATTACHMENTS, [column.name for column in ATTACHMENTS.c], known_stay=True)


def find(session: Session, attachment_id: UUID) -> Found | None:
    """What is known of an attachment, its body left where it is."""
    return session.execute(select(ATTACHMENTS).where(ATTACHMENTS.c.id == attachment_id)).first()


def of_case(session: Session, case_id: UUID) -> Sequence[Found]:
    """What is known of the attachments of a case, in the order of recording."""
    query = select(ATTACHMENTS).where(ATTACHMENTS.c.case_id == case_id)
    return session.execute(query.order_by(ATTACHMENTS.c.recorded_at, ATTACHMENTS.c.id)).all()


def add(session: Session, row: Mapping[str, Any]) -> bool:
    """
    Write down what is known of a new attachment; False where its id is taken.

    Whoever sends the same id at the same time waits here until this transaction ends.
    """
    return _ADD.run_one(session, row)


def add_body(session: Session, attachment_id: UUID, body: bytes) -> None:
    """Keep a ciphertext in the database."""
    session.execute(insert(BODIES), [{"attachment_id": attachment_id, "body": body}])


def body_of(session: Session, attachment_id: UUID) -> bytes | None:
    """The ciphertext that is kept in the database, or None where none is."""
    query = select(BODIES.c.body).where(BODIES.c.attachment_id == attachment_id)
    found = session.execute(query).scalar()
    return None if found is None else bytes(found)


def digests_on_disk(session: Session, ids: Collection[UUID]) -> dict[UUID, bytes]:
    """The digest of each of these attachments whose ciphertext lies on the disk."""
    kept = and_(ATTACHMENTS.c.id.in_(ids), ATTACHMENTS.c.kept == "disk")
    rows = session.execute(select(ATTACHMENTS.c.id, ATTACHMENTS.c.digest).where(kept))
    return {row.id: row.digest for row in rows}


def has_event(session: Session, case_id: UUID, event_id: str, *, by: str | None = None) -> bool:
    """
    Whether an event of this id is recorded on a case.

    Args:
        by: who has to have recorded it; None for whoever.
    """
    query = select(EVENTS.c.seq).where(EVENTS.c.case_id == case_id, EVENTS.c.id == event_id)
    if by is not None:
        query = query.where(EVENTS.c.recorded_by == by)
    return session.execute(query).first() is not None
