"""Where it is counted what slows guessing down: failed logins by the place that they came from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from workflow.store.tables import Found, ThrottleRow, table_of

THROTTLES = table_of(ThrottleRow)
AT_ONCE = 1000


def of_buckets(session: Session, buckets: Collection[bytes]) -> dict[bytes, Found]:
    """What is counted against these places."""
    query = select(THROTTLES).where(THROTTLES.c.bucket.in_(buckets))
    return {row.bucket: row for row in session.execute(query)}


def put(
    session: Session,
    bucket: bytes,
    *,
    failures: int,
    at: datetime,
    blocked_until: datetime | None,
    known: bool,
) -> None:
    """
    Write down what is counted against a place; whoever asks has taken its turn.

    Args:
        known: whether something is counted against it already.
    """
    values = {"failures": failures, "last_at": at, "blocked_until": blocked_until}
    if known:
        session.execute(update(THROTTLES).where(THROTTLES.c.bucket == bucket).values(values))
    else:
        session.execute(insert(THROTTLES), [{"bucket": bucket, **values}])


def forget(session: Session, bucket: bytes) -> None:
    """Forget what is counted against a place."""
    session.execute(delete(THROTTLES).where(THROTTLES.c.bucket == bucket))


def forget_old(session: Session, before: datetime) -> None:
    """Forget what was last counted before an instant; what somebody else holds just now is left for later."""
    old = select(THROTTLES.c.bucket).where(THROTTLES.c.last_at < before).limit(AT_ONCE)
    held = old.with_for_update(skip_locked=True)
    session.execute(delete(THROTTLES).where(THROTTLES.c.bucket.in_(held)))
