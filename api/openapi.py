"""The API's description, completed: the form of a refusal stands in it once, and every route's refusals point there."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from api.schemas.problems import Problem


def install(app: FastAPI) -> None:
    """Let the app describe itself with this."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        found = plain()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = found.setdefault("components", {}).setdefault("schemas", {})
        parts.update(schema.pop("$defs", {}))
        parts["Problem"] = schema
        return found

    app.openapi = described  # type: ignore[method-assign]


def as_text(app: FastAPI) -> str:
    """The description as the file that is checked in."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"
