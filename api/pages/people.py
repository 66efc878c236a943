"""The page of all people: who is where, what comes next, and how much is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from api.pages.frame import link
from api.pages.markup import Html, tag
from api.pages.words import Words
from workflow.services.views import OverviewRow, StepView


def people_page(rows: Sequence[OverviewRow], words: Words) -> list[Html]:
    """The parts of the page."""
    open_ones = [row for row in rows if row.ended_on is None]
    overdue = sum(row.overdue for row in rows)
    return [
        tag("h1", words("people")),
        tag(
            "p",
            tag("span", words("in_care", n=len(open_ones))),
            tag("span", words("overdue_sum", n=overdue), class_="bad" if overdue else None),
            tag("span", words("ended_sum", n=len(rows) - len(open_ones))),
            class_="sums",
        ),
        _list(rows, words),
    ]


def _list(rows: Sequence[OverviewRow], words: Words) -> Html:
    if not rows:
        return tag("p", words("no_people"), class_="quiet")
    head = tag(
        "thead",
        tag(
            "tr",
            *(tag("th", words(key), scope="col") for key in ("person", "stage", "next", "overdue")),
        ),
    )
    ordered = sorted(rows, key=lambda row: (row.ended_on is not None, -row.overdue, row.opened_on))
    return tag("table", head, tag("tbody", *(_row(row, words) for row in ordered)), class_="people")


def _row(row: OverviewRow, words: Words) -> Html:
    ended = row.ended_on is not None
    return tag(
        "tr",
        tag(
            "th",
            tag("a", row.name or words("unnamed"), href=person_link(row.case_id, words)),
            scope="row",
        ),
        tag(
            "td",
            tag("span", words.stage(row.stage), class_="stage ended" if ended else "stage"),
            tag("small", words("since", day=row.since)),
        ),
        tag("td", _step(row.next_step, words), data_label=words("next")),
        tag("td", _count(row.overdue, words), class_="number", data_label=words("overdue")),
        class_="ended" if ended else None,
    )


def _count(overdue: int, words: Words) -> Html:
    if not overdue:
        return tag("span", "0", class_="quiet")
    return tag("span", str(overdue), class_="badge", title=words("overdue_sum", n=overdue))


def _step(step: StepView | None, words: Words) -> list[Html]:
    if step is None:
        return [tag("span", words("nothing_next"), class_="quiet")]
    late = step.state == "overdue"
    when = (
        words("opens", day=step.opens_on)
        if step.state == "upcoming"
        else words("due", day=step.due_on)
    )
    return [
        tag("span", words.kind(step.kind)),
        tag("small", when, class_="bad" if late else None),
        tag("small", f"{words('owner')} {words.role(step.owner)}"),
    ]


def person_link(case_id: UUID, words: Words) -> str:
    """Where one person's page is."""
    return link(f"/people/{case_id}", words)
