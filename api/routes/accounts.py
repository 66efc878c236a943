"""The accounts: who may log in as what, made and seen to by administrators, read by auditors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import StringConstraints, TypeAdapter

from api.context import Context, may, pause
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.accounts import (
    AccountCreate,
    AccountPublic,
    FirstPassword,
    RoleChange,
    SessionPublic,
    TokenCreate,
    TokenIssued,
    sessions_page,
)
from api.schemas.pages import Page
from api.schemas.problems import problems
from workflow.services import accounts, new_passwords, sessions
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/accounts", tags=["accounts 账号"])
Reading = Annotated[Context, may("account", "read")]
Writing = Annotated[Context, may("account", "write")]
PLACE = TypeAdapter(
    tuple[Annotated[str, StringConstraints(pattern=f"^{accounts.HANDLE.pattern}$")]]
)


@router.get("", summary="账号列表 Accounts", responses=problems(401, 403, 422))
def list_accounts(
    here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Page[AccountPublic]:
    """Every account, disabled ones too, by handle."""
    after = place_of(cursor, PLACE)
    found = here.read(
        lambda uow: accounts.all_accounts(uow, after=after and after[0], limit=limit + 1)
    )
    shown, following = cut(found, limit, lambda one: (one.handle,))
    return Page(items=[AccountPublic.of(one) for one in shown], next=following)


@router.post(
    "",
    status_code=201,
    summary="新建账号 Make an account",
    responses=problems(401, 403, 409, 422, 503),
)
def create_account(sent: AccountCreate, here: Writing) -> AccountPublic:
    """Whoever logs in with the first password has to set one of their own. Sending it twice is harmless."""
    new, parts = sent.read(), here.parts
    here.write(
        lambda uow: accounts.create_account(
            uow, new, passwords=parts.passwords, clock=parts.wall(), by=here.by
        )
    )
    return _account(here, sent.id)


@router.get("/{account_id}", summary="账号 One account", responses=problems(401, 403, 404, 422))
def show_account(account_id: UUID, here: Reading) -> AccountPublic:
    """How it logs in and as what, and since when it does so no more."""
    return _account(here, account_id)


@router.put(
    "/{account_id}/password",
    status_code=204,
    summary="重设密码 Set a new first password",
    responses=problems(401, 403, 404, 409, 422, 503),
)
def reset_password(account_id: UUID, sent: FirstPassword, here: Writing) -> Response:
    """For whoever forgot theirs. It opens nothing but its own change, and every session and token ends."""
    parts = here.parts
    new_passwords.reset_password(
        parts.uow,
        account_id,
        sent.password.get_secret_value(),
        passwords=parts.passwords,
        clock=parts.wall(),
        by=here.by,
        pause=pause,
    )
    return Response(status_code=204)


@router.put(
    "/{account_id}/role",
    summary="改角色 Give another role",
    responses=problems(401, 403, 404, 409, 422),
)
def change_role(account_id: UUID, sent: RoleChange, here: Writing) -> AccountPublic:
    """Among those of the staff list. Every session and token of the account ends."""
    return _changed(
        here,
        account_id,
        lambda uow: accounts.change_role(
            uow, account_id, sent.role, clock=here.parts.wall(), by=here.by
        ),
    )


@router.post(
    "/{account_id}/disable",
    summary="停用 Disable an account",
    responses=problems(401, 403, 404, 409, 422),
)
def disable_account(account_id: UUID, here: Writing) -> AccountPublic:
    """Every session and token of it ends at once. Sending it twice is harmless."""
    return _changed(
        here,
        account_id,
        lambda uow: accounts.disable_account(uow, account_id, clock=here.parts.wall(), by=here.by),
    )


@router.post(
    "/{account_id}/enable",
    summary="启用 Enable an account",
    responses=problems(401, 403, 404, 422),
)
def enable_account(account_id: UUID, here: Writing) -> AccountPublic:
    """What had been open before it was disabled stays closed. Sending it twice is harmless."""
    return _changed(here, account_id, lambda uow: accounts.enable_account(uow, account_id))


# ------------------------------------------------------------------ what an account has open


@router.get(
    "/{account_id}/sessions",
    summary="账号的登录和令牌 What an account has open",
    responses=problems(401, 403, 404, 422),
)
def list_sessions(
    account_id: UUID, here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Page[SessionPublic]:
    """The sessions and tokens that stand, the latest first."""
    _account(here, account_id)
    now, after = here.parts.wall().now, place_of(cursor, BY_INSTANT)
    rows = here.read(
        lambda uow: sessions.sessions_of(uow, account_id, now, limit=limit + 1, after=after)
    )
    return sessions_page(rows, limit)


@router.delete(
    "/{account_id}/sessions",
    status_code=204,
    summary="全部退出 End all that an account has open",
    responses=problems(401, 403, 404, 422),
)
def end_all_sessions(account_id: UUID, here: Writing) -> Response:
    """Sessions and tokens, at once. Sending it twice is harmless."""
    now = here.parts.wall().now
    here.write(lambda uow: sessions.end_all_sessions(uow, account_id, now=now, by=here.by))
    return Response(status_code=204)


@router.delete(
    "/{account_id}/sessions/{session_id}",
    status_code=204,
    summary="作废一个登录或令牌 Revoke one session or token",
    responses=problems(401, 403, 404, 422),
)
def end_session(account_id: UUID, session_id: UUID, here: Writing) -> Response:
    """At once. Sending it twice is harmless."""
    now = here.parts.wall().now
    here.write(
        lambda uow: sessions.end_session(
            uow, session_id, account_id=account_id, now=now, by=here.by
        )
    )
    return Response(status_code=204)


@router.post(
    "/{account_id}/tokens",
    status_code=201,
    summary="为接口签发令牌 Issue a token for an integration",
    responses=problems(401, 403, 404, 409, 422),
)
def issue_token(account_id: UUID, sent: TokenCreate, here: Writing) -> TokenIssued:
    """It lasts so many days and is shown this once; people issue theirs themselves."""
    now, new = here.parts.wall().now, sent.read()
    issued = here.write(lambda uow: sessions.issue_token(uow, account_id, new, now))
    return TokenIssued(id=issued.session_id, token=issued.secret)


def _changed(here: Context, account_id: UUID, work: Callable[[UnitOfWork], None]) -> AccountPublic:
    here.write(work)
    return _account(here, account_id)


def _account(here: Context, account_id: UUID) -> AccountPublic:
    return AccountPublic.of(here.read(lambda uow: accounts.account(uow, account_id)))
