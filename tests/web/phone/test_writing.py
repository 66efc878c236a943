"""Writing down on a phone what is more than a visit: a photo that tells no place, and one day's tests of several people."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload

from tests.web.phone.houses import House
from tests.web.phone.phones import Phone
from tests.web.phone.test_offline import who_owes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]
CAMERA = "Invented Camera 7"
MOST_BYTES, LONGEST_EDGE = 400 * 1024, 1600


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
        visits = _items(http.get(f"/api/v1/cases/{case_id}/events", params={"limit": 200}))
    assert kept["event_id"] in {one["id"] for one in visits if one["event"] == "visited"}
    assert phone.said == []


def test_tests_of_one_day_are_written_down_once_with_what_differs(
    phone: Phone, house: House
) -> None:
    phone.sign_in("w1")
    phone.go("/batch")
    page = phone.page
    page.get_by_role("radio", name="吸毒检测").check()
    for said in ("现场检测", "尿液", "阴性", "定期检测"):
        page.get_by_role("radio", name=said).first.check()
    for at in (0, 1):
        page.locator(".tick input").nth(at).check()
    page.get_by_role("button", name="不一样").nth(1).click()
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
