"""Writing down: three taps for a visit, what was begun outlives a kill, a photo tells no place, one day's tests for many."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.web.phone.acts import DAY, days, visits, who_owes
from tests.web.phone.houses import TODAY, House
from tests.web.phone.phones import Phone, rows

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]
CAMERA = "Invented Camera 7"
COUNT_TAPS = "window.taps = 0; addEventListener('click', () => { window.taps += 1 }, true)"
NOTE = "在家，情绪平稳"
FULL = """() => { for (const each of ['add', 'put']) {
  const real = (window.real ??= {})[each] = IDBObjectStore.prototype[each]
  IDBObjectStore.prototype[each] = () => { throw new DOMException('full', 'QuotaExceededError') }
} }"""
ROOM = "() => Object.assign(IDBObjectStore.prototype, window.real)"
MOST_BYTES, LONGEST_EDGE = 400 * 1024, 1600


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


def test_i_know_is_one_tap_on_a_persons_screen_and_is_not_asked_for_again(phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "确认接受帮扶任务")[0]
    phone.go(f"/people/{someone}")
    phone.page.wait_for_selector("section.next .step")
    phone.offline()
    phone.page.get_by_role("button", name="我知道了").click()
    here = phone.page.locator("section.next")
    waits = here.locator(".row", has=phone.page.locator(".waits"))
    expect(waits).to_have_count(1)  # and not what the others of the team are asked
    expect(waits).to_contain_text("确认接受帮扶任务")
    expect(here.get_by_role("button", name="我知道了")).to_have_count(0)
    expect(here.locator(".step", has_text="确认接受帮扶任务")).to_have_count(0)
    phone.online()
    phone.synced()
    assert phone.said == []


def test_what_was_begun_outlives_a_kill(phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    phone.go(f"/people/{someone}/record/visited")
    phone.page.locator("label", has_text="其他").first.click()
    phone.page.locator("input[type=date]").first.fill(str(TODAY - 5 * DAY))
    phone.page.locator("textarea").first.fill(NOTE)
    phone.page.wait_for_timeout(600)
    phone.kill()
    phone.take_up()
    phone.unlock()
    phone.go(f"/people/{someone}/record/visited")
    phone.page.locator("textarea").first.fill("别的")
    phone.page.wait_for_timeout(600)
    phone.page.get_by_role("button", name="接着写").click()
    expect(phone.page.locator("textarea").first).to_have_value(NOTE)
    expect(phone.page.locator("input[type=date]").first).to_have_value(str(TODAY - 5 * DAY))
    phone.go("/queue")
    expect(phone.page.locator("main article")).to_have_count(1)  # the fresh one is gone
    _answer(phone, "留着")
    expect(phone.page.locator("main article")).to_have_count(1)
    _answer(phone, "删除")
    expect(phone.page.locator("main article")).to_have_count(0)
    assert phone.said == []


def test_a_phone_that_is_full_says_so_and_saves_once_there_is_room(
    phone: Phone, house: House
) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    before = days(visits(house, someone))
    phone.go(f"/people/{someone}/record/visited")
    phone.page.wait_for_selector("main form")
    phone.page.evaluate(FULL)
    phone.page.locator("textarea").first.fill(NOTE)
    phone.page.get_by_role("button", name="保存").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("手机存储已满，这条还没有存下")
    expect(phone.page.locator(".strip .count")).to_have_count(0)
    phone.page.evaluate(ROOM)
    _save(phone)
    phone.synced()
    assert days(visits(house, someone)) - before == {str(TODAY): 1}
    heard = [one for one in phone.said if not one.startswith("trace: ")]  # Dexie's, of a throw
    assert heard == []


def test_a_photo_is_stripped_on_the_phone_and_follows_its_visit(phone: Phone, house: House) -> None:
    phone.sign_in("w1")
    case_id = who_owes(phone, "走访")[0]
    phone.go(f"/people/{case_id}/record/visited")
    phone.page.wait_for_selector("main form")
    phone.offline()
    taken: FilePayload = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    phone.page.locator("input[type=file]").last.set_input_files(taken)
    phone.page.wait_for_selector("main li img")
    _save(phone)
    with phone.page.expect_request(lambda one: "/attachments/" in one.url, timeout=30_000) as sent:
        phone.online()
    _check_picture(sent.value.post_data_buffer or b"")
    phone.synced()
    with house.caller("w1") as http:
        (kept,) = _items(http.get(f"/api/v1/cases/{case_id}/attachments"))
        events = _items(http.get(f"/api/v1/cases/{case_id}/events", params={"limit": 200}))
    assert kept["event_id"] in {one["id"] for one in events if one["event"] == "visited"}
    assert phone.said == []


def test_a_photo_outlives_its_person_until_it_is_sent(phone: Phone, house: House) -> None:
    """Its visit had arrived, the photo not yet, and the case was handed over: the photo went with the person."""
    phone.sign_in("w1")
    case_id = who_owes(phone, "走访")[0]
    phone.context.route("**/attachments/*", lambda route: route.abort())
    phone.go(f"/people/{case_id}/record/visited")
    taken: FilePayload = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    phone.page.locator("input[type=file]").last.set_input_files(taken)
    phone.page.wait_for_selector("main li img")
    _save(phone)
    phone.synced()
    with house.caller("w1") as http:
        for one in http.get("/api/v1/sessions").json()["items"]:
            if not one["current"]:
                http.delete(f"/api/v1/sessions/{one['id']}").raise_for_status()
    phone.page.locator(".strip button").first.click()
    expect(phone.page.locator(".strip")).to_have_attribute("data-line", "told")
    assert [rows(phone.page, table) for table in ("cases", "photos")] == [0, 1]


def test_tests_of_one_day_are_written_down_once_with_what_differs(
    phone: Phone, house: House
) -> None:
    phone.sign_in("w1")
    phone.go("/batch")
    page = phone.page
    page.get_by_role("radio", name="吸毒检测").check()
    assert page.locator("main select option").first.is_disabled()  # a name for the list, no type
    for said in ("现场检测", "尿液", "阴性", "定期检测"):
        page.get_by_role("radio", name=said).first.check()
    for at in (0, 1):
        page.locator(".tick input").nth(at).check()
    page.get_by_role("button", name="单独填写").nth(1).click()
    page.locator(".own").get_by_role("radio", name="阳性").check()
    phone.page.wait_for_timeout(400)  # the moment after which what was written is kept
    phone.kill()
    page = phone.take_up("/app/batch")
    phone.type_pin()
    page.get_by_role("button", name="核对").click()
    page.get_by_role("button", name="保存 2 条记录").click()
    phone.at_home()
    phone.synced()
    assert _results_today(house) == ["negative", "positive"]
    assert phone.said == []


def _answer(phone: Phone, word: str) -> None:
    """Tap to delete what was begun, and answer the question before it goes."""
    phone.page.locator("main article").get_by_role("button", name="删除").click()
    phone.page.get_by_role("dialog").get_by_role("button", name=word).click()
    expect(phone.page.get_by_role("dialog")).to_have_count(0)


def _save(phone: Phone) -> None:
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")


def _photo() -> bytes:
    """As a telephone takes it: large, lying on its side, with its place and its maker."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CAMERA, 6
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 0.0)})
    to = BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(to, "JPEG", quality=90, exif=exif)
    return to.getvalue()


def _check_picture(sent: bytes) -> None:
    assert 0 < len(sent) <= MOST_BYTES
    assert CAMERA.encode() not in sent
    picture = Image.open(BytesIO(sent))
    assert not picture.getexif()
    assert picture.height > picture.width
    assert picture.height <= LONGEST_EDGE


def _results_today(house: House) -> list[str]:
    """What the tests of today came to, of everybody whom the worker reaches."""
    with house.caller("w1") as http:
        cases = _items(http.get("/api/v1/cases", params={"limit": 200}))
        found = [
            one["fields"]["result"]
            for case in cases
            for one in _items(http.get(f"/api/v1/cases/{case['id']}/events", params={"limit": 200}))
            if one["event"] == "test_taken" and one["on"] == str(house.today)
        ]
    return sorted(found)


def _items(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
