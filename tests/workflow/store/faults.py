"""
What the tests of a failing database share: a request with names in it, what it left, what was told, a small disk.
"""

from __future__ import annotations

import os
import subprocess
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL, Engine, insert, select

from workflow.rules.errors import Unavailable
from workflow.store.engine import make_engine
from workflow.store.tables.columns import Row, table_of
from workflow.store.tables.people import PersonMarkRow, PersonRow
from workflow.store.tables.stamps import StampRow
from workflow.store.unit_of_work import UnitOfWork

MARK = "孟十七记号4417"
PEOPLE, MARKS, STAMPS = table_of(PersonRow), table_of(PersonMarkRow), table_of(StampRow)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
Rows = dict[str, list[str]]

# ------------------------------------------------------------------ a request and what it left


def register(uow: UnitOfWork, number: int, stamps: int = 1) -> None:
    """Writes to three tables, and to each of them what must never be told."""
    person = UUID(int=number)
    uow.session.execute(insert(PEOPLE).values(id=person, profile=MARK.encode(), registered_at=NOW))
    for each in range(stamps):
        stamp = {"key": f"{number}-{each}", "value": (MARK * 30)[:200]}
        uow.session.execute(insert(STAMPS).values(stamp))
    digest = {"person_id": person, "kind": "phone", "root_key": MARK, "digest": MARK.encode()}
    uow.session.execute(insert(MARKS).values(digest))


def request(engine: Engine, number: int, stamps: int = 1) -> None:
    """The same in a transaction of its own."""
    with UnitOfWork(engine) as uow:
        register(uow, number, stamps)


def everything(engine: Engine) -> Rows:
    """Every row of every table."""
    with UnitOfWork(engine, reading=True) as uow:
        return {
            table.name: sorted(map(repr, uow.session.execute(select(table))))
            for table in Row.metadata.sorted_tables
        }


def tells(error: Unavailable, code: str, *secrets: str) -> None:
    """The right code, its cause behind it, and nothing about people in all that can be shown."""
    assert error.code == code
    assert error.__cause__ is not None
    shown = traceback.format_exception(error)
    each: BaseException | None = error
    while each is not None:
        shown += [str(each), repr(each), *getattr(each, "__notes__", [])]
        assert getattr(each, "params", None) is None
        each = each.__cause__ or each.__context__
    for secret in (MARK, *secrets):
        assert secret not in "".join(shown)
        assert secret.encode().hex() not in "".join(shown)


# ------------------------------------------------------------------ databases and disks


@contextmanager
def opened(url: str | URL) -> Iterator[Engine]:
    """An engine whose connections are closed in the end, so that its disk can go."""
    found = make_engine(url)
    try:
        yield found
    finally:
        found.dispose()


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root can mount the small disk that this test fills")
    place.mkdir()
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def remount(place: Path, how: str) -> None:
    """Make a disk read-only (`ro`) or writable again (`rw`)."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)


def fill(place: Path) -> Path:
    """A file that leaves no room for anything else."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 1):
            try:
                while True:
                    file.write(b"0" * size)
            except OSError:
                pass
    return filler
