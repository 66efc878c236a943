"""Logging in, sessions and tokens, who one is, and the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, SecretStr

from api.paging import cut
from api.schemas.pages import Page
from api.schemas.values import Incoming, Label, Outgoing, Whole
from workflow.rules.access import ROLES, AccountRole
from workflow.services.accounts import AccountView, NewAccount
from workflow.services.callers import Caller
from workflow.services.new_passwords import OwnPassword
from workflow.services.passwords import LONGEST
from workflow.services.sessions import LONGEST_LABEL, LONGEST_TOKEN_DAYS, NewToken, SessionView

Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]


class SignIn(Incoming):
    """Whoever wants to log in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0b01",
                    "handle": "w1",
                    "password": "correct horse battery",
                }
            ]
        }
    )

    id: UUID = Field(description="客户端生成的登录编号 The session's id, made by the client.")
    handle: str = Field(min_length=1, max_length=64)
    password: Password


class SignedInPublic(Outgoing):
    """A new session; its cookie comes with it."""

    session_id: UUID
    csrf_token: str = Field(
        description="写入时放进请求头 X-CSRF-Token To be sent in the header X-CSRF-Token with whatever writes."
    )
    must_change_password: bool


class PasswordChange(Incoming):
    """A password of one's own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"old": "correct horse battery", "new": "staple under the lamp"}]
        }
    )

    old: Password
    new: Password = Field(
        description="12 到 200 个字符，不要用账号名或常见的词 12 to 200 characters, not your handle or what everybody tries."
    )

    def read(self) -> OwnPassword:
        """In the words of the services."""
        return OwnPassword(self.old.get_secret_value(), self.new.get_secret_value())


class TokenCreate(Incoming):
    """A token to issue."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0b02", "label": "手机", "days": 90}
            ]
        }
    )

    id: UUID = Field(description="客户端生成的令牌编号 The token's id, made by the client.")
    label: str = Field(min_length=1, max_length=LONGEST_LABEL, description="用途 What it is for.")
    days: Whole = Field(default=90, ge=1, le=LONGEST_TOKEN_DAYS)

    def read(self) -> NewToken:
        """In the words of the services."""
        return NewToken(self.id, self.label, self.days)


class TokenIssued(Outgoing):
    """A new token; it is shown this once."""

    id: UUID
    token: str


class SessionPublic(Outgoing):
    """A session or token that stands."""

    id: UUID
    kind: Literal["browser", "token"]
    label: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool = Field(default=False, description="就是这一个 It is the one that asks.")


def sessions_page(
    rows: Sequence[SessionView], limit: int, current: UUID | None = None
) -> Page[SessionPublic]:
    """A page of what stands; what lies idle is over, and is left out."""
    shown, following = cut(rows, limit, lambda one: (one.created_at, one.id))
    items = [SessionPublic.model_validate(one) for one in shown if not one.is_idle]
    for one in items:
        one.current = one.id == current
    return Page(items=items, next=following)


# ------------------------------------------------------------------ accounts

OFFICER: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0b10",
    "handle": "w1",
    "role": "worker",
    "password": "staple under the lamp",
}


class AccountCreate(Incoming):
    """An account to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [OFFICER]})

    id: UUID = Field(description="客户端生成的账号编号 The account's id, made by the client.")
    handle: str = Field(
        min_length=1,
        max_length=64,
        description="登录名；名册上的人要与名册代号相同 How one logs in; of staff, their handle on the staff list.",
    )
    role: AccountRole
    password: Password | None = Field(
        default=None,
        description="初始密码，本人登录后要换；接口账号没有 A first password; an integration has none.",
    )
    office_id: UUID | None = Field(
        default=None, description="接口账号的机构 The office of an integration."
    )

    def read(self) -> NewAccount:
        """In the words of the services."""
        password = None if self.password is None else self.password.get_secret_value()
        return NewAccount(self.id, self.handle, self.role, password, office_id=self.office_id)


class FirstPassword(Incoming):
    """A password that somebody else sets."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"password": "staple under the lamp"}]}
    )

    password: Password


class RoleChange(Incoming):
    """Another role."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}]})

    role: AccountRole


class AccountPublic(Outgoing):
    """An account."""

    id: UUID
    handle: str
    role: AccountRole
    role_label: Label
    staff_id: UUID | None
    office_id: UUID | None
    has_password: bool
    must_change_password: bool
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    disabled_by: str | None

    @classmethod
    def of(cls, view: AccountView) -> AccountPublic:
        """From its view."""
        own = {"role_label": ROLES[view.role], "must_change_password": view.must_change}
        held = {name: getattr(view, name) for name in cls.model_fields if name not in own}
        return cls.model_validate({**held, **own}, from_attributes=True)


class Me(Outgoing):
    """Who one is."""

    account_id: UUID
    handle: str
    role: str
    role_label: Label
    offices: list[UUID]
    must_change_password: bool

    @classmethod
    def of(cls, caller: Caller) -> Me:
        """From the caller."""
        label = ROLES[caller.role]
        return cls(
            account_id=caller.account_id,
            handle=caller.handle,
            role=caller.role,
            role_label=Label(zh=label.zh, en=label.en),
            offices=sorted(caller.own_offices),
            must_change_password=caller.must_change,
        )
