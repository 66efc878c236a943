"""What a plain form of a page sends."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import Request

Fields = dict[str, str]


async def fields_of(request: Request) -> Fields:
    """The fields of a form, the first of each name."""
    sent = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in sent.items()}
