"""What every page has around it: head, bar, language, the demo's clock, foot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.pages.markup import Child, Html, document, tag
from api.pages.words import Words


@dataclass(frozen=True, slots=True)
class Visit:
    """
    Who looks at a page, and where.

    Args:
        path: its own address, for the other language.
        handle: who is logged in; None for nobody.
        mark: what a form that writes has to bring.
        places: the pages that they may go to: address and word.
        moves_clock: that this is a demo whose clock they may move.
    """

    path: str
    demo: bool = False
    handle: str | None = None
    mark: str = ""
    places: tuple[tuple[str, str], ...] = ()
    moves_clock: bool = False


def page(words: Words, title: str, today: date, visit: Visit, *children: Child) -> str:
    """A whole page."""
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
                    href=link("/desk", words),
                    class_="brand",
                ),
                _nav(words, visit),
                class_="bar",
            ),
        ),
        _strip(words, today, visit),
        tag("main", *children, id="main"),
        tag("script", src="/static/demo.js", defer=True) if visit.moves_clock else None,
    )
    return document(_head(title, words), body, lang="zh-CN" if words.language == "zh" else "en")


def _nav(words: Words, visit: Visit) -> Html:
    other = "en" if words.language == "zh" else "zh"
    places = [
        tag(
            "a",
            words(key),
            href=link(path, words),
            aria_current="page" if path == visit.path else None,
        )
        for path, key in visit.places
    ]
    switch = tag(
        "a",
        words("other_language"),
        href=f"{visit.path}?lang={other}",
        lang="en" if other == "en" else "zh-CN",
    )
    return tag("nav", *places, switch, _leave(words, visit))


def _leave(words: Words, visit: Visit) -> Html | None:
    if visit.handle is None:
        return None
    return tag(
        "form",
        tag("input", type="hidden", name="csrf", value=visit.mark),
        tag("button", f"{words('log_out')} {visit.handle}", type="submit", class_="plain"),
        method="post",
        action="/logout",
    )


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


def _strip(words: Words, today: date, visit: Visit) -> Html:
    """The day; in a demo, a small form that moves it, for those who may."""
    if not visit.demo:
        return tag("div", tag("p", f"{words('today')} ", day(today)), class_="strip")
    text = tag(
        "p", tag("span", words("demo"), class_="mark"), f" {words('demo_today')} ", day(today)
    )
    if not visit.moves_clock:
        return tag("div", text, class_="strip")
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
    return tag("div", text, form, class_="strip")
