"""
A morning on which very many reminders are due, each about a case of its own.

Of a kind that goes into the digest of a day, eight for each person, as a worker with forty cases has them; or of
one that waits for no digest, so that each notice is a message of its own. All are told by a channel that leads nowhere, at an
address that is sealed as any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, text

from bench.counties import County
from bench.multitudes import BLOB, ID, SERIES
from notifications.dispatch import Drained, drain
from notifications.gateway import Gateway
from notifications.gateways.noop import NoopGateway
from notifications.planning import Planned, plan
from workflow.services.clock import Instant
from workflow.services.offices import open_office
from workflow.services.opening import NewCase, open_case
from workflow.services.staffing import add_staff, post
from workflow.store import accounts, contact_rows, data_keys
from workflow.store import packs as kept_packs
from workflow.store.keyring import KeyRing
from workflow.store.message_items import PLANNED_THROUGH
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork

DAY = date(2026, 3, 2)
NOON = Instant.on(DAY)
ALONE, DAILY = "notify_family", "routine_test"
"""What waits for no digest, and what goes into one."""
EACH = 8
"""Notices a person; of those that go alone it makes no difference."""
GATEWAYS: Mapping[str, Gateway] = {"noop": NoopGateway()}
_SPACE = UUID("00000000-0000-7000-8000-0000000be4c4")
_OFFICE, _CASE = uuid5(_SPACE, "office"), uuid5(_SPACE, "case")


@dataclass
class Morning:
    """A database on such a morning."""

    county: County

    @classmethod
    def at(cls, engine: Engine, ring: KeyRing) -> Morning:
        """The services on a database."""
        return cls(County.at(engine, ring))

    def connect(self) -> None:
        """Open a connection, which a server has open."""
        with self.county.engine.connect():
            pass

    def plan(self) -> Planned:
        """Put every notice into a message."""
        return plan(
            self.county.uow, clock=NOON, packs=self.county.packs, working=frozenset(GATEWAYS)
        )

    def send(self, worker: str = "w", **few: Any) -> Drained:
        """Send them all, or so few."""
        county = self.county
        return drain(county.uow, GATEWAYS, clock=_now, worker=worker, packs=county.packs, **few)

    def forget(self) -> None:
        """Let nothing be planned yet; a server that runs has its statements compiled all the same."""
        with self.county.engine.begin() as connection:
            for table in ("attempts", "message_items", "messages"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text(f"DELETE FROM stamps WHERE key = '{PLANNED_THROUGH}'"))
        with self.county.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as it:
            it.execute(text("VACUUM"))


def _now() -> datetime:
    return NOON.now


AT_ONCE = 500
"""People a transaction: each holds two of the locks of which PostgreSQL has some thousand."""


def fill(engine: Engine, ring: KeyRing, notices: int, kind: str = ALONE) -> None:
    """So many notices in an empty database."""
    county = County.at(engine, ring)
    people = max(1, notices // EACH)
    policy = _people(county, people)
    with engine.begin() as connection:
        for table, columns, values in _tables(engine.dialect.name, kind, policy, people):
            series = SERIES[engine.dialect.name].format(first=0, last=notices - 1)
            words = f"INSERT INTO {table} ({columns}) {series} SELECT {values} FROM s"
            connection.execute(text(words))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _people(county: County, count: int) -> str:
    """An office with its people; gives back the name of the pack that its cases are pinned to."""
    clock = Instant.on(date(2026, 1, 5))
    with county.uow() as uow:
        open_office(
            uow,
            office_id=_OFFICE,
            division="621102",
            level="township",
            name="镇",
            parent_id=None,
            on=clock.today,
            clock=clock,
            by="root",
        )
    for first in range(0, count, AT_ONCE):
        with county.uow() as uow:
            for number in range(first, min(first + AT_ONCE, count)):
                _person(uow, f"w{number}", clock)
    with county.uow() as uow:
        new = NewCase(_CASE, _CASE, Profile(name="某甲"), "cn-national", office_id=_OFFICE)
        open_case(uow, new, packs=county.packs, clock=clock, by="w0")
        return str(kept_packs.pinned(uow.session, _CASE))


def _person(uow: UnitOfWork, handle: str, clock: Instant) -> None:
    staff_id = uuid5(_SPACE, handle)
    add_staff(
        uow, staff_id=staff_id, handle=handle, name=handle, phone=None, clock=clock, by="root"
    )
    post(
        uow,
        posting_id=uuid5(_SPACE, f"post {handle}"),
        staff_id=staff_id,
        office_id=_OFFICE,
        role="community_police",
        first_on=clock.today,
        last_on=None,
        clock=clock,
        by="root",
    )
    key = data_keys.of_many(uow.session, uow.ring, [staff_id])[staff_id]
    contact = {
        "staff_id": staff_id,
        "addresses": contact_rows.seal_addresses(key, {"noop": f"{handle}@office.example"}),
        "channels": ["noop"],
        "language": "zh",
        "version": 1,
        "updated_at": clock.now,
        "updated_by": handle,
    }
    contact_rows.add(uow.session, contact)
    account = {"id": staff_id, "handle": handle, "role": "worker", "staff_id": staff_id}
    made = {
        "password_hash": None,
        "must_change": False,
        "created_at": clock.now,
        "created_by": "root",
    }
    accounts.add(uow.session, {**account, **made})


def _tables(dialect: str, kind: str, policy: str, people: int) -> list[tuple[str, str, str]]:
    case_id, office = ID[dialect], _OFFICE.hex if dialect == "sqlite" else str(_OFFICE)
    no = "0" if dialect == "sqlite" else "false"
    owed = f"{case_id}, '{kind}', 'm1'"
    return [
        ("people", "id, registered_at", f"{case_id}, '2026-01-01 00:00:00'"),
        (
            "cases",
            "id, person_id, subject_id, policy, team, team_since, office_id, opened_on, projected_on, version, chain",
            f"{case_id}, {case_id}, {case_id}, '{policy}', 'recorded', '2026-01-05', '{office}', '2026-01-05',"
            f" '{DAY}', 20, {BLOB[dialect]}",
        ),
        (
            "chairs",
            "case_id, role, helper, since",
            f"{case_id}, 'community_police', 'w' || (n % {people}), '2026-01-05'",
        ),
        (
            "obligations",
            "case_id, kind, occurrence, opens_on, due_on, owner, opened_by, withdrawn, paused, nominal_days,"
            " is_window, office_id",
            f"{owed}, '{DAY}', '{DAY}', 'community_police', 'e1', {no}, {no}, 1, {no}, '{office}'",
        ),
        (
            "notices",
            "case_id, kind, occurrence, told_on, told_to, role, rung, told_at",
            f"{owed}, '{DAY}', 'community_police', 'community_police', '0', '2026-03-02 00:10:00'",
        ),
    ]
