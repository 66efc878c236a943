"""
Building HTML: every text is escaped, because the only way to a tag is `tag`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

EMPTY = frozenset({"meta", "link", "input", "br"})


class Html(str):
    """Text that is HTML already. Made by `tag` and `raw` only."""

    __slots__ = ()


Child = str | None | Iterable["Child"]


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """
    An element; `class_` and `for_` are written without their underscore, `data_x` as `data-x`.

    A child is text (escaped), HTML, None (nothing), or several of these.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        word = key.rstrip("_").replace("_", "-")
        parts.append(f" {word}" if value is True else f' {word}="{escape(str(value))}"')
    parts.append(">")
    if name not in EMPTY:
        parts += [inner(children), f"</{name}>"]
    return Html("".join(parts))


def inner(child: Child) -> Html:
    """Children as HTML."""
    if child is None:
        return Html("")
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return Html(escape(child))
    return Html("".join(inner(each) for each in child))


def document(*children: Child, lang: str) -> str:
    """A whole page."""
    return "<!doctype html>\n" + tag("html", *children, lang=lang)
