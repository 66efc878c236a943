"""`guitu messages`: whether anything that is seen of a message tells what the matter is."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND

if TYPE_CHECKING:
    from api.settings import Settings
    from notifications.words.linting import Finding, Texts

app = typer.Typer(
    help="Messages 消息: what is seen of them must tell nothing.", no_args_is_help=True
)
TELLS = {
    "substance": ("指向某种物质", "names a substance"),
    "measure": ("指向某种措施", "names a measure"),
    "office": ("指向某类机构", "names an office that tells"),
    "number": ("像身份证号或电话号码", "looks like an identity or telephone number"),
}
PLACES = {
    "sender": ("发件地址 GUITU_SMTP_SENDER", "the sender's address GUITU_SMTP_SENDER"),
    "sender_name": ("发件人名称", "the sender's name"),
    "caller": ("程序自报的名称", "what the program calls itself"),
    "relay": ("邮件服务器 GUITU_SMTP_HOST", "the mail server GUITU_SMTP_HOST"),
    "subject_prefix": ("主题前缀", "what is put before the subject"),
    "signature": ("签名", "the signature"),
    "agent": ("企业微信应用名称", "the application's name in WeCom"),
    "link": ("链接 GUITU_LINK", "the link GUITU_LINK"),
    "title": ("登录页标题", "the title of the page where one logs in"),
}
WELL = ("没有发现会泄露事由的词。", "Nothing was found that tells what the matter is.")


@app.callback()
def messages() -> None:
    """Keeps `check` a command of its own."""


@app.command()
def check(
    agent: Annotated[
        str, typer.Option(help="What the application is called in WeCom 企业微信应用名称.")
    ] = "",
    sender_name: Annotated[
        str, typer.Option(help="The name that the relay puts beside the sender 发件人名称.")
    ] = "",
    subject_prefix: Annotated[
        str, typer.Option(help="What the relay puts before the subject 主题前缀.")
    ] = "",
    signature: Annotated[
        str, typer.Option(help="What the relay puts below the text 签名或免责声明.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, for machines 输出 JSON.")
    ] = False,
) -> None:
    """
    Look for words that tell in all that is seen of a message 检查消息用词.

    Every phrase, the sender and its domain, the mail server, the link and the title behind it are read from
    the settings; what is set elsewhere, at the relay or in WeCom, is given here. Exit status 1 when something
    tells.

    Examples: guitu messages check · guitu messages check --agent 待办提醒 --signature 综合服务中心
    """
    with refusals_told():
        from api.settings import Settings
        from notifications.words.linting import check_phrases, check_words

        texts = seen_of(
            Settings(),
            agent=agent,
            sender_name=sender_name,
            subject_prefix=subject_prefix,
            signature=signature,
        )
        found = [*check_phrases(), *check_words(texts)]
        _tell(found, as_json=as_json)
        if found:
            raise typer.Exit(FOUND)


def seen_of(settings: Settings, **elsewhere: str) -> Texts:
    """What is seen of a message beside its words: from the settings, and what is set elsewhere."""
    from api.pages.words import Words
    from notifications.gateways.mail import SENDER_NAME
    from notifications.gateways.wire import KNOWN_BY
    from notifications.words.linting import Texts

    titles = [
        f"{words('log_in')} · {words('product')} · {words('promise')}"
        for words in (Words("zh"), Words("en"))
    ]
    elsewhere["sender_name"] = elsewhere.get("sender_name") or SENDER_NAME
    return Texts(
        caller=KNOWN_BY,
        sender=settings.smtp_sender or "",
        relay=settings.smtp_host or "",
        link=settings.link or "",
        title="\n".join(titles),
        **elsewhere,
    )


def _tell(found: list[Finding], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        zh, en = PLACES.get(one.place, (one.place, one.place))
        tells_zh, tells_en = TELLS[one.tells]
        word = f"“{one.word}”" if one.word else ""
        typer.echo(f"{zh}：{word}{tells_zh}")
        typer.echo(f"  {en}: {word} {tells_en}".replace(":  ", ": "))
    if not found:
        typer.echo("\n".join(WELL))
