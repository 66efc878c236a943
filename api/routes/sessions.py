"""Logging in and out, one's own sessions, tokens and password, and who one is."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.context import Anybody, Context, may, pause
from api.identity import forget, mark_of
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, place_of
from api.schemas.accounts import (
    Me,
    PasswordChange,
    SessionPublic,
    SignedInPublic,
    SignIn,
    TokenCreate,
    TokenIssued,
    sessions_page,
)
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.signing_in import keep, sign_in
from workflow.services import new_passwords, sessions

router = APIRouter(tags=["sessions 登录"])
Reading = Annotated[Context, may("session", "read")]
Writing = Annotated[Context, may("session", "write")]
Changing = Annotated[Context, may("password", "write")]
Issuing = Annotated[Context, may("token", "write")]


@router.post(
    "/sessions",
    status_code=201,
    summary="登录 Log in",
    responses=problems(401, 409, 422, 429, 503),
)
def log_in(sent: SignIn, here: Anybody, request: Request, response: Response) -> SignedInPublic:
    """Sets the session's cookie, and answers with the mark that whatever writes has to bring."""
    password = sent.password.get_secret_value()
    signed = sign_in(here, request, sent.id, sent.handle, password)
    keep(here, request, response, signed, sent.handle)
    return SignedInPublic(
        session_id=signed.session_id,
        csrf_token=mark_of(signed.secret),
        must_change_password=signed.must_change,
    )


@router.get(
    "/sessions", summary="我的登录和令牌 What I have open", responses=problems(401, 403, 422)
)
def list_sessions(
    here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Page[SessionPublic]:
    """The sessions and tokens of whoever asks that still stand, the latest first; `current` is the one that asks."""
    now, after, caller = here.parts.wall().now, place_of(cursor, BY_INSTANT), here.caller
    rows = here.read(
        lambda uow: sessions.sessions_of(uow, caller.account_id, now, limit=limit + 1, after=after)
    )
    return sessions_page(rows, limit, caller.session_id)


@router.delete(
    "/sessions/current", status_code=204, summary="退出 Log out", responses=problems(401, 403)
)
def log_out(here: Writing, request: Request) -> Response:
    """The session ends on the server, at once."""
    return _end(here, here.caller.session_id, request)


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    summary="作废登录或令牌 Revoke a session or token",
    responses=problems(401, 403, 404, 422),
)
def end_session(session_id: UUID, here: Writing, request: Request) -> Response:
    """One's own, here or on another device. Sending it twice is harmless."""
    return _end(here, session_id, request)


@router.get("/me", summary="我是谁 Who am I?", responses=problems(401, 403))
def show_me(here: Reading) -> Me:
    """The account of whoever asks, its role, and the offices where they are posted today."""
    return Me.of(here.caller)


@router.put(
    "/me/password",
    status_code=204,
    summary="修改密码 Change my password",
    responses=problems(401, 403, 409, 422, 429, 503),
)
def change_password(sent: PasswordChange, here: Changing) -> Response:
    """From a browser that is logged in. Every other session and token of the account ends."""
    parts = here.parts
    new_passwords.change_own_password(
        parts.uow,
        here.caller,
        sent.read(),
        passwords=parts.passwords,
        clock=parts.wall(),
        pause=pause,
    )
    return Response(status_code=204)


@router.post(
    "/me/tokens",
    status_code=201,
    summary="签发令牌 Issue a token for my device",
    responses=problems(401, 403, 409, 422),
)
def issue_token(sent: TokenCreate, here: Issuing) -> TokenIssued:
    """From a browser. It has the role and reach of its account, lasts so many days, and is shown this once."""
    now, new = here.parts.wall().now, sent.read()
    issued = here.write(lambda uow: sessions.issue_own_token(uow, here.caller, new, now))
    return TokenIssued(id=issued.session_id, token=issued.secret)


def _end(here: Context, session_id: UUID, request: Request) -> Response:
    caller, now = here.caller, here.parts.wall().now
    here.write(
        lambda uow: sessions.end_session(
            uow, session_id, account_id=caller.account_id, now=now, by=caller.handle
        )
    )
    response = Response(status_code=204)
    if session_id == caller.session_id and caller.kind == "browser":
        forget(request, response)
    return response
