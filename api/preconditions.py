"""
Whether a case, or what somebody set, is still as the caller saw it: `If-Match` with its version, or `expected_version` in the body.

A tag begins with the version: `"7"`, as what records answers it, or `"7-..."`, as showing a case
does. With the header a case that changed is answered by 412 (RFC 9110), else by 409.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Header

from workflow.rules.errors import Conflict

STALE = ("version_conflict", "contact_changed")
_TAG = re.compile(r'"(\d{1,9})(-[0-9a-f]+)?"')
Made = TypeVar("Made")

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=100,
        description="调用方看到的 ETag The ETag as the caller saw it.",
    ),
]


def tag_of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def as_seen(
    if_match: str | None, expected_version: int | None, work: Callable[[int | None], Made]
) -> Made:
    """
    What `work` gives back, told which version the caller saw.

    Raises:
        Conflict: `precondition_failed`: the header names another version than the present one, or none of ours;
            `version_conflict`, `contact_changed`: the body does.
    """
    if if_match is None or if_match.strip() == "*":
        return work(expected_version)
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Conflict("precondition_failed")
    try:
        return work(int(found[1]))
    except Conflict as error:
        if error.code in STALE:
            raise Conflict("precondition_failed", **error.facts) from error
        raise
