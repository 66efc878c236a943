"""The pages' addresses."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.context import Allowed, Anybody, Context
from api.identity import mark_of, shown_by
from api.pages.desk import desk_page
from api.pages.frame import Visit, page
from api.pages.markup import Child, document, tag
from api.pages.people import people_page
from api.pages.person import person_page
from api.pages.today import today_page
from api.pages.words import Words
from workflow.rules.errors import Forbidden, Unauthenticated
from workflow.rules.sentences import Language
from workflow.services import case_lists, desks, run_reports, viewing, worklists
from workflow.services.run_reports import Alarm
from workflow.services.views import CaseView
from workflow.services.worklists import Asked
from workflow.store.unit_of_work import UnitOfWork

MOST_ITEMS = 200
LEADING = ("county", "supervisor")
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def reader(lang: str = "zh") -> Language:
    """Chinese, unless the address asks for English: a page is read by people, whatever their browser says."""
    return "en" if lang == "en" else "zh"


class LoginNeeded(Exception):
    """A page was asked for by somebody who is not logged in: they are sent to log in, and back."""


class PasswordNeeded(Exception):
    """Whoever asks has to set a password of their own first."""


class PageFor:
    """What stands in front of a page: as in front of a route, but who is not logged in is sent to log in."""

    def __init__(self, resource: str) -> None:
        self._allowed = Allowed(resource, "read")

    def __call__(self, request: Request, here: Anybody) -> Context:
        """The context of the page."""
        try:
            return self._allowed(request, here)
        except Unauthenticated as error:
            raise LoginNeeded from error
        except Forbidden as error:
            if error.code == "must_change_password":
                raise PasswordNeeded from error
            raise


Own = Annotated[Context, Depends(PageFor("session"))]
Reading = Annotated[Context, Depends(PageFor("case"))]
Listing = Annotated[Context, Depends(PageFor("worklist"))]
People = Annotated[Context, Depends(PageFor("person"))]
Reader = Annotated[Language, Depends(reader)]


@router.get("/desk")
def first(here: Own, language: Reader, request: Request) -> Response:
    """The desk for those who lead, the list for those who do, and a word for those who see no cases."""
    if here.caller.must_change:
        raise PasswordNeeded
    if here.caller.role in LEADING:
        return _desk(here, language, request)
    if here.may("worklist", "read") is not None:
        return RedirectResponse("/today" if language == "zh" else "/today?lang=en", 303)
    words = Words(language)
    return framed(here, words, words("product"), request, tag("p", words("no_case_data")))


def _desk(here: Context, language: Language, request: Request) -> HTMLResponse:
    words = Words(language)
    found, wrong = here.read(
        lambda uow: (desks.desk(uow, here.reach, here.clock.today), _wrong(uow, here))
    )
    parts = desk_page(found, here.clock.today, words, wrong)
    return framed(here, words, words("desk"), request, *parts)


def _wrong(uow: UnitOfWork, here: Context) -> list[Alarm]:
    """What is wrong with the runs, for those who may read of them."""
    if here.may("run", "read") is None:
        return []
    return run_reports.alarms(uow, here.clock)


@router.get("/today")
def today(here: Listing, language: Reader, request: Request) -> HTMLResponse:
    """What is theirs to do."""
    words, reach, handle = Words(language), here.reach, here.caller.handle
    own = here.caller.role not in LEADING
    asked = Asked(reach, handle=handle if own else None)
    items = here.read(
        lambda uow: worklists.worklist(uow, asked, here.clock.today, limit=MOST_ITEMS)
    )
    linked = here.may("timeline", "read") is not None
    parts = today_page(items, here.clock.today, words, linked=linked, own=own)
    return framed(here, words, words("mine"), request, *parts)


@router.get("/people")
def people(here: People, language: Reader, request: Request) -> HTMLResponse:
    """Everybody within reach."""
    words = Words(language)
    rows = here.read(lambda uow: case_lists.overview(uow, here.clock, here.reach))
    return framed(here, words, words("people"), request, *people_page(rows, words))


@router.get("/people/{case_id}")
def person(case_id: UUID, here: People, language: Reader, request: Request) -> HTMLResponse:
    """One person."""
    words = Words(language)
    view = _view(here, case_id)
    title = view.name or words("unnamed")
    return framed(here, words, title, request, *person_page(view, words))


def _view(here: Context, case_id: UUID) -> CaseView:
    return here.read(
        lambda uow: viewing.case_view(
            uow, case_id, **here.tools, reach=here.reach, own_chair=here.own_chair
        )
    )


def framed(
    here: Context, words: Words, title: str, request: Request, *parts: Child
) -> HTMLResponse:
    """A page with the bar and the places that its reader may go to."""
    places = [("/desk", "desk")] if here.caller.role in LEADING else []
    places += [("/today", "mine")] if here.may("worklist", "read") else []
    places += [("/people", "people")] if here.may("person", "read") else []
    places += [("/inbox", "inbox")] if here.may("inbox", "read") else []
    visit = Visit(
        path=request.url.path,
        demo=here.parts.demo,
        handle=here.caller.handle,
        mark=mark_of(shown_by(request).secret),
        places=(*places, ("/docs", "docs")),
        moves_clock=here.parts.demo and here.may("clock", "write") is not None,
    )
    return HTMLResponse(page(words, title, here.clock.today, visit, *parts))


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
