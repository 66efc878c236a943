"""The page where one logs in: a plain form that needs no script."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api.context import Anybody, Surroundings
from api.identity import check_mark, forget, remember, shown_by
from api.pages.frame import page
from api.pages.markup import Html, tag
from api.pages.words import Words
from api.sentences import reason, would_allow
from api.signing_in import sign_in
from workflow.rules.errors import GuituError, Unauthenticated
from workflow.services import signing_in

router = APIRouter(include_in_schema=False)


@router.get("/login")
def login(here: Anybody, request: Request) -> HTMLResponse:
    """The form."""
    return _page(here, _inner(request.query_params.get("to", "/")), None)


@router.post("/login")
async def log_in(here: Anybody, request: Request) -> Response:
    """Log in and go to where one was sent from; or the form again, with the reason."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    handle, password = (fields.get(name, [""])[0] for name in ("handle", "password"))
    to = _inner(fields.get("to", ["/"])[0])
    try:
        signed = await run_in_threadpool(sign_in, here, request, uuid4(), handle[:64], password)
    except GuituError as error:
        return _page(here, to, error)
    response = RedirectResponse(to, 303)
    remember(request, response, signed, here.parts.settings.session_hours * 3600)
    return response


@router.post("/logout")
async def log_out(here: Anybody, request: Request) -> Response:
    """The session ends on the server, and the browser forgets it."""
    response = RedirectResponse("/login", 303)
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    try:
        shown = shown_by(request)
        check_mark(request, shown, fields.get("csrf", [""])[0])
        await run_in_threadpool(_end, here, shown.secret)
    except Unauthenticated:
        pass  # it is over already
    forget(request, response)
    return response


def _end(here: Surroundings, secret: str) -> None:
    now = here.parts.wall().now
    caller = here.read(lambda uow: signing_in.recognise(uow, secret, now, here.clock.today))
    here.write(
        lambda uow: signing_in.end_session(
            uow, caller.session_id, account_id=caller.account_id, now=now, by=caller.handle
        )
    )


def _inner(to: str) -> str:
    """An address of our own, else the first page: nobody is sent elsewhere from here."""
    parts = urlsplit(to)
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc
    return to if ours and "\\" not in to else "/"


def _page(here: Surroundings, to: str, error: GuituError | None) -> HTMLResponse:
    words = Words(here.language)
    text = page(
        words, words("log_in"), here.clock.today, _form(words, to, error), demo=False, here="/login"
    )
    return HTMLResponse(text, 200 if error is None else 401)


def _form(words: Words, to: str, error: GuituError | None) -> Html:
    said = None
    if error is not None:
        language = words.language
        text = f"{reason(error, language)} {would_allow(error, language)}"
        said = tag("p", text, class_="bad", role="alert")
    return tag(
        "form",
        tag("h1", words("log_in")),
        said,
        tag("label", words("handle"), for_="handle"),
        tag("input", id="handle", name="handle", autocomplete="username", required=True),
        tag("label", words("password"), for_="password"),
        tag(
            "input",
            id="password",
            name="password",
            type="password",
            autocomplete="current-password",
            required=True,
        ),
        tag("input", type="hidden", name="to", value=to),
        tag("button", words("log_in"), type="submit"),
        method="post",
        action=f"/login?lang={words.language}",
        class_="card login",
    )
