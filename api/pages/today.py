"""The list of one person at work: what is theirs today, the most pressing first, and the dates between which to do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.pages.frame import link
from api.pages.markup import Html, tag
from api.pages.words import Words
from workflow.services.worklists import WorkItem

GROUPS = (
    ("late_ones", ("overdue",)),
    ("now_ones", ("due_today",)),
    ("open_ones", ("open",)),
    ("soon_ones", ("upcoming",)),
)


def today_page(
    items: Sequence[WorkItem], today: date, words: Words, *, linked: bool, own: bool
) -> list[Html]:
    """
    The parts of the page.

    Args:
        linked: whether names lead to the person's page, which not everybody may see.
        own: whether all of it is the reader's own, so that nobody needs to be told whose it is.
    """
    parts = [tag("h1", words("mine"))]
    if not items:
        return [*parts, tag("p", words("nothing_to_do"), class_="quiet")]
    for key, states in GROUPS:
        group = [one for one in items if one.state in states]
        if group:
            rows = [_item(one, today, words, linked=linked, own=own) for one in group]
            head = tag("h2", words(key), tag("span", str(len(group)), class_="count"))
            parts.append(tag("section", head, tag("ul", *rows, class_="owed"), class_="card"))
    return parts


def _item(one: WorkItem, today: date, words: Words, *, linked: bool, own: bool) -> Html:
    name = one.name or words("unnamed")
    who = tag("a", name, href=link(f"/people/{one.case_id}", words)) if linked else tag("b", name)
    late = one.state == "overdue"
    when = words("between", first=one.opens_on, last=one.due_on)
    if late:
        when = f"{words('days_late', n=(today - one.due_on).days)} · {words('due', day=one.due_on)}"
    return tag(
        "li",
        tag("span", who, " ", words.kind(one.kind), class_="what"),
        None if own else tag("span", words.role(one.owner), class_="who"),
        tag("small", when, class_="bad" if late else None),
    )
