"""
A county with five cases and nine people who may log in: who should see which is plain to read here.

Every case bears a name and an inner note of its own, so that whatever leaks can be found in an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import Parts
from api.settings import Settings
from tests import databases
from tests.api.clients import BASE, QUICK, add_account, log_in, token_of
from tests.builders import DAY, RING, new_event
from tests.counties import County, a_county, named
from workflow.rules.access import AccountRole
from workflow.services.clock import Instant
from workflow.services.modes import stamp
from workflow.services.pinning import stored_packs
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 1, 8)
TODAY = date(2024, 3, 5)

ROLES_OF: Mapping[str, AccountRole] = {
    "c1": "county",
    "s1": "supervisor",
    "s3": "supervisor",
    "w1": "worker",
    "d1": "helper",
    "d2": "helper",
    "root": "administrator",
    "audit": "auditor",
    "intake": "integration",
}
"""Who may log in. s1, w1 and intake are of the north, s3 of the south; d1 sits in a team, d2 was released."""

NORTH = frozenset({"own", "office", "former", "ended"})
REACHES: Mapping[str, frozenset[str]] = {
    "c1": NORTH | {"elsewhere"},
    "s1": NORTH,
    "s3": frozenset({"elsewhere"}),
    "w1": NORTH,
    "d1": frozenset({"own"}),
    "d2": frozenset(),
    "root": frozenset(),
    "audit": frozenset(),
    "intake": NORTH,
}
"""Which cases each of them may know of."""

CASES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "own": ("甲本组", "north", ("w1",)),
    "office": ("乙同所", "north", ("w2",)),
    "elsewhere": ("丙他乡", "south", ("w3",)),
    "former": ("丁前任", "north", ("w2",)),
    "ended": ("戊已结", "north", ("w1",)),
}
"""The cases: name, office, and who sits in its first chairs."""


def case_id(kind: str) -> UUID:
    """The id of one of the cases."""
    return named(f"case {CASES[kind][0]}")


def person_id(kind: str) -> UUID:
    """The id of the person of one of the cases."""
    return named(f"person {CASES[kind][0]}")


def note(kind: str) -> str:
    """What stands in a visit's note of one of the cases, and nowhere else."""
    return f"内情{CASES[kind][0]}"


@dataclass
class World:
    """The county behind an app, and a client for each who may log in."""

    county: County
    parts: Parts
    clients: Mapping[str, TestClient]

    def anonymous(self) -> TestClient:
        """Nobody."""
        app = create_app(self.parts)
        return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@contextmanager
def a_world(*, shared_in: Path | None = None) -> Iterator[World]:
    """The county on 5 March 2024: a copy, and logins of its own."""
    with a_county(shared_in=shared_in, filled=_fill) as county:
        parts = _parts(county)
        app = create_app(parts)
        clients: dict[str, TestClient] = {}
        for handle in ROLES_OF:
            clients[handle] = TestClient(app, base_url=BASE, raise_server_exceptions=False)
            let_in(parts, clients[handle], handle)
        yield World(county, parts, clients)
        for each in clients.values():
            each.close()


def let_in(parts: Parts, http: TestClient, handle: str) -> None:
    """A login by password, or by the token of an integration."""
    if ROLES_OF[handle] == "integration":
        http.headers["Authorization"] = f"Bearer {token_of(parts, handle)}"
    else:
        log_in(http, handle)


@contextmanager
def databases_on_sqlite() -> Iterator[None]:
    """For a fixture of a whole module, which no test's database marks reach."""
    with databases.on("sqlite"):
        yield


def _fill(county: County) -> None:
    _people(county)
    _cases(county)
    with county.uow() as uow:
        stamp(uow, "production")
    for handle, role in ROLES_OF.items():
        office = named("north") if role == "integration" else None
        add_account(_parts(county), handle, role, office_id=office)


def _parts(county: County) -> Parts:
    def uow() -> UnitOfWork:
        return UnitOfWork(county.engine, RING, reading=True)

    return Parts(
        Settings(),
        county.engine,
        RING,
        "production",
        None,
        stored_packs(uow),
        lambda: Instant.on(TODAY),
        passwords=QUICK,
    )


def _people(county: County) -> None:
    county.add_worker("c1", "county", "county_office")
    county.add_worker("s3", "south", "supervisor")
    for handle in ("d1", "d2"):
        county.add_worker(handle, "north", "community_doctor")


def _cases(county: County) -> None:
    for n, (kind, (name, office, workers)) in enumerate(CASES.items()):
        begun = FIRST + n * DAY
        county.in_detox(office, name, begun, workers)
        visited = begun + timedelta(days=30)
        event = new_event("visited", visited, id=f"visit-{kind}", note=note(kind))
        county.record(visited, event, case_id=case_id(kind))
    for kind, helper in (("own", "d1"), ("former", "d2"), ("ended", "d1")):
        seat = {"role": "community_doctor", "helper": helper}
        _then(county, kind, "helper_assigned", **seat)
    _then(county, "former", "helper_released", role="community_doctor")
    _then(county, "ended", "died", document_no="D-9")
    county.tick(TODAY - DAY)


def _then(county: County, kind: str, name: str, **fields: Any) -> None:
    on = TODAY - 2 * DAY
    county.record(on, new_event(name, on, **fields), case_id=case_id(kind))
