"""A question about the rows of many is answered alike by an array and by a list, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, insert, select

from tests import databases
from tests.builders import Office
from tests.databases import new_database
from tests.notifications.posting import MORNING
from workflow.store import of_many
from workflow.store.of_many import OfMany
from workflow.store.tables import PersonRow, table_of

PEOPLE = table_of(PersonRow)
_SINCE = OfMany(
    select(PEOPLE.c.id).where(
        PEOPLE.c.registered_at >= bindparam("since", type_=PEOPLE.c.registered_at.type)
    ),
    PEOPLE.c.id,
)


@pytest.fixture
def office() -> Iterator[Office]:
    engine = new_database()
    yield Office(engine)
    databases.drop(engine)


def test_those_are_found_that_are_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_many, "AT_ONCE", 2)
    ids = [uuid4() for _ in range(5)]
    with office.uow() as uow:
        rows = [{"id": one, "registered_at": MORNING} for one in ids]
        uow.session.execute(insert(PEOPLE), rows)

        def found(*asked: UUID) -> set[UUID]:
            return {row.id for row in _SINCE.all(uow.session, asked, since=MORNING)}

        assert found() == set()
        assert found(ids[0]) == {ids[0]}
        assert found(*ids[1:], uuid4()) == set(ids[1:])
