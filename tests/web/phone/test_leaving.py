"""Whoever is no longer somebody's to see leaves the phone at its next contact; what was written of them is not lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.web.phone.acts import days, record, visits
from tests.web.phone.houses import House
from tests.web.phone.phones import Phone, a_phone_on_disk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]
Json = dict[str, Any]


def a_neighbour(house: House) -> Json:
    """Somebody whom w1 reaches by the office alone, and can visit."""
    with house.caller("w1") as http:
        cases = http.get("/api/v1/sync", params={"limit": 200}).json()["cases"]
    for one in cases:
        chairs = one.get("team", {}).get("chairs", [])
        can = {move["event"] for move in one.get("moves", [])}
        if "visited" in can and chairs and all(chair.get("helper") != "w1" for chair in chairs):
            found: Json = one
            return found
    raise AssertionError("w1 knows all people of the office")


def hand_over(house: House, case: Json) -> None:
    """To another township."""
    with house.caller("c1") as http:
        offices = http.get("/api/v1/offices").json()["items"]
        other = next(
            one["id"]
            for one in offices
            if one["name"].startswith("石桥") and one["id"] != case["office_id"]
        )
        sent = {"id": str(uuid4()), "to_office_id": other}
        answer = http.post(f"/api/v1/cases/{case['id']}/hand-over", json=sent)
    assert answer.status_code == 200, answer.text


def names_on(phone: Phone) -> str:
    """Everybody on the screen of people."""
    phone.go("/people")
    phone.page.wait_for_selector("main h1")
    return phone.page.locator("main").inner_text()


def test_a_case_that_left_is_wiped_and_what_was_written_of_it_waits_for_a_person(
    house: House, phone: Phone
) -> None:
    phone.sign_in("w1")
    case = a_neighbour(house)
    name = case["person"]["name"]
    assert name in names_on(phone)
    phone.offline()
    record(phone, case["id"], "visited")
    hand_over(house, case)
    phone.online()
    expect(phone.page.locator(".strip")).to_contain_text("1 条等专人决定", timeout=20_000)
    expect(phone.page.locator(".strip")).to_have_attribute("data-line", "well", timeout=20_000)
    assert name not in names_on(phone)
    phone.kill()
    phone.take_up()
    phone.unlock()
    assert name not in names_on(phone)
    with house.caller("c1") as http:
        kept = http.get("/api/v1/quarantine").json()["items"]
        found = http.get(f"/api/v1/quarantine/{kept[0]['id']}").json()
    assert [one["case_id"] for one in kept] == [case["id"]]
    assert "visited" in json.dumps(found)
    assert phone.said == []


def test_an_account_that_was_disabled_says_so_and_keeps_what_was_not_sent(
    house: House, phone: Phone
) -> None:
    phone.sign_in("w1")
    with house.caller("w1") as http:
        mine = http.get("/api/v1/me").json()
    case = a_neighbour(house)
    phone.offline()
    record(phone, case["id"], "visited")
    with house.caller("admin") as http:
        answer = http.post(f"/api/v1/accounts/{mine['account_id']}/disable")
        assert answer.status_code < 300, answer.text
    phone.online()
    expect(phone.page.locator(".strip")).to_have_attribute("data-line", "told", timeout=20_000)
    assert "1 条等待发送" in phone.page.locator(".strip").inner_text()
    assert case["person"]["name"] not in names_on(phone)
    with house.caller("admin") as http:
        http.post(f"/api/v1/accounts/{mine['account_id']}/enable").raise_for_status()
    with house.caller("c1") as http:
        before = http.get(f"/api/v1/cases/{case['id']}/events").json()["items"]
    assert "visited" not in [one["event"] for one in before if one["on"] == str(house.today)]


def test_a_new_version_takes_over_and_the_queue_stays(
    house: House, phone: Phone, tmp_path: Path
) -> None:
    phone.sign_in("w1")
    case = a_neighbour(house)
    phone.offline()
    record(phone, case["id"], "visited")
    phone.context.set_offline(False)
    house.stop()
    house.client = released(house.client, tmp_path / "newer")
    house.start()
    phone.page.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
    phone.page.click("button.fresh")
    phone.page.wait_for_selector(".keys")
    told = phone.page.locator("meta[name=description]").get_attribute("content")
    assert (told or "").startswith("新归途")
    phone.unlock()
    phone.synced()
    assert days(visits(house, case["id"]))[str(house.today)] == 1


def released(client: Path, to: Path) -> Path:
    """The same client as another release would bring it."""
    shutil.copytree(client, to)
    page, worker = to / "index.html", to / "sw.js"
    page.write_text(page.read_text("utf-8").replace('content="归途', 'content="新归途'), "utf-8")
    worker.write_text(re.sub('VERSION = "', 'VERSION = "new', worker.read_text("utf-8")), "utf-8")
    return to


def test_a_phone_that_loses_its_power_has_what_it_said_was_kept(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    """The browser's processes are killed right after "recorded" was shown."""
    disk = tmp_path / "disk"
    context = a_phone_on_disk(chromium, disk)
    phone = Phone(context, house.address)
    phone.sign_in("w1")
    case = a_neighbour(house)
    context.set_offline(True)
    record(phone, case["id"], "visited")
    kill_all_of(disk)
    with suppress(Error):
        context.close()
    again = a_phone_on_disk(chromium, disk)
    phone = Phone(again, house.address)
    phone.unlock()
    phone.synced()
    assert days(visits(house, case["id"]))[str(house.today)] == 1
    again.close()


def kill_all_of(disk: Path) -> None:
    """Every process of the browser whose storage lies in that folder; they are gone when this ends."""
    while found := processes_of(disk):
        for number in found:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.1)
    for lock in disk.glob("Singleton*"):  # it names a process; after a loss of power there is none
        lock.unlink()


def processes_of(disk: Path) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    lines = [line for line in listed.stdout.splitlines() if f"--user-data-dir={disk}" in line]
    return [int(line.split()[0]) for line in lines if "chrom" in line]


def test_a_storage_that_cannot_be_opened_is_said(house: House, chromium: Browser) -> None:
    context = chromium.new_context(locale="zh-CN")
    context.add_init_script("indexedDB.open = () => { throw new Error('no') }")
    phone = Phone(context, house.address)
    expect(phone.page.locator("[role=alert]")).to_contain_text("无痕模式")
    context.close()
