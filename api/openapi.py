"""The API's description, completed: the form of a refusal stands in it once, and every route's refusals point there."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from api.load import ALIVE
from api.schemas.problems import Problem, problems


def install(app: FastAPI) -> None:
    """Let the app describe itself with this."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        found = plain()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = found.setdefault("components", {}).setdefault("schemas", {})
        parts.update(schema.pop("$defs", {}))
        parts["Problem"] = schema
        for path, operations in found["paths"].items():
            for operation in operations.values():
                _met_anywhere(path, operation)
        return found

    app.openapi = described  # type: ignore[method-assign]


def _met_anywhere(path: str, operation: dict[str, Any]) -> None:
    """What `api.guard` and `api.load` may answer for any route stands with each."""
    statuses = (403, 413, 503) if "requestBody" in operation else (503,)
    for status, response in problems(*statuses).items():
        if path != ALIVE:
            operation["responses"].setdefault(str(status), response)


def as_text(app: FastAPI) -> str:
    """The description as the file that is checked in."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"
