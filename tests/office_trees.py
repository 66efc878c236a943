"""A small tree of offices for tests: two counties, two townships and a village, with cases that know where they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, select

from tests.builders import RING
from workflow.rules.errors import GuituError, Refused
from workflow.services.clock import Instant
from workflow.services.offices import correct_span, open_office
from workflow.store import offices
from workflow.store.offices import OfficeOn
from workflow.store.tables import CaseRow, PersonRow, PlacementRow, table_of
from workflow.store.unit_of_work import UnitOfWork

CASES, PEOPLE, PLACEMENTS = table_of(CaseRow), table_of(PersonRow), table_of(PlacementRow)
FIRST = date(2026, 1, 5)
TODAY = date(2026, 3, 2)
COUNTY, OTHER_COUNTY = UUID(int=0xC1), UUID(int=0xC2)
NORTH, SOUTH, EAST = UUID(int=0x71), UUID(int=0x72), UUID(int=0x73)
VILLAGE, NOBODY = UUID(int=0x91), UUID(int=9)
ANDING = "621102"


class Tree:
    """A small tree of offices on a database, and a clock that is a second later each time it is read."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = Instant.on(TODAY).now

    def clock(self) -> Instant:
        self.now += timedelta(seconds=1)
        return Instant.at(self.now)

    def uow(self) -> UnitOfWork:
        return UnitOfWork(self.engine, RING)

    def open(self, office_id: UUID, level: str = "township", **values: Any) -> None:
        given = {
            "division": ANDING,
            "name": f"机构{office_id.int:x}",
            "parent_id": None,
            "on": FIRST,
        }
        with self.uow() as uow:
            clock = self.clock()
            open_office(
                uow, office_id=office_id, level=level, clock=clock, by="a1", **{**given, **values}
            )

    def do(self, change: Any, office_id: UUID, **values: Any) -> None:
        with self.uow() as uow:
            change(uow, office_id=office_id, clock=self.clock(), by="a1", **{"on": TODAY, **values})

    def replace(self, span_id: UUID, **values: Any) -> None:
        """Give a span anew, whole."""
        with self.uow() as uow:
            correct_span(uow, span_id=span_id, clock=self.clock(), by="a1", **values)

    def correct(self, office_id: UUID, number: int, **values: Any) -> None:
        """Correct one of the spans of an office, by its place among them."""
        with self.uow() as uow:
            span = offices.spans_of(uow.session, office_id)[number]
        kept = {key: getattr(span, key) for key in ("name", "parent_id", "first_on", "last_on")}
        self.replace(span.id, **{**kept, **values})

    def case(self, number: int, office_id: UUID, *, on: date = FIRST, ended: bool = False) -> UUID:
        """A case that an office opened on a day."""
        person_id, case_id = UUID(int=0xAA0000 + number), UUID(int=0xCA0000 + number)
        with self.uow() as uow:
            at = self.clock().now
            uow.session.execute(insert(PEOPLE), [{"id": person_id, "registered_at": at}])
            row = {"id": case_id, "person_id": person_id, "subject_id": person_id}
            more = {"office_id": office_id, "policy": "cn-national", "team": "recorded"}
            dates = {"opened_on": on, "ended_on": TODAY if ended else None}
            uow.session.execute(
                insert(CASES), [{**row, **more, **dates, "version": 0, "chain": b"0"}]
            )
            placed = {"id": UUID(int=0xB0000 + number), "case_id": case_id, "office_id": office_id}
            known = {"from_on": on, "recorded_at": at, "recorded_by": "a1"}
            uow.session.execute(insert(PLACEMENTS), [{**placed, **known}])
        return case_id

    def placements(self, case_id: UUID) -> list[tuple[UUID, UUID | None, date]]:
        columns = (PLACEMENTS.c.office_id, PLACEMENTS.c.from_office_id, PLACEMENTS.c.from_on)
        query = select(*columns).where(PLACEMENTS.c.case_id == case_id)
        with self.uow() as uow:
            found = uow.session.execute(
                query.order_by(PLACEMENTS.c.from_on, PLACEMENTS.c.recorded_at)
            )
            return [(row.office_id, row.from_office_id, row.from_on) for row in found]

    def office_of(self, case_id: UUID) -> UUID:
        with self.uow() as uow:
            query = select(CASES.c.office_id).where(CASES.c.id == case_id)
            return UUID(str(uow.session.execute(query).scalar_one()))

    def as_of(self, on: date = TODAY, known_at: datetime | None = None) -> tuple[OfficeOn, ...]:
        with self.uow() as uow:
            return offices.as_of(uow.session, on=on, known_at=known_at)

    def names(self, on: date = TODAY, known_at: datetime | None = None) -> dict[UUID, str]:
        return {each.id: each.name for each in flat(self.as_of(on, known_at))}

    def parents(self, on: date = TODAY) -> dict[UUID, UUID | None]:
        return {each.id: each.parent_id for each in flat(self.as_of(on))}

    def below(self, office_id: UUID, on: date = TODAY, **known: Any) -> set[UUID]:
        with self.uow() as uow:
            return set(offices.below(uow.session, office_id, on=on, **known))

    def spans(self, office_id: UUID) -> list[tuple[str, date, date | None]]:
        with self.uow() as uow:
            found = offices.spans_of(uow.session, office_id)
            return [(row.name, row.first_on, row.last_on) for row in found]


def flat(branches: tuple[OfficeOn, ...]) -> Iterator[OfficeOn]:
    for each in branches:
        yield each
        yield from flat(each.below)


def planted(tree: Tree) -> Tree:
    tree.open(COUNTY, "county", name="安定区禁毒办")
    tree.open(OTHER_COUNTY, "county", division="621121", name="通渭县禁毒办")
    tree.open(NORTH, parent_id=COUNTY, name="北镇")
    tree.open(SOUTH, parent_id=COUNTY, name="南镇")
    tree.open(VILLAGE, "community", parent_id=NORTH, name="北村")
    return tree


def refused(code: str, kind: type[GuituError] = Refused) -> Any:
    return pytest.raises(kind, match=rf"^{code}\b")
