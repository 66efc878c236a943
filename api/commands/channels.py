"""`guitu channels`: which channels are set up, and whether one gets a message through."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND

if TYPE_CHECKING:
    from notifications.channels import Channels
    from notifications.gateway import Outcome

app = typer.Typer(help="Channels 渠道: by which people are told, beside the inbox.")


class Channel(StrEnum):
    """Those that can be set up."""

    EMAIL = "email"
    WECOM = "wecom"
    WEBHOOK = "webhook"


LABELS = {
    Channel.EMAIL: ("电子邮件", "e-mail"),
    Channel.WECOM: ("企业微信", "WeCom"),
    Channel.WEBHOOK: ("网络回调", "webhook"),
}
BECAME = {
    "sent": ("对方已收下。", "The other side has it."),
    "again": (
        "这次没有送到，可以再试。",
        "It did not get through this time, and may be tried again.",
    ),
    "refused": (
        "送不到，再试也没有用。",
        "It does not get through, and trying again is of no use.",
    ),
}
TITLE = "测试消息 Test message"
BODY = "收到这条消息，说明这个渠道可以使用。\nWhoever reads this knows that the channel works."


@app.callback(invoke_without_command=True)
def channels(context: typer.Context) -> None:
    """
    Show which channels are set up 查看渠道, without any secret.

    Examples: guitu channels · guitu channels test email liming@example.org
    """
    if context.invoked_subcommand is not None:
        return
    with refusals_told():
        from api.channels import channels_of
        from api.settings import Settings

        found = channels_of(Settings())
        typer.echo("inbox    收件箱 inbox: 总是可用 always works")
        for channel, (zh, en) in LABELS.items():
            typer.echo(f"{channel:<8} {zh} {en}: {_set_up(found, channel)}")


@app.command()
def test(
    channel: Annotated[Channel, typer.Argument(help="Which one 渠道.")],
    address: Annotated[
        str,
        typer.Argument(
            help="To whom: an e-mail address, a member's id in WeCom, a webhook's URL 收件地址."
        ),
    ],
) -> None:
    """
    Send one message that says nothing of anybody, and show what became of it 测试渠道.

    Exit status 1 when it did not get through; the reason stands there with its code.

    Examples: guitu channels test email liming@example.org · guitu channels test wecom liming
    """
    with refusals_told():
        outcome = _sent(channel, address)
    zh, en = BECAME[outcome.became]
    typer.echo(f"{zh}\n{en}")
    if outcome.became == "sent":
        return
    from notifications.gateways.outcomes import meaning

    why_zh, why_en = meaning(outcome.code)
    rest = f" {outcome.after:.0f} s" if outcome.after is not None else ""
    typer.echo(f"{why_zh}\n{why_en}\n[{outcome.code}]{rest}")
    raise typer.Exit(FOUND)


def _sent(channel: Channel, address: str) -> Outcome:
    """
    What became of a test message.

    Raises:
        Refused: `channel_not_set_up`.
    """
    from uuid import uuid4

    from api.bootstrap import real_now
    from api.channels import channels_of
    from api.settings import Settings
    from notifications.gateway import Outgoing
    from notifications.gateways import gateways_of
    from workflow.rules.errors import Refused

    gateways = gateways_of(channels_of(Settings()), clock=lambda: real_now().now)
    try:
        if channel not in gateways:
            raise Refused("channel_not_set_up", channel=str(channel))
        return gateways[channel].send(Outgoing(uuid4(), address, TITLE, BODY))
    finally:
        for gateway in gateways.values():
            gateway.close()


def _set_up(found: Channels, channel: Channel) -> str:
    """Where it leads, without a secret."""
    where = None
    if channel is Channel.EMAIL and found.email is not None:
        where = f"{found.email.host}:{found.email.port}, {found.email.sender}"
    if channel is Channel.WECOM and found.wecom is not None:
        where = f"{found.wecom.url}, {found.wecom.agent}"
    if channel is Channel.WEBHOOK and found.webhook is not None:
        where = ", ".join(str(each) for each in found.webhook.private) or "公网 public addresses"
    return f"已设置 set up ({where})" if where else "未设置 not set up"
