"""The pages where one logs in and sets a password of one's own: plain forms that need no script."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api.context import Anybody, Surroundings, known_caller, pause
from api.errors import status_of
from api.identity import Shown, forget, mark_of, shown_by
from api.pages.forms import Fields, admitted, field, fields_of, form, refusal
from api.pages.frame import Visit, page
from api.pages.markup import Html, tag
from api.pages.views import LoginNeeded, Own
from api.pages.words import Words
from api.signing_in import keep, sign_in
from workflow.rules.errors import GuituError
from workflow.services import new_passwords, sessions
from workflow.services.callers import Caller
from workflow.services.new_passwords import OwnPassword

router = APIRouter(include_in_schema=False)
FIRST = "/desk"
"""Where one goes who was sent from nowhere; each role finds there what is theirs."""


@router.get("/login")
def login(here: Anybody, request: Request) -> HTMLResponse:
    """The form."""
    return _login_page(here, _inner(request.query_params.get("to", FIRST)), None)


@router.post("/login")
async def log_in(here: Anybody, request: Request) -> Response:
    """Log in and go to where one was sent from; or the form again, with the reason."""
    fields = await fields_of(request)
    to = _inner(fields.get("to", FIRST))
    handle, password = fields.get("handle", "").strip()[:64], fields.get("password", "")
    try:
        signed = await run_in_threadpool(sign_in, here, request, uuid4(), handle, password)
    except GuituError as error:
        return _login_page(here, to, error)
    response = RedirectResponse(to, 303)
    keep(here, request, response, signed, handle)
    return response


@router.post("/logout")
async def log_out(here: Anybody, request: Request) -> Response:
    """The session ends on the server, and the browser forgets it."""
    response = RedirectResponse("/login", 303)
    fields = await fields_of(request)
    with suppress(LoginNeeded):  # it is over already
        await admitted(request, fields, lambda shown: _end(here, shown))
    forget(request, response)
    return response


@router.get("/password")
def password(here: Own, request: Request) -> HTMLResponse:
    """The form for a password of one's own."""
    return _password_page(here, here.caller, shown_by(request).secret, None)


@router.post("/password")
async def set_password(here: Anybody, request: Request) -> Response:
    """Set it, and go on; or the form again, with the reason."""
    fields = await fields_of(request)
    caller = await admitted(request, fields, lambda shown: known_caller(here, shown))
    try:
        await run_in_threadpool(_change, here, caller, fields)
    except GuituError as error:
        return _password_page(here, caller, shown_by(request).secret, error)
    return RedirectResponse(FIRST, 303)


# ------------------------------------------------------------------ what they do


def _end(here: Surroundings, shown: Shown) -> None:
    caller, now = known_caller(here, shown), here.parts.wall().now
    here.write(
        lambda uow: sessions.end_session(
            uow, caller.session_id, account_id=caller.account_id, now=now, by=caller.handle
        )
    )


def _change(here: Surroundings, caller: Caller, fields: Fields) -> None:
    parts, sent = here.parts, OwnPassword(fields.get("old", ""), fields.get("new", ""))
    new_passwords.change_own_password(
        parts.uow,
        caller,
        sent,
        passwords=parts.passwords,
        clock=parts.wall(),
        pause=pause,
    )


def _inner(to: str) -> str:
    """An address of our own, else the first page: nobody is sent elsewhere from here."""
    ours = to.startswith("/") and not to.startswith("//") and "\\" not in to
    return to if ours and not urlsplit(to).netloc else FIRST


# ------------------------------------------------------------------ what they show


def _login_page(here: Surroundings, to: str, error: GuituError | None) -> HTMLResponse:
    words = Words(here.language)
    inputs = [
        _input(words, "handle", "username", kind="text"),
        _input(words, "password", "current-password"),
        tag("input", type="hidden", name="to", value=to),
    ]
    visit = Visit("/login", demo=here.parts.demo)
    return _form_page(here, words, visit, "log_in", None, error, inputs)


def _password_page(
    here: Surroundings, caller: Caller, secret: str, error: GuituError | None
) -> HTMLResponse:
    words = Words(here.language)
    inputs = [
        _input(words, "old", "current-password", label="old_password"),
        _input(words, "new", "new-password", label="new_password"),
        tag("input", type="hidden", name="csrf", value=mark_of(secret)),
    ]
    visit = Visit("/password", demo=here.parts.demo, handle=caller.handle, mark=mark_of(secret))
    about = words("must_change") if caller.must_change else None
    return _form_page(here, words, visit, "change_password", about, error, inputs)


def _form_page(
    here: Surroundings,
    words: Words,
    visit: Visit,
    title: str,
    about: str | None,
    error: GuituError | None,
    inputs: Sequence[Html],
) -> HTMLResponse:
    part = form(
        words(title),
        tag("p", about) if about else None,
        refusal(error, words),
        *inputs,
        action=f"{visit.path}?lang={words.language}",
        send=words(title),
    )
    text = page(words, words(title), here.clock.today, visit, part)
    return HTMLResponse(text, 200 if error is None else status_of(error))


def _input(
    words: Words, name: str, complete: str, *, kind: str = "password", label: str = ""
) -> Html:
    control = tag("input", id=name, name=name, type=kind, autocomplete=complete, required=True)
    return field(words(label or name), name, control)
