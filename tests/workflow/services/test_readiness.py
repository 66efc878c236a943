"""Which check fails where something stands between the server and its work; none where all is well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders import DAY, RING, Office, an_office
from workflow.services.clock import Instant
from workflow.services.readiness import CHECKS, Check, failing
from workflow.services.rotating import take_up
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork

TODAY = date(2024, 1, 8)


@pytest.fixture
def office() -> Iterator[Office]:
    """An office whose ring is known and whose calendar was looked at today."""
    with an_office() as found:
        with UnitOfWork(found.engine, RING) as uow:
            take_up(uow, TODAY)
        found.tick(TODAY)
        yield found


def fails(office: Office, on: date = TODAY, ring: KeyRing = RING) -> list[Check]:
    return failing(
        office.engine,
        lambda: UnitOfWork(office.engine, ring, reading=True),
        lambda: Instant.on(on),
    )


def test_all_is_well_until_a_whole_day_was_missed(office: Office) -> None:
    assert fails(office) == []
    assert fails(office, TODAY + DAY) == []
    assert fails(office, TODAY + timedelta(days=2)) == ["sweep"]


def test_an_office_that_was_never_swept_is_not_ready() -> None:
    with an_office() as new:
        assert fails(new) == ["sweep"]


def test_another_ring_opens_nothing(office: Office) -> None:
    assert fails(office, ring=KeyRing.generate()) == ["key_ring"]
    assert fails(office, TODAY + 9 * DAY, KeyRing.generate()) == ["key_ring", "sweep"]


@pytest.mark.parametrize("revision", [None, "of-the-future"])
def test_another_schema_and_what_cannot_be_asked_any_more(
    office: Office, revision: str | None
) -> None:
    with office.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text(f"INSERT INTO alembic_version VALUES ('{revision}')"))  # noqa: S608
    assert fails(office) == ["schema", "key_ring", "sweep"]


@pytest.mark.databases("none")
def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    gone = make_engine(f"sqlite:///{tmp_path / 'folder' / 'guitu.db'}")
    checks = failing(gone, lambda: UnitOfWork(gone, reading=True), lambda: Instant.on(TODAY))
    assert checks == list(CHECKS)
