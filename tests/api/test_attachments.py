"""Attachments over HTTP: sent once, listed, saved as a file, under reach; and how large one may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.clients import BASE, event, log_in
from tests.api.worlds import TODAY, World, a_world, case_id
from tests.attachments import MARK, photo
from workflow.services.photos import LARGEST_BYTES


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def path(kind: str, id: UUID | None = None) -> str:
    return f"/api/v1/cases/{case_id(kind)}/attachments" + (f"/{id}" if id else "")


def attach(http: TestClient, id: UUID, content: bytes, kind: str = "own", **headers: str) -> Any:
    sent = {"X-File-Name": quote("家访.jpeg"), "X-Caption": quote("门口"), **headers}
    return http.put(path(kind, id), content=content, headers=sent)


def test_a_photo_is_sent_listed_and_saved(world: World) -> None:
    once, http = uuid4(), world.clients["w1"]
    made = attach(http, once, photo(), **{"X-Event-Id": "visit-own"})
    assert made.status_code == 201, made.text
    assert made.json()["file_name"] == "家访.jpg"
    assert attach(http, once, photo(), **{"X-Event-Id": "visit-own"}).status_code == 200
    (listed,) = http.get(path("own")).json()["items"]
    assert (listed["caption"], listed["event_id"]) == ("门口", "visit-own")
    saved = http.get(path("own", once))
    assert saved.headers["content-type"] == "image/jpeg"
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in saved.headers["content-security-policy"]
    assert saved.content.startswith(b"\xff\xd8")
    assert MARK.encode() not in saved.content
    timeline = http.get(f"/api/v1/cases/{case_id('own')}/timeline?limit=200").json()["items"]
    assert [one["attachment"]["id"] for one in timeline if one["kind"] == "attachment"] == [
        str(once)
    ]


def test_a_photo_comes_behind_its_event_or_with_the_request_that_waits(world: World) -> None:
    http, queued = world.clients["w1"], str(uuid4())
    assert attach(http, uuid4(), photo(), **{"X-Event-Id": "excused"}).status_code == 404
    excused = {"kind": "sign_agreement", "occurrence": "m1/1", "reason": "住院"}
    said = event("obligation_excused", TODAY, id="excused", **excused)
    sent = {"items": [{"id": queued, "case_id": str(case_id("own")), "events": [said]}]}
    assert http.post("/api/v1/sync", json=sent).json()["items"][0]["outcome"] == "proposed"
    behind = {"X-Event-Id": "excused", "X-Queue-Id": queued}
    made = attach(http, uuid4(), photo(), **behind)
    assert (made.status_code, made.json()["event_id"]) == (201, "excused")
    behind["X-Queue-Id"] = "one of ours"
    assert attach(http, uuid4(), photo(), **behind).status_code == 422


def test_out_of_reach_is_like_not_there(world: World) -> None:
    once = uuid4()
    assert attach(world.clients["w1"], once, photo()).status_code == 201
    for who in ("s3", "d1", "root"):
        status = 404 if who == "s3" else 403
        assert world.clients[who].get(path("own")).status_code == status
        assert world.clients[who].get(path("own", once)).status_code == status
        assert attach(world.clients[who], uuid4(), photo()).status_code == status
    assert world.clients["w1"].get(path("office", once)).status_code == 404
    assert attach(world.clients["c1"], once, photo(3)).json()["code"] == "attachment_id_conflict"


def test_what_is_no_photo_and_what_is_too_large(world: World) -> None:
    http = world.clients["w1"]
    assert attach(http, uuid4(), b"GIF89a").status_code == 415
    assert attach(http, uuid4(), b"").status_code == 415
    most = world.parts.settings.largest_upload
    for size, code in ((LARGEST_BYTES + 1, "attachment_too_large"), (most + 1, "body_too_large")):
        large = attach(http, uuid4(), bytes(size))
        assert (large.status_code, large.json()["code"]) == (413, code)
    broken = attach(http, uuid4(), photo(), **{"X-Caption": "%ff"})
    assert (broken.status_code, broken.json()["code"]) == (422, "malformed_body")
    typed = http.post("/api/v1/cases", content=bytes(2_000_000))
    assert typed.status_code == 413


def test_a_folder_keeps_them_sealed(world: World, tmp_path: Path) -> None:
    settings = Settings(attachments=tmp_path)
    app = create_app(replace(world.parts, settings=settings))
    http, once = TestClient(app, base_url=BASE), uuid4()
    log_in(http, "w1")
    assert attach(http, once, photo()).status_code == 201
    (file,) = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert b"\xff\xd8" not in file.read_bytes()[:4]
    assert http.get(path("own", once)).content.startswith(b"\xff\xd8")
    file.unlink()
    assert http.get(path("own", once)).status_code == 500
