"""
The API as it describes itself, put to the test: what schemathesis makes up of the description is sent by each role.

Half of what it makes up breaks the description somewhere. So that the rest goes deep, ids in an
address are mostly those of a county's cases and people, and bodies are mostly the examples of the
description, brought up to that county's day (`tests.depths`). What is found is gathered, not raised: a world that
requests have changed answers no second time as it did.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4
from zlib import crc32

from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode, Response, openapi, serializer
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    ignored_auth,
    positive_data_acceptance,
    unsupported_method,
)
from starlette.testclient import TestClient

from tests.api.clients import BASE, Json
from tests.api.worlds import CASES, REACHES, ROLES_OF, World, case_id, let_in, note, person_id
from tests.attachments import photo
from tests.depths import Known, about, lively, settle

Operation = APIOperation[Any, Any, Any, Any]
Case = AnyCase[Any]
REFUSED = [401, 403, 404, 409, 412, 413, 415, 422, 429, 503]
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"with-security-parameters": False, "allow-x00": False},
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSED}},
    }
)
serializer("application/pdf")(lambda context, value: as_bytes(value))
SHARED = (unsupported_method, allow_header_conformance)
"""What two operations of different paths that meet at one address cannot both keep to."""


# ------------------------------------------------------------------ what is described


@cache
def operations(text: str) -> tuple[Operation, ...]:
    """Every operation of a description, in its order."""
    schema = openapi.from_dict(json.loads(text), config=CONFIG)
    return tuple(found.ok() for found in schema.get_all_operations() if isinstance(found, Ok))


@cache
def requests(operation: Operation, count: int) -> tuple[Case, ...]:
    """So many requests of an operation: as described or, a third of them where something can be broken, not."""
    made: list[Case] = []
    plain = operation.as_strategy(GenerationMode.POSITIVE, feedback=NO_FEEDBACK)
    if operation.body or list(operation.iter_parameters()):
        broken = operation.as_strategy(GenerationMode.NEGATIVE, feedback=NO_FEEDBACK)
        plain = plain | plain | broken

    @seed(crc32(operation.label.encode()) ^ lot())
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(plain)
    def make(case: Case) -> None:
        made.append(case)

    make()
    return tuple(made)


@cache
def edges(operation: Operation) -> tuple[Case, ...]:
    """Each bound of what is described, met and passed by one; and the methods that are not described."""
    schema = operation.schema
    return tuple(
        schema.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=schema.config.generation,
        )
    )


def secured(app: FastAPI) -> set[str]:
    """The operations that ask who calls, as the description says."""
    return {
        f"{method.upper()} {path}"
        for path, found in app.openapi()["paths"].items()
        for method, operation in found.items()
        if "security" in operation
    }


def as_bytes(value: object) -> bytes:
    """A body that is no JSON."""
    return value if isinstance(value, bytes) else str(value).encode()


def lot() -> int:
    """The same in CI each time; elsewhere another one in each run, which pytest-randomly can repeat."""
    return 0 if settings().derandomize else random.getrandbits(32)


def body_of(described: Json, path: str, method: str) -> Json | None:
    """The schema of the JSON that an operation takes; None where it takes none."""
    body = described["paths"][path][method].get("requestBody", {})
    found: Json | None = body.get("content", {}).get("application/json", {}).get("schema")
    while found and ("$ref" in found or "anyOf" in found):
        if "anyOf" in found:
            found = found["anyOf"][0]
        else:
            found = described["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    return found


def _example(operation: Operation) -> Json | None:
    schema = body_of(operation.schema.raw_schema, operation.path, operation.method)
    return next(iter(schema["examples"]), None) if schema else None


def deepen(case: Case, known: Known, chance: random.Random) -> None:
    """Let a request mean something of the county; what it breaks on purpose stays broken."""
    negative = case.meta is not None and case.meta.generation.mode.is_negative
    broken = case.meta is not None and case.meta.is_negative_at(ParameterLocation.PATH)
    if case.path_parameters and not broken and chance.random() < 0.8:
        case.path_parameters = known.path(list(case.path_parameters), chance)
    if case.query and not negative:
        case.query = about(case.query, known, chance)
    if not negative and chance.random() < 0.8:
        case.headers.pop("If-Match", None)
    example = _example(case.operation)
    if example is not None and not negative and chance.random() < 0.7:
        case.body = lively(example, known, chance)
    elif isinstance(case.body, bytes) and not negative and chance.random() < 0.7:
        case.body = photo(chance.randrange(256))


# ------------------------------------------------------------------ who asks


def beyond(handle: str | None) -> list[str]:
    """Names, notes and ids of the county's cases that this caller must never read."""
    role = ROLES_OF[handle] if handle else None
    hidden: list[str] = []
    for kind, (name, _, _) in CASES.items():
        within = handle is not None and kind in REACHES[handle]
        seen = {"helper": 2, "integration": 1}.get(role or "", 4) if within else 0
        hidden += [str(case_id(kind)), name, note(kind), str(person_id(kind))][seen:]
    return hidden


@dataclass
class Asking:
    """
    One caller, or nobody, who sends requests to a county; and what was wrong with the answers.

    Args:
        answers: how often each operation was answered with each status.
        found: what was wrong, by operation and check.
        asked_who: the operations of which it is known that they take no other login.
        doubted: whether the login may have ended.
    """

    world: World
    handle: str | None
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    token: dict[str, str] = field(default_factory=dict)
    asked_who: set[str] = field(default_factory=set)
    doubted: bool = False

    def __post_init__(self) -> None:
        accounts = settle(self.world)
        accounts.pop(self.handle or "", None)  # who shuts their own account asks nothing more
        self.known = Known.of(self.handle, list(accounts.values()))
        self.hidden = beyond(self.handle)

    @property
    def app(self) -> FastAPI:
        """The application that is asked."""
        found = self.world.clients["c1"].app
        assert isinstance(found, FastAPI)
        return found

    @property
    def let_through(self) -> set[str]:
        """The operations that did something."""
        return {label for label, status in self.answers if status < 300}

    def all(self) -> Iterator[Operation]:
        """Every operation of the application."""
        yield from operations(json.dumps(self.app.openapi()))

    def ask(self, operation: Operation, made: Sequence[Case]) -> None:
        """Send requests of an operation and look at the answers."""
        operation.schema.app = operation.app = self.app
        headers = self.headers(operation)
        chance = random.Random(f"{self.handle} {operation.label} {lot()}")
        for each in made:
            case = each.derive()
            case._meta = deepcopy(each.meta)  # else all that are derived share one
            deepen(case, self.known, chance)
            self.look(case, headers)

    def headers(self, operation: Operation) -> dict[str, str]:
        """What shows who asks: about one's own logins by cookie and mark, else by token."""
        if self.handle is None:
            return {}
        client = self.world.clients[self.handle]
        if self.doubted:
            self._log_in_again(client, self.handle)
        if ROLES_OF[self.handle] == "integration":
            return {"Authorization": client.headers["Authorization"]}
        return by_cookie(client) if _of_logins(operation) else self._by_token(client)

    def _log_in_again(self, client: TestClient, handle: str) -> None:
        """Whoever logged themselves out goes on."""
        if client.get("/api/v1/me").status_code == 401:
            let_in(self.world.parts, client, handle)
        if self.token and client.get("/api/v1/me", headers=self.token).status_code == 401:
            self.token = {}
        self.doubted = False

    def _by_token(self, client: TestClient) -> dict[str, str]:
        if not self.token:
            sent = {"id": str(uuid4()), "label": "contract", "days": 1}
            answer = client.post("/api/v1/me/tokens", json=sent)
            self.token = {"Authorization": f"Bearer {answer.json()['token']}"}
        return self.token

    def look(self, case: Case, headers: dict[str, str]) -> None:
        """Send one request and judge the answer."""
        answer = case.call(base_url=BASE, headers=headers)
        self.answers[case.operation.label, answer.status_code] += 1
        self.doubted |= answer.status_code == 401
        self._leaks(case, answer)
        label = case.operation.label
        skipped = [*SHARED] if _is_shared(case.operation) else []
        if label in self.asked_who or "Cookie" in headers:
            skipped.append(ignored_auth)
        if answer.status_code < 300:
            self.asked_who.add(label)  # once is enough
        if _is_about_meaning(answer):
            skipped.append(positive_data_acceptance)
        sent = {"base_url": BASE}
        try:
            case.validate_response(
                answer, excluded_checks=skipped, headers=headers, transport_kwargs=sent
            )
        except FailureGroup as group:
            for each in group.exceptions:
                self._note(case, type(each).__name__, f"{each}\n{group}")

    def _leaks(self, case: Case, answer: Response) -> None:
        text = answer.content.decode("utf-8", "replace") + str(answer.headers)
        request = answer.request
        sent = f"{request.url} {request.body!r}"
        for each in self.hidden:
            if each in text and each not in sent:
                self._note(case, "leak", f"{each} in {text[:2000]}")

    def _note(self, case: Case, what: str, text: str) -> None:
        self.found.setdefault((case.operation.label, what), text)

    def report(self) -> str:
        """All that was found."""
        return "\n\n".join(f"{label}: {what}\n{text}" for (label, what), text in self.found.items())


def by_cookie(client: TestClient) -> dict[str, str]:
    """The headers of a browser that is logged in."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {"Cookie": cookies, "X-CSRF-Token": client.headers["X-CSRF-Token"]}


def _is_shared(operation: Operation) -> bool:
    """Whether `/people/search` is at once an address of `/people/{person_id}`, which takes other methods."""
    parts = operation.path.split("/")
    others = [path.split("/") for path in operation.schema.raw_schema["paths"]]
    return any(
        len(other) == len(parts)
        and other != parts
        and all(
            theirs == ours or theirs[:1] == "{" for theirs, ours in zip(other, parts, strict=True)
        )
        for other in others
    )


def _of_logins(operation: Operation) -> bool:
    return "sessions" in operation.path or "/me/" in operation.path


def _is_about_meaning(answer: Response) -> bool:
    """Whether it refuses what the request means, not how it is written; or nests what no schema can forbid."""
    if answer.status_code not in (412, 415, 422):
        return False
    told = answer.json()
    return told["code"] != "malformed_body" or "nested too deep" in str(told)
