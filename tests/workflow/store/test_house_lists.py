"""Pages of the house leave nobody out and show nobody twice, and end where the caller's own ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.builders import DAY
from tests.counties import BEGUN, County, a_county, named
from workflow.services.clock import Instant
from workflow.services.staffing import add_staff, end_posting, withdraw_leave
from workflow.store import house_lists
from workflow.store.scopes import NO_HOUSE, Scope
from workflow.store.tables import Found

pytestmark = pytest.mark.databases("sqlite", "postgres")
TODAY = date(2024, 3, 5)
ALL = Scope(everything=True)


@pytest.fixture
def county() -> Iterator[County]:
    with a_county() as found:
        for number, name in enumerate(("安", "Ba", "ba", "北", "Zz"), 1):
            found.add_office(f"{name}{number}", "community", "south")
        found.add_worker("c1", "county", "county_office")
        yield found


def paged(
    page: Callable[..., Sequence[Found]], place: Callable[[Found], Any], limit: int
) -> list[Found]:
    """Every page of a list, one after the other."""
    found: list[Found] = []
    after = None
    while rows := page(limit=limit, after=after):
        found += rows
        after = place(rows[-1])
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_offices_are_the_whole_list(county: County, limit: int) -> None:
    with county.uow() as uow:

        def page(**more: Any) -> Sequence[Found]:
            return house_lists.offices(uow.session, on=TODAY, **more)

        whole = [row.office_id for row in page(limit=100)]
        found = paged(page, lambda row: (row.division, row.name, row.office_id), limit)
    assert [row.office_id for row in found] == whole
    assert len(set(whole)) == len(whole) == 8


def test_offices_below_one_on_a_day(county: County) -> None:
    with county.uow() as uow:
        below = house_lists.offices(uow.session, on=TODAY, under=named("south"), limit=100)
        nowhere = house_lists.offices(uow.session, on=TODAY, under=UUID(int=9), limit=100)
        before = house_lists.offices(uow.session, on=BEGUN - DAY, limit=100)
    assert {row.name for row in below} == {"south", "安1", "Ba2", "ba3", "北4", "Zz5"}
    assert nowhere == before == []


def staff(county: County, scope: Scope, since: date | None = TODAY) -> list[str]:
    with county.uow() as uow:
        rows = paged(
            lambda **more: house_lists.staff(uow.session, scope, since=since, **more),
            lambda row: row.handle,
            2,
        )
        return [row.handle for row in rows]


def of(*offices: str, **more: Any) -> Scope:
    return Scope(offices=frozenset(named(one) for one in offices), **more)


def test_staff_are_those_of_the_offices(county: County) -> None:
    assert staff(county, ALL) == ["c1", "s1", "w1", "w2", "w3"]
    assert staff(county, of("north")) == ["s1", "w1", "w2"]
    assert staff(county, of("north", "south")) == ["s1", "w1", "w2", "w3"]
    assert staff(county, Scope(staff_id=named("w3")), None) == ["w3"]
    assert staff(county, NO_HOUSE, None) == staff(county, of()) == []


def test_who_left_is_found_among_the_former_only(county: County) -> None:
    clock = Instant.on(TODAY)
    with county.uow() as uow:
        end_posting(uow, posting_id=named("post w1"), last_on=TODAY - DAY, clock=clock, by="c1")
    assert staff(county, of("north")) == ["s1", "w2"]
    assert staff(county, of("north"), None) == ["s1", "w1", "w2"]
    assert "w1" not in staff(county, ALL)
    assert "w1" in staff(county, ALL, None)


def test_whoever_is_nowhere_yet_is_known_to_who_entered_them(county: County) -> None:
    with county.uow() as uow:
        who: dict[str, Any] = {
            "staff_id": named("f1"),
            "handle": "f1",
            "name": "某家属",
            "phone": None,
        }
        add_staff(uow, **who, clock=Instant.on(TODAY), by="s1")
    assert "f1" in staff(county, of("north", handle="s1"), None)
    assert "f1" not in staff(county, of("north", handle="s1")), "nobody is posted nowhere"
    assert "f1" not in staff(county, of("north", handle="s2"), None)


def test_leaves_are_of_whom_one_keeps_and_not_over_nor_taken_back(county: County) -> None:
    for n, handle in enumerate(("w1", "w2", "w3", "s1")):
        first = TODAY + timedelta(days=n - 2)
        county.leave(handle, first, first + DAY, "w2" if handle == "w1" else None)
    taken_back = named(f"leave s1 {TODAY + DAY}")
    with county.uow() as uow:
        withdraw_leave(uow, leave_id=taken_back, clock=Instant.on(TODAY + DAY), by="s1")

        def page(scope: Scope, **more: Any) -> Any:
            return lambda **cut: house_lists.leaves(uow.session, scope, since=TODAY, **more, **cut)

        def found(scope: Scope, **more: Any) -> list[tuple[str, str | None]]:
            rows = paged(page(scope, **more), lambda row: (row.first_on, row.id), 1)
            return [(row.handle, row.deputy) for row in rows]

        assert found(ALL) == [("w2", None), ("w3", None)]
        assert found(of("north")) == [("w2", None)]
        assert found(Scope(staff_id=named("w3"))) == [("w3", None)]
        assert found(ALL, of_staff=named("w1")) == found(NO_HOUSE) == []
        kept = house_lists.leave(uow.session, taken_back)
        assert kept is not None
        assert kept.handle == "s1"
        assert house_lists.leave(uow.session, UUID(int=9)) is None
