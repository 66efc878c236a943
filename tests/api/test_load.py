"""A rush and a slow answer: who waits, who is told to come again, and that nothing is left hanging (a real server)."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx

from api.commands.serving import listen
from tests.api.servers import CLOCK, a_server
from tests.builders import CASE, PERSON
from tests.waiting import until

CASES = "/api/v1/cases"
OPENED = {"id": str(CASE), "person_id": str(PERSON), "born": "1985-11-11"}


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["x-content-type-options"] == "nosniff"
    return str(answer.json()["code"])


def test_in_a_rush_some_wait_and_the_rest_is_told_at_once(tmp_path: Path) -> None:
    with a_server(tmp_path, threads=2, waiting=3) as server:
        with server.moving:
            taken = [server.moves() for _ in range(5)]
            assert until(lambda: server.ask("GET", "/nothing").status_code == 503)
            assert refusal(server.ask("GET", CASES)) == "too_busy"
            assert server.ask("GET", "/health/live").status_code == 200
            assert not any(each.done() for each in taken)
        assert {each.result(20).status_code for each in taken} <= {200, 409}
        assert server.ask("GET", CLOCK).json()["today"] == "2024-01-09"


def test_whoever_had_no_answer_in_time_is_told_and_what_had_begun_is_brought_to_its_end(
    tmp_path: Path,
) -> None:
    with a_server(tmp_path, threads=1, longest_answer=2) as server:
        with server.moving:
            begun = server.moves()
            assert until(lambda: server.moving.asked == 2)  # this test, and the one thread
            waiting = server.sends("POST", CASES, OPENED)
            assert refusal(begun.result(10)) == "too_slow"
            assert refusal(waiting.result(10)) == "too_slow"
        assert until(lambda: server.ask("GET", CLOCK).json()["today"] == "2024-01-09")
        assert server.ask("GET", CASES).json()["items"] == [], "it never had its turn"
        assert server.ask("POST", CASES, OPENED).status_code == 201


def test_a_body_that_does_not_come_holds_nobody_up_for_long(tmp_path: Path) -> None:
    with (
        a_server(tmp_path, threads=1, waiting=1, longest_answer=1) as server,
        socket.create_connection(("127.0.0.1", server.port)) as slow,
    ):
        head = (
            "POST /api/v1/cases HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        )
        slow.sendall(f"{head}Content-Length: 90\r\n\r\n{{".encode())
        assert server.ask("GET", CASES).status_code == 200, "it waits for its body, not in a thread"
        slow.settimeout(10)
        assert b" 503 " in slow.recv(4000)


def test_an_answer_is_not_held_back_until_its_beginning_was_received() -> None:
    """A socket that does not say that it is TCP leaves Nagle's algorithm on: 40 ms for every answer."""
    listening = listen("127.0.0.1", 0)
    try:
        assert listening.proto == socket.IPPROTO_TCP
    finally:
        listening.close()
