"""
Where it is read who calls: the session and account behind a secret, and the offices that they reach on a day.

Every request asks this first, so that a login that was revoked, or a posting that ended, counts
at once. It is one question with one row for an answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    select,
    type_coerce,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from workflow.store import offices
from workflow.store.offices import as_known, covers
from workflow.store.statements import Asker, Row, Statement, ask, connection_of
from workflow.store.tables import AccountRow, PostingRow, SessionRow, table_of

ACCOUNTS, SESSIONS = table_of(AccountRow), table_of(SessionRow)
POSTINGS = table_of(PostingRow)
POSTED = ("county", "supervisor", "worker")
"""The roles whose offices are those where they are posted."""

OF_SESSION = ("kind", "idle_minutes", "used_at", "expires_at", "revoked_at")
OF_ACCOUNT = ("handle", "role", "staff_id", "office_id", "must_change", "disabled_at")
TODAY: Any = bindparam("today", type_=Date)
_DIGEST = SESSIONS.c.digest == bindparam("digest")
_JOINED = SESSIONS.join(ACCOUNTS, ACCOUNTS.c.id == SESSIONS.c.account_id)


@dataclass(frozen=True, slots=True)
class Behind:
    """
    Who is behind a secret.

    Args:
        row: the session with its account.
        reached: their own offices and those below; `own` those without these.
    """

    row: Row
    reached: frozenset[UUID]
    own: frozenset[UUID]


def behind(asker: Asker, digest: bytes, today: date) -> Behind | None:
    """The session whose secret has this digest, its account, and the offices reached on a day."""
    kind = connection_of(asker).dialect.name
    (rows,) = ask(asker, [(_worded(kind), {"digest": digest, "today": today})])
    return Behind(rows[0], _ids(rows[0].reached), _ids(rows[0].own)) if rows else None


# ------------------------------------------------------------------ the question


@lru_cache(maxsize=2)
def _worded(kind: str) -> Statement:
    own = _own()
    found = offices.below_query(select(own.c.office_id), on=TODAY).subquery("found")
    return Statement(
        select(
            SESSIONS.c.id.label("session_id"),
            *(SESSIONS.c[name] for name in OF_SESSION),
            ACCOUNTS.c.id.label("account_id"),
            *(ACCOUNTS.c[name] for name in OF_ACCOUNT),
            _listed(kind, select(found.c.office_id)).label("reached"),
            _listed(kind, select(own.c.office_id)).label("own"),
        )
        .select_from(_JOINED)
        .where(_DIGEST)
    )


def _own() -> CTE:
    """The offices where they are posted; of an integration, the one that its account names."""
    of_staff = POSTINGS.c.staff_id == ACCOUNTS.c.staff_id
    posted = and_(of_staff, as_known(POSTINGS, None), covers(POSTINGS, TODAY))
    mine = select(POSTINGS.c.office_id).select_from(_JOINED.join(POSTINGS, posted))
    given = select(ACCOUNTS.c.office_id).select_from(_JOINED)
    return union(
        mine.where(_DIGEST, ACCOUNTS.c.role.in_(POSTED)),
        given.where(_DIGEST, ACCOUNTS.c.role == "integration", ACCOUNTS.c.office_id.is_not(None)),
    ).cte("own")


def _listed(kind: str, ids: Select[Any]) -> ColumnElement[Any]:
    """Many ids in one value: an array, or what SQLite writes as a list."""
    if kind == "postgresql":
        return func.array(ids.scalar_subquery(), type_=ARRAY(Uuid))
    each = ids.subquery()
    listed = func.json_group_array(type_coerce(each.c.office_id, String), type_=String)
    return select(listed).select_from(each).scalar_subquery()


def _ids(given: str | list[UUID] | None) -> frozenset[UUID]:
    return _written(given) if isinstance(given, str) else frozenset(given or ())


@lru_cache(maxsize=1 << 10)
def _written(text: str) -> frozenset[UUID]:
    return frozenset(map(UUID, json.loads(text)))
