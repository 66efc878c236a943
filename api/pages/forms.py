"""Plain forms, which need no script: what one looks like, what it sends, and who sends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.identity import Shown, check_mark, shown_by
from api.pages.markup import Child, Html, tag
from api.pages.views import LoginNeeded
from api.pages.words import Words
from api.sentences import reason, would_allow
from workflow.rules.errors import GuituError, Unauthenticated

Fields = dict[str, str]
Found = TypeVar("Found")


async def fields_of(request: Request) -> Fields:
    """The fields of a form, the first of each name."""
    sent = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in sent.items()}


async def admitted(request: Request, fields: Fields, enter: Callable[[Shown], Found]) -> Found:
    """
    What `enter` finds, in a thread, for whoever sends a form of ours.

    Raises:
        LoginNeeded: nobody is logged in.
        Forbidden: `csrf_failed`: another page made it; and what `enter` raises.
    """
    try:
        shown = shown_by(request)
        check_mark(request, shown, fields.get("csrf", ""))
        return await run_in_threadpool(enter, shown)
    except Unauthenticated as error:
        raise LoginNeeded from error


def form(heading: str, *parts: Child, action: str, send: str) -> Html:
    """A form under its heading, sent by one button."""
    return tag(
        "form",
        tag("h1", heading),
        *parts,
        tag("button", send, type="submit"),
        method="post",
        action=action,
        class_="card form",
    )


def refusal(error: GuituError | None, words: Words) -> Html | None:
    """Why it could not be done, and what would allow it."""
    if error is None:
        return None
    text = f"{reason(error, words.language)} {would_allow(error, words.language)}"
    return tag("p", text, class_="bad", role="alert")


def field(label: str, name: str, control: Html) -> Html:
    """A control below its label."""
    return tag("div", tag("label", label, for_=name), control, class_="field")
