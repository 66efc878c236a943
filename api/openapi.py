"""
The API's description, completed with what holds for every route.

The form of a refusal stands in it once, and every route's refusals point there; it says how
a request shows who sends it, and which routes ask for that.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from api import descriptions
from api.identity import MARK_HEADER, SESSION
from api.load import ALIVE
from api.schemas.problems import Problem, problems

LOGIN = "/api/v1/sessions"
READING = ("get", "head")
SCHEMES: dict[str, dict[str, str]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "设备或业务系统的令牌 The token of a device or of another system.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "浏览器登录；HTTPS 下名为 `__Host-guitu_session` A browser that is logged in; under HTTPS its name begins with `__Host-`.",
    },
    "mark": {
        "type": "apiKey",
        "in": "header",
        "name": MARK_HEADER,
        "description": "登录时答复的 csrf_token，写入时连同 Cookie 一起带上 The csrf_token that logging in answered with; whatever writes brings it beside the cookie.",
    },
}
"""How a request shows who sends it (`api.identity`)."""


def install(app: FastAPI) -> None:
    """Let the app describe itself with this."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        known = app.openapi_schema is not None
        found = plain()
        if not known:
            _complete(found)
        return found

    app.openapi = described  # type: ignore[method-assign]


def _complete(found: dict[str, Any]) -> None:
    parts = found.setdefault("components", {})
    parts["securitySchemes"] = SCHEMES
    _with_our_refusals(parts.setdefault("schemas", {}))
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _met_anywhere(path, operation)
            _who_asks(path, method, operation)
            _known_before(operation)
    descriptions.complete(found)


def _with_our_refusals(schemas: dict[str, Any]) -> None:
    for unused in ("HTTPValidationError", "ValidationError"):  # the framework's, never ours
        schemas.pop(unused, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema


def _met_anywhere(path: str, operation: dict[str, Any]) -> None:
    """What `api.guard`, `api.load` and `api.errors` may answer for any route stands with each."""
    answers = operation["responses"]
    if "422" in answers:
        answers["422"] = problems(422)[422]
    statuses = (403, 413, 503) if "requestBody" in operation else (503,)
    for status, response in problems(*statuses).items():
        if path != ALIVE:
            answers.setdefault(str(status), response)


def _who_asks(path: str, method: str, operation: dict[str, Any]) -> None:
    """A route that may answer that nobody is logged in has to be shown who asks; only logging in may not."""
    if "401" in operation["responses"] and (path, method) != (LOGIN, "post"):
        mark: dict[str, list[str]] = {} if method in READING else {"mark": []}
        operation["security"] = [{"token": []}, {"session": [], **mark}]


def _known_before(operation: dict[str, Any]) -> None:
    """What was sent before is answered as it was then."""
    answers = operation["responses"]
    if "201" in answers and "200" in answers:
        answers["200"].setdefault("content", answers["201"].get("content", {}))


def as_text(app: FastAPI) -> str:
    """The description as the file that is checked in."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"
