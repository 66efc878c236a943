"""The runs over HTTP: the latest first, page by page, with what somebody has to look into."""

import json
from collections.abc import Iterator
from dataclasses import fields
from uuid import UUID

import pytest

from api.commands.runs import COUNTED, KINDS, account_lines, in_json, line_of
from notifications.account import close
from notifications.dispatch import Drained
from notifications.planning import Planned
from tests.api import worlds
from tests.api.worlds import TODAY, World
from tests.builders import CASE, DAY
from workflow.services.clock import Instant
from workflow.services.completeness import Account
from workflow.services.run_reports import RunView, alarms, runs_of
from workflow.store import runs

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


def test_the_account_says_what_became_of_everybody(world: World) -> None:
    clock = Instant.on(TODAY - DAY)
    with world.county.uow() as uow:
        made = close(uow, None, clock.now, clock.today)
        (run,) = runs_of(uow, on=TODAY - DAY)
    (found,) = world.clients["c1"].get(f"{RUNS}?on={TODAY - DAY}").json()["items"]
    shown = found["account"]
    assert shown["open_cases"] == shown["with_step"] == made.open_cases > 0
    assert (shown["closes"], shown["gap"], shown["waiting"]) == (True, 0, made.notices)
    assert run.account == made
    first, second = account_lines(made)
    assert first == "在管个案 open cases 4 = 有下一步 with a next step 4"
    assert second.startswith(f"通知 notices {made.notices} · 正在安排 about to be planned")


def test_what_is_left_over_is_told_by_number_and_by_id() -> None:
    account = Account(
        UUID(int=1),
        TODAY,
        Instant.on(TODAY).now,
        open_cases=3,
        with_step=1,
        exceptions={"suspended": 1},
        unnamed=1,
        unnamed_cases=(CASE,),
        notices=2,
        untold=2,
        waiting=0,
        items={},
        adrift=0,
    )
    assert list(account_lines(account)) == [
        "在管个案 open cases 3 = 有下一步 with a next step 1 · 中止期间 suspended 1",
        "通知 notices 2",
        "! 没有下一步、也没有原因的个案 cases on nobody's list 1",
        "! 没有进入任何消息的通知 notices that are in no message 2",
        f"!   {CASE}",
    ]


def test_each_run_is_told_with_its_kind_and_what_it_did() -> None:
    at = Instant.on(TODAY).now
    sweep = RunView(UUID(int=1), "sweep", TODAY, at, at, {"notices": 3, "rows": 0}, ())
    assert line_of(sweep).endswith("个案 cases 0 · 通知 notices 3 · 失败 failures 0")
    dead = RunView(UUID(int=2), "delivery", TODAY, at, None, {}, ())
    assert "发送 delivery  2024-03-05T00:30:00+00:00 → —  失败 failures 0" in line_of(dead)
    known = {name for one in (Drained(), Planned()) for name in vars_of(one)}
    assert known - {"by_channel"} <= COUNTED.keys()


def vars_of(one: Drained | Planned) -> set[str]:
    return {each.name for each in fields(one)}


def test_a_missed_day_is_an_alarm(world: World) -> None:
    alarms = world.clients["c1"].get(f"{RUNS}/alarms").json()["items"]
    assert [(one["what"], one["for_day"]) for one in alarms] == [
        ("missed_day", str(TODAY - 3 * DAY)),
        ("not_today", str(TODAY)),
    ]


def test_the_command_tells_machines_just_what_the_api_does(world: World) -> None:
    clock = Instant.on(TODAY)
    with world.county.uow() as uow:
        close(uow, None, clock.now, TODAY - DAY)
        told = json.dumps(in_json(runs_of(uow), alarms(uow, clock)))
    client = world.clients["c1"]
    shown = {
        "alarms": client.get(f"{RUNS}/alarms").json()["items"],
        "runs": client.get(RUNS).json()["items"],
    }
    assert json.loads(told) == shown
    assert shown["alarms"]
    assert shown["runs"][0]["account"]


def test_a_worker_does_not_see_to_the_machine(world: World) -> None:
    assert world.clients["w1"].get(RUNS).status_code == 403


def test_every_kind_of_run_has_a_name() -> None:
    assert tuple(KINDS) == runs.KINDS
