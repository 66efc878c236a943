"""Whatever is sent, the API takes it or refuses it with a problem; a refused request leaves nothing behind."""

from __future__ import annotations

import json
import random
import time
from datetime import date
from typing import Any

import pytest

from tests.api.clients import Client, event
from tests.builders import CASE
from workflow.rules.events import EVENTS
from workflow.rules.moves import plausible
from workflow.services.event_forms import dump

SECONDS = 20.0  # of a minute for the three parsers together
VALUES: list[Any] = [
    *(None, True, 0, -1, 10**30, 1.5, "", " ", "x", "t1", "positive", "2024-01-08", "2024-02-30"),
    *(
        "9999-12-31",
        "2024-01-08T10:00:00Z",
        [],
        ["x"],
        {},
        {"a": []},
        "a\0b",
        "\ud800",
        "字" * 3000,
    ),
]
SCRAPS = [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\xff", b"NaN", b"1e999", b"null", b""]


MOST = 20_000
"""After so many events a plausible one has come, however slow the machine is."""


def a_chance() -> random.Random:
    """Other dice in each run, and the same again for the seed that pytest-randomly shows."""
    return random.Random(random.getrandbits(64))


def typical(chance: random.Random, number: int) -> dict[str, Any]:
    """An event of some type with plausible fields, some of them changed."""
    name = chance.choice(list(EVENTS))
    day = f"2024-01-{chance.randint(1, 9):02}"
    kind = EVENTS[name]
    data = dump(kind(**plausible(kind, date.fromisoformat(day))))
    for _ in range(chance.choice([0, 0, 1, 2])):
        data[chance.choice([*data, "note", "other"])] = chance.choice(VALUES)
    sent = event(name, day, f"e{number}", **data)
    if chance.random() < 0.5:
        sent["approved_by"] = "s1"
    if chance.random() < 0.1:
        sent[chance.choice(list(sent))] = chance.choice(VALUES)
    return sent


def check(client: Client, body: bytes) -> bool:
    """Send a body; gives back whether it was taken."""
    before = client.case()["version"]
    headers = {"Content-Type": "application/json"}
    answer = client.http.post(f"/api/v1/cases/{CASE}/events", content=body, headers=headers)
    assert answer.status_code in (200, 201, 400, 409, 413, 422), (answer.text, body)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"]
        assert client.case()["version"] == before
    return answer.status_code == 201


@pytest.mark.fuzz
def test_any_event_is_taken_or_refused(demo: Client) -> None:
    chance, end, number, taken = a_chance(), time.monotonic() + SECONDS * 2 / 3, 0, 0
    demo.open()
    while time.monotonic() < end or not (taken or number >= MOST):  # a busy machine gets less far
        number += 10
        sent = [typical(chance, number + n) for n in range(chance.choice([1, 1, 1, 2]))]
        taken += check(demo, json.dumps({"events": sent}).encode())
    assert taken, "a plausible event must be taken now and then"


@pytest.mark.fuzz
def test_damaged_text_is_refused(demo: Client) -> None:
    chance, end = a_chance(), time.monotonic() + SECONDS / 3
    demo.open()
    whole = json.dumps({"events": [event("detected", "2024-01-08", source="inspection")]}).encode()
    while time.monotonic() < end:
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.choice([0, 1, 8])] = chance.choice(SCRAPS)
        check(demo, bytes(damaged))
