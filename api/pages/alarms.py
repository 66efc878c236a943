"""What is wrong with the runs and the messages, as a card on the county's desk; nothing where all is well."""

from __future__ import annotations

from collections.abc import Sequence

from api.pages.markup import Html, tag
from api.pages.words import Words
from workflow.services.run_reports import MEANINGS, Alarm


def alarms_card(found: Sequence[Alarm], words: Words) -> Html | None:
    """Each alarm with its day and, where it counts something, how many."""
    if not found:
        return None
    head = tag("h2", words("alarms"), tag("span", str(len(found)), class_="count"))
    items = [
        tag(
            "li",
            tag("span", words.of(MEANINGS, one.what), class_="bad"),
            tag("small", f"{one.for_day} · {one.count}"),
        )
        for one in found
    ]
    return tag("section", head, tag("ul", *items, class_="gaps"), class_="card", id="alarms")
