"""
A county whose worklists are read: twenty townships with as many cases each, and a worker of the first one.

Every name is sealed under a key of its own. Each case owes three things: one that is overdue or due in the
next days, and two that open later. The worker sits in the chairs of forty cases of their own township.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, Table, insert, text

from workflow.services.accounts import NewAccount, create_account
from workflow.services.clock import Instant
from workflow.services.modes import stamp
from workflow.services.offices import open_office
from workflow.services.passwords import Passwords, digest_of, new_secret
from workflow.services.rotating import confirm_ring
from workflow.services.staffing import add_staff, post
from workflow.store import accounts
from workflow.store.data_keys import DATA_KEYS, DataKey
from workflow.store.events import first_link
from workflow.store.keyring import KEY_BYTES, KeyRing
from workflow.store.people import PEOPLE
from workflow.store.profiles import Profile
from workflow.store.tables import CaseRow, ChairRow, ObligationRow, table_of
from workflow.store.unit_of_work import UnitOfWork

TODAY = date(2026, 3, 2)
BEGUN, OPENED = date(2025, 1, 6), date(2025, 6, 2)
TOWNSHIPS, OWN = 20, 40
WORKER = "w1"
AT_ONCE = 5_000
CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)
COUNTY = UUID(int=3 << 112)
LATER = (("routine_test", "m1/w04", 60), ("team_meeting", "m1/w02", 90))
Row = dict[str, Any]
Rows = dict[Table, list[Row]]


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
    numbers = iter(range(cases))
    while some := list(islice(numbers, AT_ONCE)):
        with engine.begin() as connection:
            for table, rows in _rows(ring, some).items():
                connection.execute(insert(table), rows)
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


def _rows(ring: KeyRing, numbers: list[int]) -> Rows:
    found: Rows = {PEOPLE: [], DATA_KEYS: [], CASES: [], CHAIRS: [], OWED: []}
    for number in numbers:
        case_id, person_id = UUID(int=(1 << 112) + number), UUID(int=(2 << 112) + number)
        office_id = township(number % TOWNSHIPS)
        person, key = _person(ring, person_id, number)
        found[PEOPLE].append(person)
        found[DATA_KEYS].append(key)
        found[CASES].append(_case(case_id, person_id, office_id))
        found[CHAIRS].append(_chair(case_id, number))
        first = TODAY + timedelta(days=number // TOWNSHIPS % 9 - 5)
        later = ((kind, window, TODAY + timedelta(days=days)) for kind, window, days in LATER)
        for owed in (("visit", "m1/w03", first), *later):
            found[OWED].append(_owed(case_id, office_id, *owed))
    return found


def _person(ring: KeyRing, person_id: UUID, number: int) -> tuple[Row, Row]:
    secret = token_bytes(KEY_BYTES)
    profile = Profile(name=f"某{number}", born=date(1990, 5, 1)).as_json
    sealed = DataKey(person_id, secret).seal_json(profile, f"people.profile|{person_id}")
    wrapped = ring.current.wrap(secret, person_id.bytes)
    return (
        {"id": person_id, "profile": sealed, "registered_at": datetime(2025, 6, 2, tzinfo=UTC)},
        {"owner_id": person_id, "root_key": ring.active, "wrapped": wrapped},
    )


def _case(case_id: UUID, person_id: UUID, office_id: UUID) -> Row:
    return {
        "id": case_id,
        "person_id": person_id,
        "subject_id": person_id,
        "office_id": office_id,
        "policy": "cn-national",
        "team": "recorded",
        "opened_on": OPENED,
        "projected_on": TODAY,
        "next_change_on": TODAY + timedelta(days=9),
        "team_since": OPENED,
        "version": 20,
        "chain": first_link(case_id),
    }


def _chair(case_id: UUID, number: int) -> Row:
    own = number % TOWNSHIPS == 0 and number // TOWNSHIPS < OWN
    return {
        "case_id": case_id,
        "role": "community_worker",
        "helper": WORKER if own else f"x{number // 40}",
        "since": OPENED,
        "acknowledge_by": OPENED + timedelta(days=3),
        "acknowledged_on": OPENED,
    }


def _owed(case_id: UUID, office_id: UUID, kind: str, occurrence: str, due_on: date) -> Row:
    return {
        "case_id": case_id,
        "kind": kind,
        "occurrence": occurrence,
        "opens_on": due_on - timedelta(days=20),
        "due_on": due_on,
        "owner": "community_worker",
        "opened_by": "e1",
        "withdrawn": False,
        "paused": False,
        "nominal_days": 30,
        "is_window": True,
        "office_id": office_id,
    }
