"""What tests of backups share: rows in every table, backing up and restoring in few words, and being killed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    insert,
    select,
)

from tests.attachments import settle
from tests.builders import RING
from workflow.services.backups import BackedUp, back_up
from workflow.services.clock import Instant
from workflow.services.restoring import Restored, restore
from workflow.services.rotating import take_up
from workflow.store import dumping
from workflow.store.keyring import KeyRing
from workflow.store.raw_rows import TABLES
from workflow.store.tables import DataKeyRow, Found, table_of
from workflow.store.tables.columns import UTCDateTime
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

NOW = Instant.at(datetime(2026, 11, 2, 9, 30, 0, 1, UTC))
ODD = "归途 \"\\\n\t'\u2028🪁 "
KEYS = table_of(DataKeyRow)
ROWS = 3

Rows = dict[str, Any]
_numbers = count(1)


class KilledError(BaseException):
    """Stands for SIGKILL."""


def killing_at(place: int) -> Callable[..., None]:
    """Something that is called again and again, and ends everything the n-th time."""
    called = count(1)

    def call(*_: object) -> None:
        if next(called) == place:
            raise KilledError

    return call


def reading(engine: Engine, ring: KeyRing = RING) -> UnitsOfWork:
    """Units of work that only read."""
    return lambda: UnitOfWork(engine, ring, reading=True)


def backed_up(engine: Engine, path: Path, ring: KeyRing = RING, **more: Any) -> BackedUp:
    """Back a database up."""
    known: Rows = {"clock": NOW, "version": "1", "settle": settle}
    return back_up(reading(engine, ring), path, **known | more)


def restored(engine: Engine, path: Path, ring: KeyRing = RING, **more: Any) -> Restored:
    """Restore a backup in a transaction of its own."""
    with UnitOfWork(engine, ring) as uow:
        return restore(uow, path, **{"clock": NOW} | more)


def rows_of(engine: Engine, table: str, column: str, value: object) -> list[Found]:
    """The rows of a table that have this value in a column."""
    wanted = TABLES[table]
    with UnitOfWork(engine, reading=True) as uow:
        return list(uow.session.execute(select(wanted).where(wanted.c[column] == value)).all())


# ------------------------------------------------------------------ rows in every table


def fill_every_table(engine: Engine) -> None:
    """Three rows a table; each column holds something odd, and once nothing where it may."""
    with UnitOfWork(engine, RING) as uow:
        take_up(uow, NOW.today)
        ids: dict[str, list[Any]] = {}
        for table in dumping.TABLES:
            rows = [_row(table, number, ids) for number in range(ROWS)]
            uow.session.connection().execute(insert(table), rows)
            ids[table.name] = [row[table.primary_key.columns[0].name] for row in rows]
            _link(uow, table, ids[table.name])


def _row(table: Table, number: int, ids: dict[str, list[Any]]) -> Rows:
    if table is KEYS:
        owner = UUID(int=next(_numbers))
        wrapped = RING.current.wrap(b"x" * 32, owner.bytes)
        return {"owner_id": owner, "root_key": RING.active, "wrapped": wrapped}
    return {column.name: _value(column, number, ids) for column in table.columns}


def _value(column: Column[Any], number: int, ids: dict[str, list[Any]]) -> Any:
    for key in column.foreign_keys:
        return ids[key.column.table.name][number] if key.column.table.name in ids else None
    if column.nullable and number == 1:
        return None
    each = next(_numbers)
    for kind, make in _MAKERS:
        if isinstance(column.type, kind):
            return make(each)
    return f"{each}{ODD}"[: getattr(column.type, "length", None)]


_MAKERS: tuple[tuple[type, Callable[[int], Any]], ...] = (
    (Uuid, lambda n: UUID(int=n)),
    (UTCDateTime, lambda n: NOW.now + timedelta(seconds=n, microseconds=n % 2)),
    (Date, lambda n: date(1949 + n % 100, 2, 28)),
    (Boolean, lambda n: n % 2 == 0),
    (Integer, lambda n: n - 5),
    (LargeBinary, lambda n: bytes(range(256)) + n.to_bytes(4)),
    (JSON, lambda n: {ODD: [n, 1.5, None, True, {"甲": "乙"}]}),
)


def _link(uow: UnitOfWork, table: Table, ids: list[Any]) -> None:
    """Each refers to the one after it, where rows refer to others of their own table."""
    for key in table.foreign_keys:
        if key.column.table is table:
            for one, other in pairwise(ids):
                values = {key.parent.name: other}
                uow.session.execute(table.update().where(table.c.id == one).values(values))
