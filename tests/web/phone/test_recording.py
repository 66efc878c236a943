"""Writing down: three taps for a visit, drafts that outlive a kill, photos without their place, one test for many."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.web.phone.houses import TODAY, House
from tests.web.phone.phones import Phone
from tests.web.phone.test_offline import days, visits, who_owes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]
COUNT_TAPS = "window.taps = 0; addEventListener('click', () => { window.taps += 1 }, true)"
NOTE = "在家，情绪平稳"


def test_a_routine_visit_takes_three_taps_at_most(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    before = days(visits(house, someone))
    phone.page.evaluate(COUNT_TAPS)
    card = phone.page.locator("main article", has=phone.page.locator(f"a[href*='{someone}']"))
    row = card.locator(".row", has_text="走访")
    row.get_by_role("button", name="记录").or_(row.get_by_role("link", name="记录")).first.click()
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")
    assert phone.page.evaluate("window.taps") <= 3
    phone.synced()
    assert days(visits(house, someone)) - before == {str(TODAY): 1}
    assert phone.said == []


def test_what_was_begun_outlives_a_kill(phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    phone.go(f"/people/{someone}/record/visited")
    phone.page.locator("textarea").first.fill(NOTE)
    phone.page.wait_for_timeout(600)
    phone.kill()
    phone.take_up()
    phone.unlock()
    phone.go(f"/people/{someone}/record/visited")
    phone.page.get_by_role("button", name="接着写").click()
    expect(phone.page.locator("textarea").first).to_have_value(NOTE)
    assert phone.said == []


def test_a_photo_is_small_and_says_nothing_of_its_place(
    house: House, phone: Phone, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.jpg"
    big = Image.effect_noise((4000, 3000), 60).convert("RGB")
    place = Image.Exif()
    place.get_ifd(0x8825)[1] = "N"
    place[0x010F] = "PHONE-OF-SU"
    big.save(taken, exif=place)
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    phone.offline()
    phone.go(f"/people/{someone}/record/visited")
    phone.page.locator("input[type=file]").last.set_input_files(taken)
    phone.page.wait_for_selector("main li img")
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")
    phone.kill()
    phone.take_up()
    phone.unlock()
    with phone.page.expect_request(lambda one: "/attachments/" in one.url) as sent:
        phone.online()
    assert 10_000 < len(sent.value.post_data_buffer or b"") <= 400_000
    phone.synced()
    with house.caller("w1") as http:
        kept = http.get(f"/api/v1/cases/{someone}/attachments").json()["items"]
        assert len(kept) == 1
        content = http.get(f"/api/v1/cases/{someone}/attachments/{kept[0]['id']}").content
    with Image.open(io.BytesIO(content)) as picture:
        assert max(picture.size) <= 1600
        assert not picture.getexif()
    visit = max(visits(house, someone), key=lambda one: str(one["recorded_at"]))
    assert kept[0]["event_id"] == visit["id"]
    assert phone.said == []


def test_one_meeting_is_written_down_for_several_people_at_once(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    whom = who_owes(phone, "走访")
    before = {case_id: days(visits(house, case_id)) for case_id in whom}
    phone.offline()
    phone.go("/batch")
    phone.page.locator(".chip", has_text="走访").click()
    phone.page.locator(".list").first.locator(".head button").click()
    phone.page.locator(".bar button").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")
    phone.online()
    phone.synced()
    new = {case_id: days(visits(house, case_id)) - before[case_id] for case_id in whom}
    assert sum(bool(each) for each in new.values()) >= 3
    assert all(each == {str(TODAY): 1} for each in new.values() if each)
    assert phone.said == []
