"""What is asked for by GET travels packed; what could give a secret away by its length does not."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.api.clients import Client
from tests.builders import CASE


def filled(demo: Client) -> None:
    for number in range(12):
        demo.open(UUID(int=CASE.int + number), person_id=str(UUID(int=(7 << 76) + number)))


def test_a_long_list_is_packed_and_a_short_answer_is_not(demo: Client) -> None:
    filled(demo)
    packed = demo.http.get("/api/v1/cases")
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert int(packed.headers["content-length"]) < len(packed.content) / 3
    plain = demo.http.get("/api/v1/cases", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()
    assert "content-encoding" not in demo.http.get("/health/live").headers


@pytest.mark.parametrize("path", ["/desk", f"/people/{CASE}", "/api/v1/cases?limit=1" + "0" * 1500])
def test_pages_and_refusals_are_not_packed(demo: Client, path: str) -> None:
    demo.open()
    assert "content-encoding" not in demo.http.get(path).headers


def test_the_answer_to_what_was_sent_is_not_packed(demo: Client) -> None:
    sent = {"id": str(CASE), "person_id": str(CASE), "born": "1985-11-11", "name": "甲" * 40}
    answer = demo.http.post("/api/v1/cases", json=sent)
    assert len(answer.content) > 1000
    assert "content-encoding" not in answer.headers


def test_head_tells_the_length_and_brings_nothing(demo: Client) -> None:
    filled(demo)
    asked = {"Accept-Encoding": "identity"}
    whole = demo.http.get("/api/v1/cases", headers=asked)
    bare = demo.http.head("/api/v1/cases", headers=asked)
    assert (bare.status_code, bare.content) == (200, b"")
    assert bare.headers["content-length"] == str(len(whole.content))
    assert demo.http.head("/api/v1/cases/abc").status_code == 422
