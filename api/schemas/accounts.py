"""Logging in, sessions and tokens, and who one is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, SecretStr

from api.schemas.values import Incoming, Label, Outgoing
from workflow.rules.access import ROLES
from workflow.services.callers import Caller
from workflow.services.new_passwords import OwnPassword
from workflow.services.passwords import LONGEST
from workflow.services.sessions import LONGEST_LABEL, LONGEST_TOKEN_DAYS, NewToken

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
    days: int = Field(default=90, ge=1, le=LONGEST_TOKEN_DAYS)

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
    kind: str
    label: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime


class SessionsPublic(Outgoing):
    """The sessions and tokens of whoever asks, the latest first."""

    items: list[SessionPublic]
    current: UUID


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
