"""A client of the API in the tests' words: it logs in, opens cases, records, moves the clock, and reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import Parts, demo_clock
from api.settings import Settings
from tests.accounts import PASSWORD as PASSWORD
from tests.accounts import QUICK as QUICK
from tests.builders import CASE, PERSON, RING, new_database
from workflow.rules.access import AccountRole
from workflow.services.accounts import NewAccount, account_of, create_account
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.modes import Mode, set_demo_today, stamp
from workflow.services.packs import load_pack
from workflow.services.sessions import NewToken, issue_token
from workflow.store.unit_of_work import UnitOfWork

BASE = "http://127.0.0.1:8000"
Json = dict[str, Any]


class Client:
    """Speaks to an app; every answer is looked at by the test. `http` is logged in as a county officer."""

    def __init__(self, http: TestClient, parts: Parts) -> None:
        self.http, self.parts = http, parts

    def anonymous(self) -> TestClient:
        """The same app, to which nobody is logged in."""
        return TestClient(self.http.app, base_url=BASE, raise_server_exceptions=False)

    def logged_in(self, handle: str) -> TestClient:
        """The same app, as this account."""
        found = self.anonymous()
        log_in(found, handle)
        return found

    def open(self, case_id: UUID = CASE, **more: Any) -> Json:
        """Open a case."""
        sent = {"id": str(case_id), "person_id": str(PERSON), "born": "1985-11-11", **more}
        answer = self.http.post("/api/v1/cases", json=sent)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def post(self, *events: Json, case_id: UUID = CASE, **more: Any) -> Any:
        """Send a request of several events."""
        return self.http.post(
            f"/api/v1/cases/{case_id}/events", json={"events": list(events), **more}
        )

    def case(self, case_id: UUID = CASE, language: str = "zh") -> Json:
        """The case as it stands now."""
        headers = {"Accept-Language": language}
        answer = self.http.get(f"/api/v1/cases/{case_id}", headers=headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def move_clock(self, to: date | str) -> Any:
        """Move the clock of a demo."""
        return self.http.post("/api/v1/demo/clock", json={"to": str(to)})


def log_in(http: TestClient, handle: str) -> None:
    """Log a client in; what it writes from now on bears the mark."""
    sent = {"id": str(uuid4()), "handle": handle, "password": PASSWORD}
    answer = http.post("/api/v1/sessions", json=sent)
    assert answer.status_code == 201, answer.text
    http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


def add_account(parts: Parts, handle: str, role: AccountRole, **more: Any) -> UUID:
    """Make an account that may log in with `PASSWORD` at once."""
    password = None if role == "integration" else PASSWORD
    given: Json = {"password": password, "must_change": False, **more}
    new = NewAccount(uuid4(), handle, role, **given)
    with parts.uow() as uow:
        create_account(uow, new, passwords=QUICK, clock=parts.wall(), by="test")
    return new.id


def token_of(parts: Parts, handle: str) -> str:
    """A new token for an integration, as an administrator issues it."""
    with parts.uow() as uow:
        account_id = account_of(uow, handle).id
        return issue_token(uow, account_id, NewToken(uuid4(), "接口", 1), parts.wall().now).secret


def event(name: str, on: date | str, id: str = "", **data: Any) -> Json:
    """An event as it is sent; it is known by its name and day unless an id is given."""
    return {"id": id or f"{name}-{on}", "event": name, "happened_on": str(on), "data": data}


@contextmanager
def a_demo(today: date, *, shared_in: Path | None = None) -> Iterator[Client]:
    """An app over an empty demo; several threads may use it at once where a folder is given."""
    with _an_app("demo", today, shared_in) as client:
        yield client


@contextmanager
def an_office_app(today: date) -> Iterator[Client]:
    """An app over an empty office whose clock stands still."""
    with _an_app("production", today) as client:
        yield client


@contextmanager
def _an_app(mode: Mode, today: date, shared_in: Path | None = None) -> Iterator[Client]:
    engine = new_database(shared_in=shared_in)
    with UnitOfWork(engine) as uow:
        stamp(uow, mode)
        if mode == "demo":
            set_demo_today(uow, today)
    clock = demo_clock(engine) if mode == "demo" else (lambda: Instant.on(today))
    parts = Parts(Settings(), engine, RING, mode, work_days(), load_pack, clock, passwords=QUICK)
    http = TestClient(create_app(parts), base_url=BASE, raise_server_exceptions=False)
    for handle in ("county", "county2"):
        add_account(parts, handle, "county")
    log_in(http, "county")
    try:
        yield Client(http, parts)
    finally:
        http.close()
        engine.dispose()
