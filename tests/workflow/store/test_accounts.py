"""What the queries on accounts and sessions leave out, and whom they do not wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.builders import RING, new_database
from workflow.store import accounts, callers
from workflow.store.tables import SessionRow, table_of
from workflow.store.unit_of_work import UnitOfWork

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def account(uow: UnitOfWork, number: int) -> UUID:
    found = UUID(int=number)
    row = {"id": found, "handle": f"a{number}", "role": "administrator", "must_change": False}
    accounts.add(uow.session, {**row, "created_at": NOW, "created_by": "a0"})
    return found


def session(uow: UnitOfWork, owner: UUID, **more: Any) -> UUID:
    found = uuid4()
    row = {"id": found, "account_id": owner, "kind": "browser", "digest": found.bytes}
    times = {"created_at": NOW, "used_at": NOW, "expires_at": NOW + HOUR}
    accounts.add_session(uow.session, {**row, **times, **more})
    return found


@pytest.fixture
def engine() -> Engine:
    return new_database()


def uow(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine, RING)


def test_revoking_leaves_what_was_revoked_before_as_it_was(engine: Engine) -> None:
    with uow(engine) as work:
        mine, other = account(work, 1), account(work, 2)
        kept, first, later = (session(work, mine) for _ in range(3))
        theirs = session(work, other)
        accounts.revoke(work.session, first, at=NOW, by="a1")
        accounts.revoke_all(work.session, mine, at=NOW + HOUR, by="a2", but=kept)
        rows = {
            one: accounts.find_session(work.session, one) for one in (kept, first, later, theirs)
        }
    told = {one: (row.revoked_at, row.revoked_by) for one, row in rows.items() if row}
    assert told[first] == (NOW, "a1")
    assert told[later] == (NOW + HOUR, "a2")
    assert told[kept] == told[theirs] == (None, None)


def test_the_sessions_that_stand_are_the_owners_and_the_latest_first(engine: Engine) -> None:
    with uow(engine) as work:
        mine, other = account(work, 1), account(work, 2)
        first = session(work, mine)
        second = session(work, mine, created_at=NOW + HOUR)
        session(work, mine, expires_at=NOW)
        session(work, mine, revoked_at=NOW, revoked_by="a1")
        session(work, other)
        found = [row.id for row in accounts.sessions_of(work.session, mine, NOW)]
    assert found == [second, first]


def test_a_digest_finds_one_caller(engine: Engine) -> None:
    with uow(engine) as work:
        mine = account(work, 1)
        known = session(work, mine)
        session(work, account(work, 2))
        found = callers.behind(work.session, known.bytes, NOW.date())
        assert found is not None
        row = found.row
        assert (row.session_id, row.account_id, row.handle) == (known, mine, "a1")
        assert found.reached == found.own == frozenset()
        assert callers.behind(work.session, b"", NOW.date()) is None


def test_handles_are_taken_whatever_their_capitals(engine: Engine) -> None:
    with uow(engine) as work:
        account(work, 1)
        assert accounts.taken(work.session, "A1")
        assert not accounts.taken(work.session, "a11")
        assert not accounts.taken(work.session, "_1"), "no character stands for another"


@pytest.mark.databases("postgres", why="on SQLite one writes at a time")
def test_forgetting_waits_for_nobody(engine: Engine) -> None:
    """Two logins that clear away the same old sessions would each wait for what the other holds."""
    with uow(engine) as work:
        mine = account(work, 1)
        old = [session(work, mine, expires_at=NOW - HOUR) for _ in range(3)]
    with uow(engine) as first:
        accounts.used(first.session, old[1], NOW)
        with uow(engine) as second:
            accounts.forget_sessions(second.session, NOW)
    with uow(engine) as work:
        left = work.session.execute(table_of(SessionRow).select()).scalars().all()
    assert left == [old[1]]
