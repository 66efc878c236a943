"""What every page has around it: head, bar, language, the demo's clock, foot."""

from __future__ import annotations

from datetime import date

from api.pages.markup import Child, Html, document, tag
from api.pages.words import Words


def page(words: Words, title: str, today: date, *children: Child, demo: bool, here: str) -> str:
    """A whole page; `here` is its own address, for the other language."""
    other = "en" if words.language == "zh" else "zh"
    body = tag(
        "body",
        tag("a", words("skip"), href="#main", class_="skip"),
        tag(
            "header",
            tag(
                "div",
                tag(
                    "a",
                    tag("strong", words("product")),
                    tag("span", words("promise")),
                    href=link("/", words),
                    class_="brand",
                ),
                tag(
                    "nav",
                    tag("a", words("docs"), href="/docs"),
                    tag(
                        "a",
                        words("other_language"),
                        href=f"{here}?lang={other}",
                        lang="en" if other == "en" else "zh-CN",
                    ),
                ),
                class_="bar",
            ),
        ),
        _strip(words, today, demo=demo),
        tag("main", *children, id="main"),
        tag("script", src="/static/demo.js", defer=True) if demo else None,
    )
    return document(_head(title, words), body, lang="zh-CN" if words.language == "zh" else "en")


def link(path: str, words: Words) -> str:
    """An address that stays in the language of the page."""
    return path if words.language == "zh" else f"{path}?lang=en"


def day(value: date) -> Html:
    """A day, for people and for machines."""
    return tag("time", value.isoformat(), datetime=value.isoformat())


def _head(title: str, words: Words) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="robots", content="noindex"),
        tag("title", f"{title} · {words('product')}"),
        tag("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/static/site.css"),
    )


def _strip(words: Words, today: date, *, demo: bool) -> Html:
    """The day; in a demo, a small form that moves it."""
    if not demo:
        return tag("div", tag("p", f"{words('today')} ", day(today)), class_="strip")
    form = tag(
        "form",
        tag("label", words("move_to"), for_="to"),
        tag(
            "input",
            type="date",
            id="to",
            name="to",
            min=today.isoformat(),
            value=today.isoformat(),
            required=True,
        ),
        tag("button", words("move"), type="submit"),
        tag("output", id="said", role="status"),
        id="clock",
        data_lang=words.language,
    )
    text = tag(
        "p", tag("span", words("demo"), class_="mark"), f" {words('demo_today')} ", day(today)
    )
    return tag("div", text, form, class_="strip")
