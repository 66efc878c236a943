"""The working days over HTTP: a year as announced, and days that are set and taken back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.api import worlds
from tests.api.worlds import World

CALENDAR = "/api/v1/calendar"


@pytest.fixture
def world() -> Iterator[World]:
    with worlds.a_world() as found:
        yield found


def test_a_year_says_what_departs_from_the_week(world: World) -> None:
    found = world.clients["d1"].get(f"{CALENDAR}/2024").json()
    days = {one["day"]: one for one in found["days"]}
    assert found["official"]
    assert (days["2024-10-01"]["is_working"], bool(days["2024-10-01"]["name"])) == (False, True)
    assert days["2024-09-29"]["is_working"]  # a Sunday, worked for the week of 1 October
    assert "2024-03-05" not in days


def test_a_year_that_nobody_announced_says_so(world: World) -> None:
    found = world.clients["w1"].get(f"{CALENDAR}/2040").json()
    assert not found["official"]


@pytest.mark.parametrize("year", ["1899", "3000", "x"])
def test_a_year_beyond_the_calendar_cannot_be_asked_for(world: World, year: str) -> None:
    assert world.clients["w1"].get(f"{CALENDAR}/{year}").status_code == 422


def test_a_day_is_set_once_counts_for_the_cases_and_is_taken_back(world: World) -> None:
    county, day_id = world.clients["c1"], str(uuid4())
    sent = {"days": [{"id": day_id, "day": "2024-03-12", "is_working": False, "name": "停电"}]}
    first = county.post(f"{CALENDAR}/days", json=sent)
    assert first.status_code == 201
    assert first.json()["days"] == 1
    assert county.post(f"{CALENDAR}/days", json=sent).json() == {"days": 0, "cases": 0}
    year = county.get(f"{CALENDAR}/2024").json()
    assert [one["day"] for one in year["set"]] == ["2024-03-12"]
    assert {"day": "2024-03-12", "is_working": False, "name": "停电"} in year["days"]
    assert county.delete(f"{CALENDAR}/days/{day_id}").json()["days"] == 1
    assert county.get(f"{CALENDAR}/2024").json()["set"] == []
    assert county.delete(f"{CALENDAR}/days/{uuid4()}").status_code == 404


def test_a_supervisor_sets_no_day(world: World) -> None:
    sent = {"days": [{"id": str(uuid4()), "day": "2024-03-12", "is_working": False}]}
    assert world.clients["s1"].post(f"{CALENDAR}/days", json=sent).status_code == 403
