"""
The settings: read once from the environment, here and nowhere else. Starts with none at all.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from notifications.channels import MAIL_ADDRESS, TLS_AT_ONCE, WECOM, is_webhook_secret

OWN_NAMES = ("127.0.0.1", "localhost")
NEEDED_WITH = {
    "smtp_sender": "smtp_host",
    "wecom_agent": "wecom_corp",
    "wecom_secret": "wecom_corp",
}
"""Which setting makes no sense without which."""


class Settings(BaseSettings):
    """Each is set by the variable of its name with `GUITU_` before it: `GUITU_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="GUITU_", frozen=True, extra="ignore")

    database_url: str = Field(default="sqlite:///guitu.db", description="The office's database.")
    keys: SecretStr | None = Field(
        default=None,
        description="The key ring itself, from a store of secrets; goes before a file.",
    )
    keys_file: Path | None = Field(
        default=None, description="The file of the key ring; beside the database without it."
    )
    attachments: Path | None = Field(
        default=None,
        description="A folder for photos and scans, sealed; in the database without it.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that the server listens on.")
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=OWN_NAMES,
        description="Names under which the server may be called, with commas between.",
    )
    link: str | None = Field(
        default=None, description="Where people open the program; messages lead there."
    )
    tick_seconds: int = Field(
        default=60, ge=5, le=86400, description="How often the calendar is looked at."
    )
    engine: Literal["embedded", "worker"] = Field(
        default="embedded",
        description="Who runs the jobs: the server itself, or `guitu worker` elsewhere.",
    )
    largest_body: int = Field(
        default=1_000_000, ge=1000, description="The most bytes that a request may bring."
    )
    largest_upload: int = Field(
        default=21_000_000,
        ge=1000,
        description="The most bytes that a request with an attachment may bring.",
    )
    threads: int = Field(
        default=2, ge=1, le=100, description="How many requests are worked on at once."
    )
    waiting: int = Field(
        default=100, ge=0, le=10_000, description="How many more may wait for their turn."
    )
    longest_answer: int = Field(
        default=60, ge=1, le=3600, description="The most seconds that anybody waits for an answer."
    )

    session_idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="Minutes after which an unused login ends."
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Hours after which every login ends."
    )

    smtp_host: str | None = Field(
        default=None, description="The relay that takes e-mail; without it there is none."
    )
    smtp_port: int = Field(
        default=587, ge=1, le=65535, description="Its port; 465 speaks TLS at once."
    )
    smtp_starttls: bool = Field(
        default=True, description="Whether TLS is demanded of the relay; nobody logs in without."
    )
    smtp_user: str | None = Field(default=None, description="Who logs in to the relay.")
    smtp_password: SecretStr | None = Field(default=None, description="With which password.")
    smtp_sender: str | None = Field(
        default=None, validate_default=True, description="The address that messages come from."
    )
    wecom_corp: str | None = Field(default=None, description="The company's id in WeCom.")
    wecom_agent: int | None = Field(
        default=None,
        ge=1,
        validate_default=True,
        description="The number of the application there.",
    )
    wecom_secret: SecretStr | None = Field(
        default=None, validate_default=True, description="The secret of the application."
    )
    wecom_url: str = Field(default=WECOM, description="Where WeCom's interface is.")
    webhook_secret: SecretStr | None = Field(
        default=None, description="What webhooks are signed with; without it there are none."
    )
    webhook_private: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="Networks of the office's own that webhooks may go to."
    )

    alarm_url: str | None = Field(
        default=None, description="Where alarms are posted, for whoever runs the server."
    )
    heartbeat_url: str | None = Field(
        default=None, description="What is called after each look at an account that closes."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Who knows it may read /metrics; without it only this machine may.",
    )

    @field_validator(
        "keys",
        "keys_file",
        "attachments",
        "link",
        "smtp_host",
        "smtp_user",
        "smtp_password",
        "smtp_sender",
        "wecom_corp",
        "wecom_agent",
        "wecom_secret",
        "webhook_secret",
        "alarm_url",
        "heartbeat_url",
        "metrics_token",
        mode="before",
    )
    @classmethod
    def _unless_empty(cls, given: object) -> object:
        return None if given == "" else given

    @field_validator("hosts", "webhook_private", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(name.strip() for name in given.split(",") if name.strip())
        return given

    @field_validator("smtp_sender", "wecom_agent", "wecom_secret")
    @classmethod
    def _there_where_needed(cls, given: object, beside: ValidationInfo) -> object:
        first = NEEDED_WITH[str(beside.field_name)]
        if given is None and beside.data.get(first) is not None:
            raise ValueError(f"needed with GUITU_{first.upper()} 必须同时设置")
        return given

    @field_validator("smtp_sender")
    @classmethod
    def _an_address(cls, given: str | None) -> str | None:
        if given is not None and not MAIL_ADDRESS.fullmatch(given):
            raise ValueError("an address like reminders@example.org 请填邮箱地址")
        return given

    @field_validator("smtp_user")
    @classmethod
    def _only_under_tls(cls, given: str | None, beside: ValidationInfo) -> str | None:
        under_tls = beside.data.get("smtp_starttls") or beside.data.get("smtp_port") == TLS_AT_ONCE
        if given is not None and not under_tls:
            raise ValueError("nobody logs in without TLS 不用 TLS 就不能登录")
        return given

    @field_validator("link", "alarm_url", "heartbeat_url")
    @classmethod
    def _an_address_of_a_page(cls, given: str | None) -> str | None:
        if given is not None and not re.fullmatch(r"https?://[^\s@]{1,200}", given):
            raise ValueError("an address that begins with https:// 请填以 https:// 开头的地址")
        return given

    @field_validator("wecom_url")
    @classmethod
    def _under_tls_beyond_this_machine(cls, given: str) -> str:
        if not re.fullmatch(
            r"(https://[^\s/]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/\S*)?", given
        ):
            raise ValueError("an address that begins with https:// 请填以 https:// 开头的地址")
        return given.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _long_enough(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and not is_webhook_secret(given.get_secret_value()):
            raise ValueError(
                "whsec_ and 24 to 64 bytes in base64 请填 whsec_ 加 24 至 64 字节的 base64"
            )
        return given
