"""The runs over HTTP: the latest first, page by page, with what somebody has to look into."""

from collections.abc import Iterator

import pytest

from tests.api import worlds
from tests.api.worlds import TODAY, World
from tests.builders import DAY

RUNS = "/api/v1/runs"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with worlds.databases_on_sqlite(), worlds.a_world() as found:
        for before in (5, 4, 2):  # and the world's own of yesterday: the third day was missed
            found.county.tick(TODAY - before * DAY)
        yield found


def test_the_latest_comes_first_page_by_page(world: World) -> None:
    client, asked = world.clients["audit"], {"limit": "2"}
    days: list[str] = []
    while True:
        page = client.get(RUNS, params=asked).json()
        days += [one["for_day"] for one in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert days == [str(TODAY - n * DAY) for n in (1, 2, 4, 5)]


def test_of_one_day(world: World) -> None:
    (found,) = world.clients["root"].get(f"{RUNS}?on={TODAY - DAY}").json()["items"]
    assert found["kind"] == "sweep"
    assert found["ended_at"] is not None
    assert found["failures"] == []
    assert found["counts"]["cases"] > 0


def test_a_missed_day_is_an_alarm(world: World) -> None:
    alarms = world.clients["c1"].get(f"{RUNS}/alarms").json()["items"]
    assert [(one["what"], one["for_day"]) for one in alarms] == [
        ("missed_day", str(TODAY - 3 * DAY))
    ]


def test_a_worker_does_not_see_to_the_machine(world: World) -> None:
    assert world.clients["w1"].get(RUNS).status_code == 403
