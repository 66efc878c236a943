"""Messages that wait to be sent, channels that do as they are told, and a post office to send them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, insert, select

from notifications.content import Item, content_of
from notifications.dispatch import Drained, drain
from notifications.gateway import SENT, Gateway, Outcome, Outgoing
from notifications.seams import Sources, Way
from notifications.words import rendered
from workflow.store.tables import (
    AttemptRow,
    CaseRow,
    InboxRow,
    MessageItemRow,
    MessageRow,
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
class Above:
    handle: str
    as_role: str = "supervisor"


@dataclass
class Post:
    """
    A database with messages, and a clock that a test sets.

    Args:
        ways: how each is reached; everybody else by e-mail, then by the inbox.
        above: who is next above whom.
        stands: whether the obligations of a message still stand.
    """

    engine: Engine
    now: datetime = MORNING
    ways: dict[str, Way] = field(default_factory=dict)
    above: dict[str, list[Above]] = field(default_factory=dict)
    stands: Callable[[UUID], bool] = lambda _: True
    otherwise: Way = Way(("email", "inbox"), {"email": "a@b.example"})  # noqa: RUF009 (frozen)

    def uow(self) -> UnitOfWork:
        return UnitOfWork(self.engine)

    @property
    def sources(self) -> Sources:
        def items_of(_: UnitOfWork, ids: Collection[UUID], today: date) -> Mapping[UUID, Any]:
            item = Item(named("case"), "visit", "m1", "due", "community_worker", DAY, 0, "chair")
            return {one: [item] for one in ids if self.stands(one)}

        def places_of(_: UnitOfWork, handles: Collection[str], working: frozenset[str]) -> Any:
            return {one: self.ways.get(one, self.otherwise) for one in handles}

        return Sources(
            withdraw_stale=lambda *_: 0,
            items_of=items_of,
            places_of=places_of,
            next_higher=lambda _uow, row, _today: self.above.get(row.recipient, []),
            content_of=content_of,
            rendered=rendered,
        )

    def drain(self, *gateways: Gateway, worker: str = "w", **more: Any) -> Drained:
        """Send what waits at the time that it is."""
        return drain(
            self.uow,
            {one.name: one for one in gateways},
            clock=lambda: self.now,
            worker=worker,
            sources=self.sources,
            chance=lambda low, high: high,
            **more,
        )

    def later(self, **by: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**by)

    # -------------------------------------------------------------- rows

    def plan(self, *names: str, recipient: str = "w1", at: datetime | None = None) -> list[UUID]:
        """Messages of one item each that are to go out from now on."""
        at = at or self.now
        case = {
            "id": named("case"),
            "person_id": named("person"),
            "subject_id": named("person"),
            "policy": "cn-national",
            "team": "recorded",
            "opened_on": DAY,
            "projected_on": DAY,
            "version": 1,
            "chain": b"0",
        }
        with self.engine.begin() as connection:
            if connection.execute(select(table_of(CaseRow).c.id)).first() is None:
                connection.execute(
                    insert(table_of(PersonRow)), {"id": named("person"), "registered_at": MORNING}
                )
                connection.execute(insert(table_of(CaseRow)), case)
            connection.execute(
                insert(table_of(MessageRow)),
                [
                    {
                        "id": named(name),
                        "recipient": recipient,
                        "as_role": "community_worker",
                        "sort": "at_once",
                        "for_day": DAY,
                        "subject": name,
                        "planned_at": at,
                        "send_from": at,
                        "next_at": at,
                        "place": 0,
                        "tries": 0,
                        "fence": 0,
                    }
                    for name in names
                ],
            )
            connection.execute(
                insert(table_of(MessageItemRow)),
                [
                    {
                        "case_id": named("case"),
                        "kind": "visit",
                        "occurrence": name,
                        "told_on": DAY,
                        "told_to": "community_worker",
                        "message_id": named(name),
                        "because": "chair",
                    }
                    for name in names
                ],
            )
        return [named(name) for name in names]

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
