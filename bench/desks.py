"""
A county whose worklists are read: twenty townships with as many cases each, and a worker of the first one.

Every name is sealed under a key of its own. Each case owes three things: one that is overdue or due in the
next days, and two that open later. The worker sits in the chairs of forty cases of their own township.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, text

from bench.multitudes import SERIES
from workflow.services.accounts import NewAccount, create_account
from workflow.services.clock import Instant
from workflow.services.modes import stamp
from workflow.services.offices import open_office
from workflow.services.passwords import Passwords, digest_of, new_secret
from workflow.services.rotating import confirm_ring
from workflow.services.staffing import add_staff, post
from workflow.store import accounts
from workflow.store.data_keys import DataKey
from workflow.store.keyring import KEY_BYTES, KeyRing
from workflow.store.many import Inserting
from workflow.store.profiles import Profile
from workflow.store.statements import carry_out
from workflow.store.tables import DataKeyRow, PersonRow, table_of
from workflow.store.unit_of_work import UnitOfWork

TODAY = date(2026, 3, 2)
BEGUN, OPENED = date(2025, 1, 6), date(2025, 6, 2)
TOWNSHIPS, OWN = 20, 40
WORKER = "w1"
AT_ONCE = 20_000
"""Cases a transaction."""

COUNTY = UUID(int=3 << 112)
REGISTERED = datetime(2025, 6, 2, tzinfo=UTC)
EACH = (("visit", "m1/w03", 0), ("routine_test", "m1/w04", 60), ("team_meeting", "m1/w02", 90))
"""What each case owes: kind, occurrence, and for what is due later in how many days."""

PEOPLE = Inserting(table_of(PersonRow), ("id", "profile", "registered_at"))
KEYS = Inserting(table_of(DataKeyRow), ("owner_id", "root_key", "wrapped"))
CHAIN = {"sqlite": f"x'{bytes(32).hex()}'", "postgresql": f"'\\x{bytes(32).hex()}'::bytea"}
"""The hash of a last event, as long as any; no list reads it."""

Made = tuple[str, str, str, str]
"""A table, its columns, their values for a case of number n, and where n stands."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads their worklist: the token that they show, and their office."""

    token: str
    office: UUID


def township(number: int) -> UUID:
    """The id of a township."""
    return UUID(int=COUNTY.int + 1 + number)


def fill(engine: Engine, ring: KeyRing, cases: int) -> Reader:
    """So many cases in an empty database, kept as one is that has run for a while; and who reads a list there."""
    with UnitOfWork(engine, ring) as uow:
        stamp(uow, "production")
        confirm_ring(uow)
        _staff(uow)
    for first in range(0, cases, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, cases))
        with engine.begin() as connection:
            _people(connection, ring, numbers)
            _cases(connection, numbers)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        kind = engine.dialect.name
        connection.execute(text("ANALYZE" if kind == "sqlite" else "VACUUM ANALYZE"))
    return Reader(worker_token(engine, ring), township(0))


def _staff(uow: UnitOfWork) -> None:
    began = Instant.on(BEGUN)
    more: dict[str, Any] = {"clock": began, "by": "root"}
    offices = [
        (COUNTY, "county", None),
        *((township(n), "township", COUNTY) for n in range(TOWNSHIPS)),
    ]
    for office_id, level, parent in offices:
        open_office(
            uow,
            office_id=office_id,
            division="621102",
            level=level,
            name=f"{level} {office_id.hex[-4:]}",
            parent_id=parent,
            on=BEGUN,
            **more,
        )
    staff_id = uuid4()
    add_staff(uow, staff_id=staff_id, handle=WORKER, name="某工", phone=None, **more)
    post(
        uow,
        posting_id=uuid4(),
        staff_id=staff_id,
        office_id=township(0),
        role="community_worker",
        first_on=BEGUN,
        last_on=None,
        **more,
    )


def worker_token(engine: Engine, ring: KeyRing) -> str:
    """A token of the worker, who gets an account for it."""
    now = datetime.now(UTC)
    new = NewAccount(uuid4(), WORKER, "worker", new_secret("x"), must_change=False)
    secret = new_secret("gtt")
    token = {"id": uuid4(), "account_id": new.id, "kind": "token", "label": "bench"}
    days = {"created_at": now, "used_at": now, "expires_at": now + timedelta(days=30)}
    with UnitOfWork(engine, ring) as uow:
        create_account(uow, new, passwords=Passwords(), clock=Instant.at(now), by="root")
        accounts.add_session(uow.session, {**token, **days, "digest": digest_of(secret)})
    return secret


def _people(connection: Connection, ring: KeyRing, numbers: Iterable[int]) -> None:
    """Whom the cases are about: each sealed here, under a key of their own."""
    made = [_person(ring, number) for number in numbers]
    carry_out(connection, [(PEOPLE, [one[:3] for one in made]), (KEYS, [one[3:] for one in made])])


def _person(ring: KeyRing, number: int) -> tuple[UUID, bytes, datetime, UUID, str, bytes]:
    """The row of a person, and behind it that of their key."""
    person_id, secret = UUID(int=(2 << 112) + number), token_bytes(KEY_BYTES)
    profile = Profile(name=f"某{number}", born=date(1990, 5, 1)).as_json
    sealed = DataKey(person_id, secret).seal_json(profile, f"people.profile|{person_id}")
    wrapped = ring.current.wrap(secret, person_id.bytes)
    return person_id, sealed, REGISTERED, person_id, ring.active, wrapped


def _cases(connection: Connection, numbers: range) -> None:
    """The cases of these numbers, their chairs, and what they owe, made inside the database."""
    kind = connection.dialect.name
    series = SERIES[kind].format(first=numbers[0], last=numbers[-1])
    for table, columns, values, of in (_case(kind), _chair(kind), _owed(kind)):
        words = f"INSERT INTO {table} ({columns}) {series} SELECT {values} FROM {of} ORDER BY n"
        connection.execute(text(words))


def _case(kind: str) -> Made:
    person_id = _id(kind, 2, "n")
    values = (
        f"{_id(kind, 1, 'n')}, {person_id}, {person_id}, {_office(kind)}, 'cn-national', 'recorded',"
        f" '{OPENED}', '{TODAY}', '{TODAY + timedelta(days=9)}', '{OPENED}', 20, {CHAIN[kind]}"
    )
    columns = (
        "id, person_id, subject_id, office_id, policy, team,"
        " opened_on, projected_on, next_change_on, team_since, version, chain"
    )
    return "cases", columns, values, "s"


def _chair(kind: str) -> Made:
    own = f"n % {TOWNSHIPS} = 0 AND n / {TOWNSHIPS} < {OWN}"
    values = (
        f"{_id(kind, 1, 'n')}, 'community_worker',"
        f" CASE WHEN {own} THEN '{WORKER}' ELSE 'x' || (n / 40) END,"
        f" '{OPENED}', '{OPENED + timedelta(days=3)}', '{OPENED}'"
    )
    columns = "case_id, role, helper, since, acknowledge_by, acknowledged_on"
    return "chairs", columns, values, "s"


def _owed(kind: str) -> Made:
    """What is due first is spread over nine days; what is due later falls on one day for all."""
    no, yes = ("0", "1") if kind == "sqlite" else ("false", "true")
    first = TODAY - timedelta(days=5)
    after = f"CASE WHEN later = 0 THEN n / {TOWNSHIPS} % 9 ELSE later + 5 END"
    values = (
        f"{_id(kind, 1, 'n')}, kind, occurrence, {_day(kind, first - timedelta(days=20), after)},"
        f" {_day(kind, first, after)}, 'community_worker', 'e1', {no}, {no}, 30, {yes}, {_office(kind)}"
    )
    columns = (
        "case_id, kind, occurrence, opens_on, due_on, owner, opened_by, withdrawn, paused,"
        " nominal_days, is_window, office_id"
    )
    each = " UNION ALL ".join(
        f"SELECT '{k}' AS kind, '{w}' AS occurrence, {d} AS later" for k, w, d in EACH
    )
    return "obligations", columns, values, f"s CROSS JOIN ({each}) AS each"


def _office(kind: str) -> str:
    return _id(kind, 3, f"1 + n % {TOWNSHIPS}")


def _id(kind: str, sort: int, number: str) -> str:
    """`UUID(int=(sort << 112) + number)`, as the database makes it."""
    if kind == "sqlite":
        return f"printf('{sort:04x}%028x', {number})"
    return f"('{sort:04x}' || lpad(to_hex({number}), 28, '0'))::uuid"


def _day(kind: str, day: date, after: str) -> str:
    """So many days after a day."""
    if kind == "sqlite":
        return f"date('{day}', '+' || ({after}) || ' days')"
    return f"date '{day}' + {after}"
