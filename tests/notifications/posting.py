"""Messages that wait to be sent, channels that do as they are told, and a post office to send them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, insert, select, update

from notifications.dispatch import Drained, drain
from notifications.gateway import SENT, Gateway, Outcome, Outgoing
from tests import counties
from tests.builders import RING
from tests.counties import County
from tests.notifications.counties import Telling
from workflow.services.packs import load_pack
from workflow.store import attempts, contact_rows, data_keys, messages
from workflow.store.attempts import Attempt
from workflow.store.messages import Claim
from workflow.store.statements import carry_out
from workflow.store.tables import (
    AttemptRow,
    CaseRow,
    InboxRow,
    MessageItemRow,
    MessageRow,
    NoticeRow,
    ObligationRow,
    PersonRow,
    Row,
    table_of,
)
from workflow.store.unit_of_work import UnitOfWork

SPACE = UUID("00000000-0000-7000-8000-00000000d15b")
DAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""Half past eight in the office's zone."""


def named(name: str) -> UUID:
    return uuid5(SPACE, name)


class RecordingGateway:
    """
    A channel that keeps what it was handed.

    Args:
        answers: what it says, message by message; afterwards that it is sent.
        says: what it says to each, where that is for the test to decide.
    """

    def __init__(
        self,
        name: str = "email",
        *answers: Outcome,
        says: Callable[[Outgoing], Outcome] = lambda _: SENT,
        counts_only: bool = False,
    ) -> None:
        self.name, self.counts_only = name, counts_only
        self.handed: list[Outgoing] = []
        self._answers, self._says, self._lock = [*answers], says, Lock()

    def send(self, message: Outgoing) -> Outcome:
        with self._lock:
            self.handed.append(message)
            answer = self._answers.pop(0) if self._answers else None
        return answer or self._says(message)

    def close(self) -> None:
        """Nothing is open."""

    @property
    def ids(self) -> list[UUID]:
        return [one.message_id for one in self.handed]


@dataclass
class Post:
    """
    A county with messages, and a clock that a test sets.

    w1 is told by e-mail, then in the inbox; w2 by a webhook only; w3 by e-mail only; w4 in the inbox only;
    w5 by nothing at all. Above all of them is s1, with an inbox; above s1 is c1, who has none.
    """

    engine: Engine
    now: datetime = MORNING

    def uow(self) -> UnitOfWork:
        return UnitOfWork(self.engine, RING)

    def drain(self, *gateways: Gateway, worker: str = "w", **more: Any) -> Drained:
        """Send what waits at the time that it is."""
        return drain(
            self.uow,
            {one.name: one for one in gateways},
            clock=lambda: self.now,
            worker=worker,
            packs=load_pack,
            chance=lambda low, high: high,
            **more,
        )

    def later(self, **by: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**by)

    def move(self, handle: str, **addresses: str) -> None:
        """Somebody is told elsewhere from now on."""
        staff_id = counties.named(handle)
        with self.uow() as uow:
            key = data_keys.of_many(uow.session, uow.ring, [staff_id])[staff_id]
            sealed = contact_rows.seal_addresses(key, addresses)
            values = {"addresses": sealed, "channels": [*addresses]}
            contact_rows.set_values(uow.session, staff_id, values)

    # -------------------------------------------------------------- rows

    def plan(
        self,
        *names: str,
        recipient: str = "w1",
        as_role: str = "community_worker",
        at: datetime | None = None,
        case: str = "case",
    ) -> None:
        """Messages of one item each that are to go out from now on."""
        at = at or self.now
        with self.engine.begin() as connection:
            for table, rows in (
                (ObligationRow, [_obligation(case, name) for name in names]),
                (NoticeRow, [_notice(case, name) for name in names]),
                (MessageRow, [_message(name, recipient, as_role, at) for name in names]),
                (MessageItemRow, [_item(case, name) for name in names]),
            ):
                connection.execute(insert(table_of(table)), rows)

    def close(self, name: str) -> None:
        """What a message is about is done."""
        owed = table_of(ObligationRow)
        with self.engine.begin() as connection:
            connection.execute(
                update(owed).where(owed.c.occurrence == name).values(closed_on=DAY, closed_by="e1")
            )

    def take_out(self, name: str) -> None:
        """A run before took the item out of a message."""
        items = table_of(MessageItemRow)
        gone = {"withdrawn_at": MORNING, "withdrawn_because": "closed"}
        with self.engine.begin() as connection:
            connection.execute(update(items).where(items.c.occurrence == name).values(gone))

    def taken_by_another(self, name: str) -> None:
        """Another worker takes a message, and is at it."""
        message_id, fence = named(name), self.message(name).fence + 1
        claim = Claim(message_id, "another", self.now + timedelta(minutes=5), fence, 0, 1)
        attempt = Attempt(message_id, fence, "email", fence, self.now)
        with self.uow() as uow:
            carry_out(uow.session, [messages.to_claim([claim]), attempts.to_begin([attempt])])

    def rows(self, of: type[Row], **equal: Any) -> Sequence[Any]:
        """Rows of a table, by its key."""
        table = table_of(of)
        query = select(table).order_by(*table.primary_key.columns)
        for name, value in equal.items():
            query = query.where(table.c[name] == value)
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    def message(self, name: str) -> Any:
        (row,) = self.rows(MessageRow, id=named(name))
        return row

    def attempts(self, name: str) -> list[tuple[str, str | None, str | None]]:
        """Channel, outcome and code of each attempt."""
        found = self.rows(AttemptRow, message_id=named(name))
        return [(row.channel, row.outcome, row.code) for row in found]

    def inbox(self) -> list[UUID]:
        return [row.message_id for row in self.rows(InboxRow)]


@contextmanager
def a_post(shared_in: Path | None = None) -> Iterator[Post]:
    """The county, without any message yet."""
    with counties.a_county(shared_in=shared_in, filled=_fill) as county:
        yield Post(county.engine)


def _fill(county: County) -> None:
    telling = Telling(county.engine)
    for handle in ("w4", "w5"):
        telling.add_worker(handle, "north")
    telling.add_worker("c1", "county", "county_office")
    for handle in ("w1", "w4"):
        telling.account(handle, "worker")
    telling.account("s1", "supervisor")
    telling.address("w1", {"email": "w1@office.example"})
    telling.address("w2", {"webhook": "https://hook.example/w2"})
    telling.address("w3", {"email": "w3@office.example"})
    with telling.engine.begin() as connection:
        for name, policy in (("case", "cn-national"), ("odd case", "no-such-pack")):
            person = {"id": named(f"person {name}"), "registered_at": MORNING}
            connection.execute(insert(table_of(PersonRow)), person)
            connection.execute(insert(table_of(CaseRow)), _case(name, policy))


def _case(name: str, policy: str) -> dict[str, Any]:
    return {
        "id": named(name),
        "person_id": named(f"person {name}"),
        "subject_id": named(f"person {name}"),
        "policy": policy,
        "team": "recorded",
        "opened_on": DAY,
        "projected_on": DAY,
        "office_id": counties.named("north"),
        "version": 1,
        "chain": b"0",
    }


def _obligation(case: str, name: str) -> dict[str, Any]:
    return {
        "case_id": named(case),
        "kind": "routine_test",
        "occurrence": name,
        "opens_on": DAY,
        "due_on": DAY,
        "owner": "community_worker",
        "opened_by": "e0",
        "withdrawn": False,
        "paused": False,
        "nominal_days": 7,
        "is_window": False,
        "office_id": counties.named("north"),
    }


def _message(name: str, recipient: str, as_role: str, at: datetime) -> dict[str, Any]:
    return {
        "id": named(name),
        "recipient": recipient,
        "as_role": as_role,
        "sort": "at_once",
        "for_day": DAY,
        "subject": name,
        "office_id": counties.named("north"),
        "planned_at": at,
        "send_from": at,
        "next_at": at,
        "place": 0,
        "tries": 0,
        "fence": 0,
    }


def _notice(case: str, name: str) -> dict[str, Any]:
    return {
        "case_id": named(case),
        "kind": "routine_test",
        "occurrence": name,
        "told_on": DAY,
        "told_to": "community_worker",
        "role": "community_worker",
        "rung": "0",
        "told_at": MORNING,
    }


def _item(case: str, name: str) -> dict[str, Any]:
    return {
        "case_id": named(case),
        "kind": "routine_test",
        "occurrence": name,
        "told_on": DAY,
        "told_to": "community_worker",
        "message_id": named(name),
        "because": "office",
    }
