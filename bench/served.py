"""
The server: one program with one loop and one set of threads, that answers the same worklist in three ways.

`/api/v1/me/worklist` is ours, whole. `/bare` is a plain FastAPI route whose thread runs the same statements
with the same values by the bare driver, and returns the rows. `/orm` is the route as SQLModel's manual writes
it: a session by dependency, rows as objects, `response_model`; it looks who asks, opens the names, and gives
the same items.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import Engine, event
from sqlmodel import Session, create_engine, select

from api.app import create_app
from api.bootstrap import Parts
from api.commands.serving import listen
from api.memory import settle
from api.settings import Settings
from bench.desks import TODAY
from bench.stores import bare_connection, spent_by
from workflow.rules.case_codes import case_code
from workflow.rules.due import standing_state
from workflow.rules.sentences.labels import KINDS
from workflow.rules.team import Seat, recipient
from workflow.services.clock import Instant
from workflow.services.packs import load_pack
from workflow.store.data_keys import DataKey
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing
from workflow.store.profiles import Profile
from workflow.store.tables import (
    AccountRow,
    CaseRow,
    ChairRow,
    DataKeyRow,
    LeaveRow,
    ObligationRow,
    PersonRow,
    PostingRow,
    SessionRow,
    StaffRow,
)

LIMIT = 30
OURS, BARE, ORM = f"/api/v1/me/worklist?limit={LIMIT}", "/bare", "/orm"
QUESTIONS = 2
"""What ours asks: who calls and what they reach, and what is owed there."""

SENT = 13
"""The columns of a row that are sent; behind them stands what opens the name."""

CONNECTIONS = 64
"""Of the session's pool: one is taken before there is a thread for it, so that a smaller one locks up."""

UNTIL = date.fromordinal(TODAY.toordinal() + 7)


@dataclass(frozen=True, slots=True)
class Place:
    """
    What the server is told: the database, the key ring, how many threads.

    Args:
        settled: its memory is set apart once all is loaded, as `guitu serve` does, and as no manual says.
    """

    url: str
    ring: str
    threads: int
    settled: bool = True


def _serve(place: Place, told: Connection) -> None:
    engine, ring = make_engine(place.url), KeyRing.parse(place.ring)
    settings = Settings(database_url=place.url, threads=place.threads)
    parts = Parts(settings, engine, ring, "production", None, load_pack, lambda: Instant.on(TODAY))
    ours, statements = create_app(parts), _heard(engine)
    session = create_engine(place.url, pool_size=CONNECTIONS)
    apps = {BARE: _bare(place.url, statements), ORM: _orm(session, ring)}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await apps.get(scope.get("path"), ours)(scope, receive, send)

    listening = listen("127.0.0.1", 0)
    told.send(listening.getsockname()[1])
    if place.settled:
        settle()
    config = uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


# ------------------------------------------------------------------ the bare driver


def _heard(engine: Engine) -> list[tuple[str, Any]]:
    """The last statements that ours sent, in their order: its two questions, with their values."""
    found: list[tuple[str, Any]] = []

    def note(
        connection: Any, cursor: Any, words: str, values: Any, context: Any, many: bool
    ) -> None:
        if words.lstrip().startswith(("SELECT", "WITH")) and "FROM" in words:
            found.append((words, values))

    event.listen(engine, "before_cursor_execute", note)
    return found


def _bare(url: str, heard: list[tuple[str, Any]]) -> FastAPI:
    app, mine = FastAPI(), threading.local()
    asked: list[tuple[str, Any]] = []

    @app.get(BARE)
    def rows() -> Any:
        if not asked:
            asked.extend(heard[-QUESTIONS:])
        if not hasattr(mine, "connection"):
            mine.connection = bare_connection(url)
            if not url.startswith(
                "sqlite"
            ):  # as ours says it, which makes the peer three times as fast
                mine.connection.execute("SET plan_cache_mode = force_generic_plan")
        cursor = mine.connection.cursor()
        for words, values in asked:
            cursor.execute(words, values)
            found = cursor.fetchall()
        names = [column[0] for column in cursor.description]
        return {"items": [dict(zip(names[:SENT], row, strict=False)) for row in found]}

    return app


# ------------------------------------------------------------------ SQLModel


class LabelModel(BaseModel):
    zh: str
    en: str


class ToldModel(BaseModel):
    role: str
    helper: str | None
    because: str


class ItemModel(BaseModel):
    case_id: UUID
    code: str
    name: str | None
    kind: str
    label: LabelModel
    occurrence: str
    opens_on: date
    due_on: date
    state: str
    owner: str
    told: ToldModel
    office_id: UUID | None


class PageModel(BaseModel):
    items: list[ItemModel]
    next: str | None


def _orm(engine: Engine, ring: KeyRing) -> FastAPI:
    app = FastAPI()

    def opened() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    @app.get(ORM, response_model=PageModel)
    def worklist(
        session: Session = Depends(opened),  # noqa: B008 (as its manual writes it)
        authorization: str = Header(),
    ) -> Any:
        offices = _offices(session, authorization.removeprefix("Bearer "))
        rows = session.exec(_owed(offices)).all()
        leave = _leave(session)
        items = [_item(ring, leave, *row) for row in rows]
        return {"items": items[:LIMIT], "next": None}

    return app


def _offices(session: Session, token: str) -> list[UUID]:
    """Who asks, and where they are posted."""
    digest = sha256(token.encode()).digest()
    login = session.exec(select(SessionRow).where(SessionRow.digest == digest)).first()
    account = session.get(AccountRow, login.account_id) if login else None
    if account is None or login is None or login.revoked_at is not None:
        raise HTTPException(401)
    posted = select(PostingRow).where(PostingRow.staff_id == account.staff_id)
    return [row.office_id for row in session.exec(posted).all() if row.last_on is None]


def _owed(offices: list[UUID]) -> Any:
    chosen: Any = select
    owed: Any = ObligationRow
    case: Any = CaseRow
    chair: Any = ChairRow
    person: Any = PersonRow
    key: Any = DataKeyRow
    seat = (chair.case_id == owed.case_id) & (chair.role == owed.owner)
    standing = [
        getattr(owed, n).is_(None) for n in ("closed_on", "missed_on", "excused_on", "ended_on")
    ]
    return (
        chosen(owed, case, person, key, chair)
        .join(case, case.id == owed.case_id)
        .join(person, person.id == case.subject_id)
        .join(key, key.owner_id == person.id, isouter=True)
        .join(chair, seat, isouter=True)
        .where(owed.office_id.in_(offices), *standing, ~owed.withdrawn)
        .where(owed.held_since.is_(None), owed.opens_on <= UNTIL)
        .order_by(owed.due_on, owed.case_id, owed.kind, owed.occurrence)
        .limit(LIMIT + 1)
    )


def _leave(session: Session) -> dict[str, str | None]:
    leave: Any = LeaveRow
    staff: Any = StaffRow
    away = (
        select(staff.handle)
        .join(leave, leave.staff_id == staff.id)
        .where(leave.withdrawn_at.is_(None), leave.first_on <= TODAY, leave.last_on >= TODAY)
    )
    return dict.fromkeys(session.exec(away).all())


def _item(
    ring: KeyRing,
    leave: dict[str, str | None],
    *row: Any,
) -> dict[str, Any]:
    owed, case, person, key, chair = row
    name = None
    if key is not None and person.profile is not None:
        secret = ring.root(key.root_key).unwrap(key.wrapped, person.id.bytes)
        opened = DataKey(person.id, secret).open_json(person.profile, f"people.profile|{person.id}")
        name = Profile.from_json(opened).name
    seat = Seat(chair.helper, chair.acknowledge_by, chair.acknowledged_on is not None)
    told = recipient(
        owed.owner, TODAY, team_open=case.team_since is not None, seat=seat, leave=leave
    )
    label = KINDS[owed.kind]
    return {
        **{n: getattr(owed, n) for n in ("case_id", "kind", "occurrence", "opens_on", "due_on")},
        "code": case_code(owed.case_id),
        "name": name,
        "label": {"zh": label.zh, "en": label.en},
        "state": standing_state(TODAY, owed.opens_on, owed.due_on),
        "owner": owed.owner,
        "told": {"role": told.role, "helper": told.helper, "because": told.because},
        "office_id": owed.office_id,
    }


# ------------------------------------------------------------------ the program


@dataclass(frozen=True, slots=True)
class Server:
    """The program, from here."""

    port: int
    pid: int

    def spent(self) -> float:
        """CPU seconds that it has spent so far."""
        return spent_by(self.pid)


@contextmanager
def served(place: Place) -> Iterator[Server]:
    """The server, for the length of a row."""
    begin = multiprocessing.get_context("spawn")
    here, there = begin.Pipe()
    program = begin.Process(target=_serve, args=(place, there), daemon=True)
    program.start()
    try:
        port = here.recv()
        assert program.pid is not None
        yield Server(port, program.pid)
    finally:
        program.terminate()
        program.join()
