"""The pages' addresses."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.context import Allowed, Anybody, Context
from api.pages.frame import page
from api.pages.markup import document, tag
from api.pages.people import people_page
from api.pages.person import person_page
from api.pages.words import Words
from workflow.rules.errors import Unauthenticated
from workflow.rules.sentences import Language
from workflow.services import viewing
from workflow.services.views import CaseView

MOST_CARDS = 50
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def _reader(lang: str = "zh") -> Language:
    """Chinese, unless the address asks for English: a page is read by people, whatever their browser says."""
    return "en" if lang == "en" else "zh"


class LoginNeeded(Exception):
    """A page was asked for by somebody who is not logged in: they are sent to log in, and back."""


def _reading(request: Request, here: Anybody) -> Context:
    try:
        return Allowed("case", "read")(request, here)
    except Unauthenticated as error:
        raise LoginNeeded from error


Reading = Annotated[Context, Depends(_reading)]
Reader = Annotated[Language, Depends(_reader)]


@router.get("/")
def people(here: Reading, language: Reader) -> HTMLResponse:
    """All people; those with something overdue in full, the first fifty of them."""
    words = Words(language)
    rows = here.read(lambda uow: viewing.overview(uow, here.clock, here.reach))
    late = sorted((row for row in rows if row.overdue), key=lambda row: row.opened_on)[:MOST_CARDS]
    parts = people_page(rows, [_view(here, row.case_id) for row in late], here.clock.today, words)
    return _page(here, words, words("people"), parts, "/")


@router.get("/people/{case_id}")
def person(case_id: UUID, here: Reading, language: Reader, request: Request) -> HTMLResponse:
    """One person."""
    words = Words(language)
    view = _view(here, case_id)
    return _page(
        here, words, view.name or words("unnamed"), person_page(view, words), request.url.path
    )


def _view(here: Context, case_id: UUID) -> CaseView:
    return here.read(lambda uow: viewing.case_view(uow, case_id, **here.tools, reach=here.reach))


def _page(here: Context, words: Words, title: str, parts: list, path: str) -> HTMLResponse:  # type: ignore[type-arg]
    text = page(words, title, here.clock.today, *parts, demo=here.parts.demo, here=path)
    return HTMLResponse(text)


@router.get("/docs")
def docs() -> HTMLResponse:
    """The API's interactive documentation; its files travel with the program."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "归途 Guitu API"),
        tag("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/static/swagger/swagger-ui.css"),
    )
    body = tag(
        "body",
        tag("div", tag("a", "/openapi.json", href="/openapi.json"), id="swagger-ui"),
        tag("script", src="/static/swagger/swagger-ui-bundle.js"),
        tag("script", src="/static/docs.js"),
    )
    return HTMLResponse(document(head, body, lang="zh-CN"))
