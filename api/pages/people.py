"""The page of all people: who is where, what comes next, what is overdue and who owns it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.pages.frame import day, link
from api.pages.markup import Html, tag
from api.pages.words import Words
from workflow.services.viewing import CaseView, OverviewRow
from workflow.services.views import ObligationView, StepView


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is overdue of one kind and owner: the newest of several windows, and how many older ones there are."""

    newest: ObligationView
    older: int


def people_page(
    rows: Sequence[OverviewRow], late: Sequence[CaseView], today: date, words: Words
) -> list[Html]:
    """The parts of the page; `late` are the cases with something overdue."""
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
        tag("h2", words("whats_overdue")),
        _all_overdue(late, today, words),
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


def _all_overdue(late: Sequence[CaseView], today: date, words: Words) -> Html:
    if not late:
        return tag("p", words("nothing_overdue"), class_="quiet")
    return tag("div", *(_card(view, today, words) for view in late), class_="cards")


def _card(view: CaseView, today: date, words: Words) -> Html:
    items = [
        tag(
            "li",
            tag("span", words.kind(each.newest.kind), class_="what"),
            tag("span", words.role(each.newest.owner), class_="who"),
            _told(each.newest, words),
            tag(
                "small",
                words("due", day=each.newest.due_on),
                " · ",
                words("days_late", n=(today - each.newest.due_on).days),
                class_="bad",
            ),
            tag("small", words("and_older", n=each.older)) if each.older else None,
        )
        for each in newest_overdue(view.obligations)
    ]
    name = tag("a", view.name or words("unnamed"), href=person_link(view.id, words))
    head = tag("h3", name, tag("small", words.stage(view.stage)))
    return tag("section", head, tag("ul", *items, class_="late"), class_="card")


def _told(one: ObligationView, words: Words) -> Html | None:
    return tag("small", words("told", role=words.role(one.told))) if one.told != one.owner else None


def newest_overdue(owed: Iterable[ObligationView]) -> list[Overdue]:
    """What is overdue, the longest first; of several windows of one kind only the newest."""
    found: dict[tuple[str, str], Overdue] = {}
    for one in sorted((o for o in owed if o.state == "overdue"), key=lambda o: o.due_on):
        key = (one.kind, "" if "/w" in one.occurrence else one.occurrence)
        found[key] = Overdue(one, found[key].older + 1 if key in found else 0)
    return sorted(found.values(), key=lambda each: each.newest.due_on)


__all__ = ["day", "newest_overdue", "people_page", "person_link"]
