"""A case with rows in every table that is computed, and a hand that changes rows past all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Engine, delete, insert, inspect, select, text

from tests.builders import CASE, DAY, Office, new_event, to_order
from tests.persons import NOW
from workflow.services.verifying import Verdict
from workflow.services.verifying import verify as run
from workflow.store import cases, data_keys, people, raw_rows
from workflow.store.events import add as add_events
from workflow.store.events import first_link, place_of
from workflow.store.profiles import Profile
from workflow.store.raw_rows import TABLES
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 1, 8)
ORDER = date(2024, 1, 20)
REPORTED = date(2024, 1, 25)

Row = dict[str, Any]
Named = tuple[str, str, tuple[str, ...]]
"""What was found, in which table, and in which columns."""


def lived(office: Office, *, case_id: UUID = CASE, **more: Any) -> None:
    """A case in community detox with a helper in a chair, in three requests, swept the day after."""
    office.open(FIRST, case_id=case_id, team="recorded", **more)
    seat = new_event("helper_assigned", ORDER + DAY, role="community_worker", helper="w1")
    known = new_event("assignment_acknowledged", ORDER + DAY, role="community_worker")
    office.record(ORDER, *to_order(FIRST, ORDER), case_id=case_id)
    office.record(ORDER + DAY, seat, known, case_id=case_id)
    office.record(REPORTED, new_event("reported_in", REPORTED), case_id=case_id)
    office.tick(REPORTED + DAY)


COPIED = ("obligations", "sightings", "stays", "chairs", "rungs", "notices", "pins")


def copies(office: Office, count: int) -> None:
    """As many cases more that went like the one of `CASE`, each about a person of its own; cheap to have."""
    found = {name: of_case(Hand(office.engine, name)) for name in ("events", *COPIED)}
    (case,) = (row for row in Hand(office.engine, "cases").rows() if row["id"] == CASE)
    with office.uow() as uow:
        key = data_keys.of(uow.session, office.ring, case["person_id"])
        said = [key.open(row["sealed"], place_of(CASE, row["id"])) for row in found["events"]]
        for _ in range(count):
            case_id, person_id = uuid4(), uuid4()
            own = people.add(uow.session, office.ring, person_id, Profile(name="某"), NOW.now)
            about = {"id": case_id, "person_id": person_id, "subject_id": person_id}
            raw_rows.put(uow.session, "cases", [{**case, **about}])
            events = []
            for row, plain in zip(found["events"], said, strict=True):
                new = _of_another(row, case_id)
                new["sealed"] = own.seal(plain, place_of(case_id, new["id"]))
                events.append(new)
            tip = add_events(uow.session, case_id, first_link(case_id), events)
            cases.set_values(uow.session, case_id, chain=tip)
            for name in COPIED:
                raw_rows.put(
                    uow.session, name, [{**row, "case_id": case_id} for row in found[name]]
                )


def _of_another(row: Row, case_id: UUID) -> Row:
    """An event as another case would have it; the registration at the opening has an id made of the case's."""
    new = {name: value for name, value in row.items() if name not in ("case_id", "chain")}
    if row["id"] == str(uuid5(CASE, "person_registered")):
        new["id"] = new["request_id"] = str(uuid5(case_id, "person_registered"))
    return new


def verify(office: Office, **more: Any) -> Verdict:
    """What a verification of an office's database finds."""

    def uow() -> UnitOfWork:
        return UnitOfWork(office.engine, office.ring, reading=True)

    return run(uow, packs=office.packs, calendar=office.calendar, **more)


def named(office: Office, **more: Any) -> list[Named]:
    """The findings without their keys, in order."""
    return sorted((one.fault, one.table, one.columns) for one in verify(office, **more).findings)


# ------------------------------------------------------------------ past all checks


class Hand:
    """Changes the rows of one table as somebody does who may write to the database by themselves."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine, self.table = engine, TABLES[name]

    def rows(self) -> list[Row]:
        """Every row, in the order of the keys."""
        with self.engine.connect() as connection:
            order = list(self.table.primary_key.columns)
            found = connection.execute(select(self.table).order_by(*order))
            return [row._asdict() for row in found]

    def change(self, row: Row, **values: Any) -> None:
        """Write other values into a row."""
        self.take(row)
        self.put({**row, **values})

    def take(self, row: Row) -> None:
        """Delete a row."""
        same = [column == row[column.name] for column in self.table.primary_key.columns]
        with self.engine.begin() as connection:
            assert connection.execute(delete(self.table).where(*same)).rowcount == 1

    def put(self, *rows: Row) -> None:
        """Write rows down."""
        with self.engine.begin() as connection:
            connection.execute(insert(self.table), list(rows))

    def put_all_back(self, rows: list[Row]) -> None:
        """Let these be all rows again."""
        with self.engine.begin() as connection:
            connection.execute(delete(self.table))
            if rows:
                connection.execute(insert(self.table), rows)


@contextmanager
def hand_in(office: Office, name: str) -> Iterator[Hand]:
    """Within it a table may be changed at will; afterwards it is as it was."""
    hand = Hand(office.engine, name)
    before = hand.rows()
    try:
        yield hand
    finally:
        hand.put_all_back(before)


def of_case(hand: Hand, case_id: UUID = CASE) -> list[Row]:
    """The rows of one case."""
    return [row for row in hand.rows() if row["case_id"] == case_id]


_unguarding: dict[str, list[str]] = {}


def unguard(engine: Engine) -> None:
    """Take away what the database itself refuses: triggers and foreign keys."""
    kind = engine.dialect.name
    if kind == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
    if kind not in _unguarding:  # every database of a kind has the same
        _unguarding[kind] = _statements_that_unguard(engine)
    with engine.begin() as connection:
        for statement in _unguarding[kind]:
            connection.execute(text(statement))


def _statements_that_unguard(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            )
            return [f"DROP TRIGGER {name}" for name in found.scalars()]
    looked = inspect(engine)
    keys = [
        f"ALTER TABLE {table} DROP CONSTRAINT {key['name']}"
        for table in TABLES
        for key in looked.get_foreign_keys(table)
    ]
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES] + keys


# ------------------------------------------------------------------ other values


def other(value: Any) -> Any:
    """Another value of the same kind."""
    changes: dict[type, Callable[[Any], Any]] = {
        bool: lambda old: not old,
        int: lambda old: old + 1,
        date: lambda old: old + timedelta(days=1),
        str: lambda old: old + "x",
        bytes: flipped,
        UUID: lambda old: UUID(int=old.int ^ 1),
    }
    return date(2024, 3, 1) if value is None else changes[type(value)](value)


def flipped(value: bytes) -> bytes:
    """The same bytes but for one bit in the middle."""
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
