"""How somebody wants to be told, as they set it and as it is shown to them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from api.schemas.values import Incoming, Outgoing, Version
from notifications.channels import MAIL_ADDRESS
from workflow.rules.contacts import EARLIEST, LATEST, Wishes
from workflow.rules.sentences import Language
from workflow.services.contacts import Contact

Channel = Literal["inbox", "email", "wecom", "webhook"]
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
EXAMPLE: dict[str, JsonValue] = {
    "channels": ["wecom", "email"],
    "digest_at": "08:30",
    "language": "zh",
    "addresses": {"wecom": "LiSi", "email": "lisi@office.example"},
}


class Addresses(Incoming):
    """Where each channel reaches somebody; sealed under their own key."""

    email: str | None = Field(
        default=None,
        max_length=254,
        pattern=f"^{MAIL_ADDRESS.pattern}$",
        description="电子邮箱地址 The e-mail address.",
    )
    wecom: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$",
        description="企业微信的成员账号 The user's id in WeCom.",
    )
    webhook: str | None = Field(
        default=None,
        pattern=r"^https?://[!-~]{1,1000}$",
        description="接收回调的网址 The address that a webhook is sent to.",
    )


class ContactSet(Incoming):
    """All of it, in place of what was set before."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    channels: list[Channel] = Field(
        default_factory=list,
        max_length=4,
        description="用哪些渠道，最优先的在前；站内收件箱总在最后兜底 Which channels, the dearest first; the inbox always comes last.",
    )
    digest_at: str | None = Field(
        default=None,
        pattern=HOUR,
        description="每日汇总的时间 HH:MM，在允许的时段内；null 按规则包 When the digest comes, within the hours allowed; null for the pack's.",
    )
    language: Language = Field(default="zh", description="消息的语言 The language of messages.")
    addresses: Addresses = Field(
        default_factory=Addresses, description="各渠道的地址 Where each channel reaches one."
    )
    expected_version: Version = None

    def read(self) -> Wishes:
        """The same in the words of the rules."""
        given = self.addresses.model_dump(exclude_none=True)
        at = time.fromisoformat(self.digest_at) if self.digest_at else None
        return Wishes(tuple(self.channels), at, self.language, given)


class AddressesPublic(Outgoing):
    """Where each channel reaches somebody; shown to nobody else."""

    email: str | None = Field(description="电子邮箱地址 The e-mail address.")
    wecom: str | None = Field(description="企业微信的成员账号 The user's id in WeCom.")
    webhook: str | None = Field(description="接收回调的网址 The address that a webhook is sent to.")


class ContactPublic(Outgoing):
    """How somebody is told."""

    staff_id: UUID
    channels: list[str] = Field(
        description="用哪些渠道，最优先的在前 Which channels, the dearest first."
    )
    digest_at: str | None = Field(
        description="每日汇总的时间；null 按规则包 When the digest comes; null for the pack's hour."
    )
    earliest: str = Field(description="可选的最早时间 The earliest hour that can be chosen.")
    latest: str = Field(description="可选的最晚时间 The latest hour that can be chosen.")
    language: str = Field(description="消息的语言 The language of messages.")
    addresses: AddressesPublic = Field(description="各渠道的地址 Where each channel reaches one.")
    version: int = Field(
        description="设定过几次；没有设定过为 0 How often it was set; 0 where it never was."
    )
    updated_at: datetime | None = Field(
        description="何时设定的 When it was set; null where it never was."
    )

    @classmethod
    def of(cls, staff_id: UUID, contact: Contact) -> ContactPublic:
        """From what somebody set."""
        wishes = contact.wishes
        return cls(
            staff_id=staff_id,
            channels=list(wishes.channels),
            digest_at=_hour(wishes.digest_at),
            earliest=EARLIEST.strftime("%H:%M"),
            latest=LATEST.strftime("%H:%M"),
            language=wishes.language,
            addresses=AddressesPublic(
                email=wishes.addresses.get("email"),
                wecom=wishes.addresses.get("wecom"),
                webhook=wishes.addresses.get("webhook"),
            ),
            version=contact.version,
            updated_at=contact.updated_at,
        )


def _hour(at: time | None) -> str | None:
    return at.strftime("%H:%M") if at else None
