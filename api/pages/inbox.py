"""One's own inbox as a page: each message as it was told, its codes leading to their cases; a form marks it as read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.context import Allowed, Anybody, Context, Surroundings
from api.identity import Shown, mark_of, shown_by
from api.pages.forms import admitted, fields_of
from api.pages.frame import link
from api.pages.markup import Child, Html, tag
from api.pages.views import PageFor, Reader, framed
from api.pages.words import Words
from api.paging import BY_INSTANT, Cursor, cut, place_of
from api.routes.inbox import letters_of
from notifications.content import Content
from notifications.words import rendered_inside
from workflow.rules.case_codes import FORM
from workflow.rules.errors import NotFound
from workflow.services import inboxes
from workflow.services.clock import ZONE
from workflow.services.inboxes import Letter

SHOWN = 30
"""Messages on a page."""
CODE = re.compile(f"({FORM.pattern})")
router = APIRouter(include_in_schema=False)
Reading = Annotated[Context, Depends(PageFor("inbox"))]


@router.get("/inbox")
def inbox(here: Reading, language: Reader, request: Request, cursor: Cursor = None) -> HTMLResponse:
    """What was delivered, the newest first."""
    words, after = Words(language), place_of(cursor, BY_INSTANT)
    found, unread = here.read(lambda uow: letters_of(uow, here, SHOWN + 1, after))
    letters, following = cut(found, SHOWN, lambda one: one.place)
    linked = here.may("timeline", "read") is not None
    mark = mark_of(shown_by(request).secret)
    wishes = here.may("contact", "read") is not None and here.caller.staff_id is not None
    parts = inbox_page(letters, unread, words, mark=mark, linked=linked, wishes=wishes)
    return framed(here, words, words("inbox"), request, *parts, _earlier(following, words))


@router.post("/inbox")
async def read(here: Anybody, language: Reader, request: Request) -> Response:
    """Mark one as read, and back to the list."""
    fields = await fields_of(request)
    await admitted(request, fields, lambda shown: _mark(here, shown, fields.get("id", "")))
    return RedirectResponse(link("/inbox", Words(language)), 303)


def inbox_page(
    letters: Sequence[Letter],
    unread: int,
    words: Words,
    *,
    mark: str,
    linked: bool,
    wishes: bool,
) -> list[Html]:
    """
    The parts of the page.

    Args:
        linked: whether a code leads to the person's page, which not everybody may see.
        wishes: whether they may set how they are told.
    """
    count = tag("span", words("unread", n=unread), class_="count") if unread else None
    parts = [tag("h1", words("inbox"), count)]
    if wishes:
        parts.append(tag("p", tag("a", words("contact"), href=link("/contact", words))))
    if not letters:
        return [*parts, tag("p", words("no_letters"), class_="quiet")]
    return parts + [_letter(one, words, mark=mark, linked=linked) for one in letters]


def _letter(one: Letter, words: Words, *, mark: str, linked: bool) -> Html:
    said = rendered_inside(Content.from_json(one.content), words.language)
    at = one.delivered_at.astimezone(ZONE)
    lines = [
        tag("li", *_line(line, one, words, linked=linked)) for line in said.body.split("\n")[1:]
    ]
    return tag(
        "section",
        tag("h2", said.title, _new(one, words)),
        tag("small", tag("time", f"{at:%Y-%m-%d %H:%M}", datetime=at.isoformat())),
        tag("ul", *lines),
        _form(one, words, mark),
        class_="card letter",
    )


def _new(one: Letter, words: Words) -> Html | None:
    return tag("span", words("new"), class_="mark") if one.read_at is None else None


def _line(line: str, one: Letter, words: Words, *, linked: bool) -> Iterator[Child]:
    """A line, with a link behind each code whose case its reader reaches."""
    for piece in CODE.split(line):
        case_id = one.cases.get(piece) if linked else None
        yield tag("a", piece, href=link(f"/people/{case_id}", words)) if case_id else piece


def _form(one: Letter, words: Words, mark: str) -> Html | None:
    if one.read_at is not None:
        return None
    return tag(
        "form",
        tag("input", type="hidden", name="csrf", value=mark),
        tag("input", type="hidden", name="id", value=str(one.id)),
        tag("button", words("mark_read"), type="submit"),
        method="post",
        action=link("/inbox", words),
    )


def _earlier(following: str | None, words: Words) -> Html | None:
    if following is None:
        return None
    query = f"cursor={following}" if words.language == "zh" else f"cursor={following}&lang=en"
    return tag("p", tag("a", words("earlier_letters"), href=f"/inbox?{query}"))


def _mark(here: Surroundings, shown: Shown, given: str) -> None:
    """Mark it; raises NotFound where the form names nothing of theirs."""
    allowed = Allowed("inbox", "write").admit(here, shown)
    try:
        message_id = UUID(given)
    except ValueError as error:
        raise NotFound("not_found", what="") from error
    clock = allowed.clock
    allowed.write(lambda uow: inboxes.mark_read(uow, allowed.caller, message_id, clock))
