"""
The words of the API's description that its routes and schemas do not say themselves: Chinese first, English second.

An operation says in English what it does, beside the code; its Chinese stands in `operations`.
A field that explains itself to who reads the code is explained to all others in `fields`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from api.descriptions.fields import FIELDS
from api.descriptions.operations import OPERATIONS

Json = dict[str, Any]
UNSAID = "Successful Response"
"""What the framework writes where a route says nothing about an answer."""
DONE = {
    "200": "已办理 Done.",
    "201": "已保存 Kept.",
    "204": "已办理，没有内容 Done; there is nothing to show.",
}
ASKED = "所查的内容 What was asked for."
_CHINESE, _ENGLISH = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2}")


def complete(described: Json) -> None:
    """Put the missing words into a description."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _explain(f"{method.upper()} {path}", operation)
    for name, field, schema in fields_of(described):
        said = FIELDS.get(f"{name}.{field}") or FIELDS.get(field)
        if said and not is_bilingual(schema.get("description")):
            schema["description"] = said


def fields_of(described: Json) -> Iterator[tuple[str, str, Json]]:
    """Every field of every schema: the schema's name, its own, and what is said of it."""
    for name, schema in described["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            yield name, field, said


def is_bilingual(text: str | None) -> bool:
    """Whether there is something for who reads Chinese and something for who reads English."""
    return bool(text and _CHINESE.search(text) and _ENGLISH.search(text))


def _explain(label: str, operation: Json) -> None:
    chinese, english = OPERATIONS.get(label), operation.get("description")
    if chinese and english:
        operation["description"] = f"{chinese}\n\n{english}"
    for parameter in operation.get("parameters", ()):
        if not is_bilingual(parameter.get("description")):
            parameter["description"] = FIELDS.get(parameter["name"], "")
    for status, answer in operation["responses"].items():
        if answer["description"] == UNSAID:
            reads = label.startswith("GET ")
            answer["description"] = ASKED if reads else DONE[status]
