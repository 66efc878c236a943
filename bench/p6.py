"""
P6: the first sync of a worker's three hundred people over a poor line, and one that brings nothing new.

Ours: `GET /api/v1/sync` page by page, whole, by the worker's token, from a served application, through a proxy of 1 Mbps,
150 ms and 2 % loss (`bench.lines`). Beside it: the bytes of the same cases and sections as one compact JSON,
packed by gzip, which no protocol could send in less without another format.
"""

from __future__ import annotations

import gzip
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine

from bench.cases import lived
from bench.counties import BEGUN, OFFICE, POLICY, County, settle
from bench.desks import TODAY, WORKER, worker_token
from bench.lines import Line, Proxy, behind
from bench.measuring import Figure, Measured, shown
from bench.served import Place, Server, served
from bench.stores import Store, stores
from workflow.rules.terms import DAY
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.modes import stamp
from workflow.services.packs import load_pack
from workflow.services.rotating import confirm_ring
from workflow.services.staffing import add_staff, post
from workflow.store import people
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork

TIMES, SECONDS, NOTHING_NEW = 1.3, 10, 2_000
EVENTS = 40
STREETS = ("解放路", "人民路", "新华街", "永定东街", "凤翔镇北关村")


@dataclass(frozen=True, slots=True)
class Size:
    """How many courses and how often each is laid in, cases a page, rounds, and the line."""

    courses: int = 60
    copies: int = 5
    page: int = 100
    rounds: int = 5
    line: Line = field(default_factory=Line)


@dataclass
class Synced:
    """A sync: what the phone was told, the bytes on the line, the requests and the seconds."""

    pages: list[dict[str, Any]]
    down: int
    up: int
    seconds: float

    @property
    def content(self) -> dict[str, Any]:
        """All that it was told, as one."""
        cases = [one for page in self.pages for one in page["cases"]]
        sections = {name: each for page in self.pages for name, each in page["sections"].items()}
        return {"cases": cases, "sections": sections}

    @property
    def least(self) -> int:
        """The bytes of the same as compact JSON, packed."""
        text = json.dumps(self.content, ensure_ascii=False, separators=(",", ":"))
        return len(gzip.compress(text.encode(), 6))


def measure() -> Measured:
    """Four figures a database."""
    with stores() as found:
        return measured(found, Size())


def measured(found: Sequence[Store], size: Size) -> Measured:
    """The same on these databases, at this size."""
    parts = [_measured(store, size) for store in found]
    return Measured(
        tuple(each for part in parts for each in part.figures),
        tuple(each for part in parts for each in part.remarks),
    )


def _measured(store: Store, size: Size) -> Measured:
    firsts: list[Synced] = []
    nothings: list[Synced] = []
    with _county(store, size) as (server, token):
        sync(server.port, token, size.page)  # packs read, statements worded
        for number in range(size.rounds):
            with behind(size.line, server.port, seed=number) as proxy:
                first = through(proxy, token, size.page)
                nothing = through(proxy, token, size.page, first.pages[-1]["cursor"])
            firsts.append(first)
            nothings.append(nothing)
        spent = server.spent()
        bare = sync(server.port, token, size.page)
        spent = server.spent() - spent
    name, last = store.name, firsts[-1]
    figures = (
        Figure(f"{name}_bytes", tuple(one.down / one.least for one in firsts), TIMES, at_most=True),
        Figure(f"{name}_first", tuple(one.seconds for one in firsts), SECONDS, "s", at_most=True),
        Figure(
            f"{name}_nothing_new",
            tuple(float(one.down + one.up) for one in nothings),
            NOTHING_NEW,
            "bytes",
            at_most=True,
        ),
        Figure(
            f"{name}_round_trips",
            tuple(float(len(one.pages)) for one in nothings),
            1,
            at_most=True,
        ),
    )
    nothing_s = statistics.median(one.seconds for one in nothings)
    remarks = (
        f"{name}: {len(last.content['cases'])} cases in {len(last.pages)} pages, {last.down:,} bytes"
        f" beside {last.least:,}; without the line {shown(bare.seconds)} s,"
        f" {shown(spent)} s of the server's processor; nothing new in {shown(nothing_s)} s",
    )
    return Measured(figures, remarks)


# ------------------------------------------------------------------ the phone


def through(proxy: Proxy, token: str, limit: int, cursor: str | None = None) -> Synced:
    """A sync over the line, with what went over it."""
    down, up = proxy.down, proxy.up
    found = sync(proxy.port, token, limit, cursor)
    found.down, found.up = proxy.down - down, proxy.up - up
    return found


def sync(port: int, token: str, limit: int, cursor: str | None = None) -> Synced:
    """All pages there are, over one connection."""
    pages: list[dict[str, Any]] = []
    began = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as http:
        while not pages or pages[-1]["more"]:
            known = f"&cursor={cursor}" if cursor else ""
            heads = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
            http.request("GET", f"/api/v1/sync?limit={limit}{known}", headers=heads)
            answer = http.getresponse()
            body = answer.read()
            if answer.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {body[:300]!r}")
            pages.append(json.loads(body))
            cursor = pages[-1]["cursor"]
    return Synced(pages, 0, 0, time.perf_counter() - began)


# ------------------------------------------------------------------ the county


@contextmanager
def _county(store: Store, size: Size) -> Iterator[tuple[Server, str]]:
    engine, ring = store.new(), KeyRing.generate()
    token = fill(engine, ring, size)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    with served(Place(url, ring.text, 4)) as server:
        yield server, token
    store.drop(engine)


def fill(engine: Engine, ring: KeyRing, size: Size) -> str:
    """The cases of one office that were lived up to the day, with who works there; gives back their token."""
    pack, calendar, first = load_pack(POLICY), work_days(), TODAY - timedelta(days=500)
    courses = [lived(n, first + n * DAY, pack, calendar, EVENTS) for n in range(size.courses)]
    county = County.at(engine, ring)
    with county.uow() as uow:
        stamp(uow, "production")
        confirm_ring(uow)
    until = [[rec for rec in course if rec.on <= TODAY] for course in courses]
    settle(county, until, size.copies)
    with county.uow() as uow:
        _staff(uow)
        for number in range(1, size.courses * size.copies + 1):
            person_id = UUID(int=(2 << 112) + number)
            people.change_profile(uow.session, uow.ring, person_id, _profile(number))
    return worker_token(engine, ring)


def _profile(number: int) -> Profile:
    street = STREETS[number % len(STREETS)]
    return Profile(
        name=f"某{number}",
        born=TODAY - timedelta(days=9_000 + 37 * number),
        phones=(f"13{number * 7_919 % 1_000_000_000:09}",),
        address=f"{street}{number % 97 + 1}号{number % 6 + 1}单元",
    )


def _staff(uow: UnitOfWork) -> None:
    more: dict[str, Any] = {"clock": Instant.on(BEGUN), "by": "root"}
    staff_id = uuid4()
    add_staff(uow, staff_id=staff_id, handle=WORKER, name="某工", phone=None, **more)
    post(
        uow,
        posting_id=uuid4(),
        staff_id=staff_id,
        office_id=OFFICE,
        role="community_worker",
        first_on=BEGUN,
        last_on=None,
        **more,
    )
