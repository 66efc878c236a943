"""
Every route as every role, about one's own case, one of one's office, of another, of a former team, and an ended one.

The routes come from the API's table of contents, what is expected from the table in `workflow.rules.access`:
nothing here says who may do what. What must not be known answers 404, and a route that asks the table for
nothing, or for a row that is not there, fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api import routes
from api.context import Allowed
from tests.api import worlds
from tests.api.worlds import CASES, REACHES, ROLES_OF, World
from workflow.rules.access import GRANTS, RESOURCES, Grant, grant_of

PUBLIC = frozenset({"POST /api/v1/sessions", "GET /api/v1/event-types"})
"""What needs no login: logging in, and the forms of what can happen, which are about nobody."""

OF_A_CASE = frozenset({"case_id", "person_id"})
"""Names in a path that lead to one of the cases."""

NOWHERE = UUID("00000000-0000-7000-8000-00000000dead")


@dataclass(frozen=True, slots=True)
class Asked:
    """One route: how it is asked, and what it asks the table."""

    method: str
    path: str
    allowed: Allowed | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def places(self) -> list[str]:
        """The names in its path."""
        return re.findall(r"{(\w+)(?::\w+)?}", self.path)

    @property
    def is_about_a_case(self) -> bool:
        """Whether its path leads to a case."""
        return bool(OF_A_CASE & {*self.places})

    def at(self, kind: str) -> str:
        """Its path about one of the cases, or about `nobody`; whatever else it names does not exist."""
        ids = {}
        if kind in CASES:
            ids = {"case_id": worlds.case_id(kind), "person_id": worlds.person_id(kind)}
        return re.sub(r"{(\w+)(?::\w+)?}", lambda m: str(ids.get(m[1], NOWHERE)), self.path)


def all_routes() -> Iterator[Asked]:
    """Every route of the API."""
    for noun in routes.NOUNS:
        for route in noun.router.routes:
            assert isinstance(route, APIRoute)
            asks = [each.call for each in route.dependant.dependencies]
            found = [each for each in asks if isinstance(each, Allowed)]
            assert len(found) < 2, route.path
            allowed = found[0] if found else None
            for method in sorted(route.methods or ()):
                yield Asked(method, routes.PREFIX + route.path, allowed)


ROUTES = list(all_routes())
CLOSED = [each for each in ROUTES if str(each) not in PUBLIC]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The API's own description, where each body has an example."""
    with worlds.databases_on_sqlite(), worlds.a_world() as world:
        found: dict[str, Any] = world.clients["c1"].get("/openapi.json").json()
    return found


def body_of(described: dict[str, Any], asked: Asked) -> Any:
    """A body that can be read: the example that the description gives."""
    path = re.sub(r"{(\w+):\w+}", r"{\1}", asked.path)
    content = described["paths"][path][asked.method.lower()].get("requestBody", {}).get("content")
    if not content or "application/json" not in content:
        return None
    schema = content["application/json"]["schema"]
    schema = next((each for each in schema.get("anyOf", []) if "$ref" in each), schema)
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "examples" not in schema and not schema.get("required"):
        return {}
    assert "examples" in schema, f"{asked}: its body has no example"
    return schema["examples"][0]


def answer(client: TestClient, asked: Asked, kind: str, body: Any) -> Any:
    """What the route says about one of the cases."""
    return client.request(asked.method, asked.at(kind), json=body, follow_redirects=False)


def reached(handle: str, granted: Grant) -> frozenset[str]:
    """The cases about which a row lets somebody ask: theirs, or all where the row is about all."""
    return frozenset(CASES) if granted.condition == "all" else REACHES[handle]


def code_of(response: Any) -> str:
    """The code of a refusal."""
    return str(response.json()["code"]) if response.status_code >= 400 else ""


# ------------------------------------------------------------------ the table and the routes


@pytest.mark.parametrize("asked", ROUTES, ids=str)
def test_each_route_asks_for_a_row_that_is_there(asked: Asked) -> None:
    if str(asked) in PUBLIC:
        assert asked.allowed is None
        return
    assert asked.allowed is not None, f"{asked} asks the table for nothing"
    resource, action = asked.allowed.resource, asked.allowed.action
    assert resource in RESOURCES
    rows = [row for row in GRANTS if row.resource == resource and action in row.actions]
    assert rows, f"{asked} asks for a row that is not there: {resource}, {action}"


def test_each_row_of_the_table_has_a_route() -> None:
    """A right that opens nothing is a promise that nobody kept, or a route that somebody forgot."""
    used = {(r.allowed.resource, r.allowed.action) for r in CLOSED if r.allowed}
    rows = {(row.resource, action) for row in GRANTS for action in row.actions}
    assert rows - used == set()


# ------------------------------------------------------------------ every route as every role


@pytest.fixture(scope="module")
def bodies(described: dict[str, Any]) -> dict[str, Any]:
    return {str(asked): body_of(described, asked) for asked in ROUTES}


@pytest.fixture
def world() -> Iterator[World]:
    with worlds.a_world() as found:
        yield found


def test_nobody_reaches_anything_without_a_login(world: World, bodies: dict[str, Any]) -> None:
    visitor = world.anonymous()
    for asked in CLOSED:
        response = answer(visitor, asked, "own", bodies[str(asked)])
        assert (response.status_code, code_of(response)) == (401, "login_needed"), str(asked)


def test_what_a_role_may_not_do_or_know_is_hidden(world: World, bodies: dict[str, Any]) -> None:
    """What is out of reach is answered to the letter as what does not exist."""
    for handle, asked in product(ROLES_OF, CLOSED):
        client, role = world.clients[handle], ROLES_OF[handle]
        assert asked.allowed is not None
        granted = grant_of(role, asked.allowed.resource, asked.allowed.action)
        for kind in CASES if asked.is_about_a_case else ["own"]:
            if granted is not None and (
                not asked.is_about_a_case or kind in reached(handle, granted)
            ):
                continue
            body = bodies[str(asked)]
            response = answer(client, asked, kind, body)
            found = (response.status_code, code_of(response))
            where = f"{asked} as {handle} about {kind}: {response.text[:300]}"
            if granted is None:
                assert found == (403, "not_allowed"), where
                continue
            unknown = answer(client, asked, "nobody", body)
            assert found == (unknown.status_code, code_of(unknown)), where
            assert response.status_code >= 400, where
            if asked.method == "GET":
                assert found == (404, "not_found"), where


def test_what_a_role_may_do_and_know_is_answered(world: World, bodies: dict[str, Any]) -> None:
    """What reads is asked first, since what writes changes the world; what logs out is asked last."""
    order = sorted(CLOSED, key=lambda each: ("current" in each.path, each.method))
    for asked, handle in product(order, ROLES_OF):
        role = ROLES_OF[handle]
        assert asked.allowed is not None
        granted = grant_of(role, asked.allowed.resource, asked.allowed.action)
        if granted is None:
            continue
        for kind in sorted(reached(handle, granted)) if asked.is_about_a_case else ["own"]:
            response = answer(world.clients[handle], asked, kind, bodies[str(asked)])
            where = f"{asked} as {handle} about {kind}: {response.text[:300]}"
            assert response.status_code not in (401, 500), where
            if role != "helper" or asked.method == "GET":  # the example's chair is not theirs
                assert code_of(response) != "not_allowed", where
            others = {*asked.places} - OF_A_CASE
            if asked.is_about_a_case and not others and asked.method == "GET":
                assert code_of(response) != "not_found", where


def test_no_answer_holds_what_is_out_of_reach(world: World) -> None:
    """Names, notes and ids of the cases beyond reach, looked for in every answer that reads."""
    for handle in ROLES_OF:
        check_answers(world, handle)


def check_answers(world: World, handle: str) -> None:
    client, beyond = world.clients[handle], CASES.keys() - REACHES[handle]
    marks = {CASES[kind][0] for kind in beyond} | {worlds.note(kind) for kind in beyond}
    marks |= {str(worlds.case_id(kind)) for kind in beyond}
    if ROLES_OF[handle] in ("helper", "integration", "administrator", "auditor"):
        marks |= {worlds.note(kind) for kind in CASES}
    for asked in CLOSED:
        if asked.method != "GET":
            continue
        for kind in REACHES[handle] or ["own"]:
            text = answer(client, asked, kind, None).text
            shown = json.dumps(text, ensure_ascii=False)
            found = {mark for mark in marks if mark in shown and mark not in asked.at(kind)}
            assert not found, f"{asked} as {handle} shows {found}"
