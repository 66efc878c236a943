"""What whoever watches over the server is told: it lives, it is ready, or which check fails; never about anybody."""

from __future__ import annotations

from sqlalchemy import text

from tests.api.clients import Client
from workflow.services.sweeping import sweep


def swept(client: Client) -> None:
    parts = client.parts
    sweep(parts.uow, packs=parts.packs, calendar=parts.calendar, clock=parts.clock())


def test_it_lives_whatever_becomes_of_its_database(office: Client) -> None:
    with office.parts.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert office.http.get("/health/live").json() == {"status": "ok"}
    answer = office.http.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["facts"]["failing"] == ["schema", "key_ring", "sweep"]


def test_it_is_ready_once_the_calendar_was_looked_at(office: Client) -> None:
    answer = office.http.get("/health/ready", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert answer.json()["facts"] == {"failing": ["sweep"]}
    assert "the calendar" in answer.json()["detail"]
    assert answer.headers["retry-after"]
    swept(office)
    ready = office.http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"] == ["database", "schema", "key_ring", "sweep"]


def test_a_demo_counts_by_its_own_day(demo: Client) -> None:
    swept(demo)
    assert demo.http.get("/health/ready").status_code == 200
    demo.move_clock("2024-03-01")
    assert demo.http.get("/health/ready").status_code == 200
