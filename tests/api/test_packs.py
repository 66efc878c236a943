"""The packs over HTTP: what stands in them, and whom another one would change, as far as one reaches."""

from collections.abc import Iterator

import pytest

from tests.api import worlds
from tests.api.worlds import World

PACKS = "/api/v1/packs"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with worlds.databases_on_sqlite(), worlds.a_world() as found:
        yield found


def test_those_that_are_shipped_and_those_that_cases_are_pinned_to(world: World) -> None:
    items = world.clients["w1"].get(PACKS).json()["items"]
    by_name = {one["name"].partition("@")[0]: one for one in items}
    assert (by_name["cn-national"]["shipped"], by_name["cn-national"]["kept"]) == (True, True)
    assert (by_name["shanghai"]["shipped"], by_name["shanghai"]["kept"]) == (True, False)
    assert by_name["shanghai"]["lineage"][0].startswith("cn-national")


def test_each_number_comes_with_its_article(world: World) -> None:
    found = world.clients["audit"].get(f"{PACKS}/cn-national").json()
    numbers = {one["place"]: one for one in found["numbers"]}
    report_in = next(
        one for place, one in numbers.items() if place.startswith("obligations.report_in.")
    )
    assert (report_in["basis"], report_in["source"] != "") == ("law", True)
    assert all(one["source"] and one["since"] for one in found["numbers"])


@pytest.mark.parametrize("name", ["no-such-pack", "no-such-pack@1"])
def test_a_pack_that_there_is_not(world: World, name: str) -> None:
    answer = world.clients["w1"].get(f"{PACKS}/{name}")
    assert (answer.status_code, answer.json()["code"]) == (409, "pack_unusable")


def test_a_path_is_no_name(world: World) -> None:
    assert world.clients["w1"].get(f"{PACKS}/..%2Fsecret.toml").status_code in (404, 422)


def test_whom_another_pack_would_change_page_by_page_and_no_further_than_one_reaches(
    world: World,
) -> None:
    def about(handle: str) -> list[str]:
        found: list[str] = []
        asked: dict[str, str] = {"to": "shanghai", "limit": "1"}
        while True:
            page = (
                world.clients[handle].get(f"{PACKS}/cn-national/differences", params=asked).json()
            )
            found += [one["case_id"] for one in page["items"]]
            if page["next"] is None:
                return found
            asked["cursor"] = page["next"]

    def of(*kinds: str) -> list[str]:
        return sorted(str(worlds.case_id(kind)) for kind in kinds)

    assert about("s1") == of("own", "office", "former")
    assert about("s3") == of("elsewhere")
    assert about("c1") == of("own", "office", "former", "elsewhere")
    assert (
        world.clients["w1"].get(f"{PACKS}/cn-national/differences?to=shanghai").status_code == 403
    )


def test_a_difference_names_what_changes_and_the_same_pack_changes_nothing(world: World) -> None:
    client = world.clients["s3"]
    (same,) = client.get(f"{PACKS}/cn-national/differences?to=cn-national").json()["items"]
    assert (same["changes_nothing"], same["obligations"], same["stages"]) == (True, [], [])
    other = client.get(f"{PACKS}/cn-national/differences?to=zhejiang-style-contact").json()
    (found,) = other["items"]
    assert not found["changes_nothing"]
    assert {"team_meeting"} <= {one["kind"] for one in found["obligations"]}
