"""The supervisor's desk as a page: what is overdue, who owns it, what was tried, and where somebody is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from api.pages.alarms import alarms_card
from api.pages.frame import link
from api.pages.markup import Child, Html, tag
from api.pages.missing import missing_cards
from api.pages.words import Words
from workflow.services.clock import ZONE
from workflow.services.desks import Desk, Gap, Gaps, LastRun, Late, Owner
from workflow.services.run_reports import Alarm

FEW = 8
"""Gaps that are shown at once; the others are behind a fold."""


def desk_page(found: Desk, today: date, words: Words, wrong: Sequence[Alarm] = ()) -> list[Html]:
    """The parts of the page; `wrong` is what is wrong with the runs, for those who may know."""
    return [
        tag("h1", words("desk")),
        _sums(found, words),
        tag(
            "div",
            tag("div", _owners(found.owners, words), _late(found, today, words), class_="wide"),
            tag(
                "div",
                alarms_card(wrong, words),
                *_gaps(found, words),
                *missing_cards(found.missing, words),
                _run(found.last_run, today, words),
            ),
            class_="columns",
        ),
    ]


def _sums(found: Desk, words: Words) -> Html:
    """What matters in one line; each leads to its list."""
    tiles = (
        ("overdue", found.overdue, "#late"),
        ("due_today", found.due_today, "#owners"),
        ("empty_chairs", found.empty.total, "#empty"),
        ("unaware", found.unaware.total, "#unaware"),
        ("unreceived", found.unreceived.total, "#unreceived"),
        ("stepless", found.stepless.total, "#stepless"),
    )
    shown = [
        tag(
            "li",
            tag(
                "a",
                tag("b", str(count), class_="bad" if count and key != "due_today" else None),
                tag("span", words(key)),
                href=where,
            ),
        )
        for key, count, where in tiles
    ]
    cases = tag("p", words("in_care", n=found.open_cases), class_="quiet")
    return tag("div", tag("ul", *shown, class_="tiles"), cases)


# ------------------------------------------------------------------ who owns what


def _owners(owners: Sequence[Owner], words: Words) -> Html:
    late = [one for one in owners if one.overdue or one.today]
    head = tag("h2", words("by_owner"))
    if not late:
        return tag("section", head, tag("p", words("nothing_overdue")), class_="card", id="owners")
    columns = ("owner", "late_3", "late_7", "late_30", "late_more", "due_today")
    titles = [
        tag("th", words(key), scope="col", class_=None if key == "owner" else "number")
        for key in columns
    ]
    rows = [_owner(one, columns, words) for one in late]
    table = tag("table", tag("thead", tag("tr", *titles)), tag("tbody", *rows), class_="owners")
    return tag("section", head, table, class_="card", id="owners")


def _owner(one: Owner, columns: Sequence[str], words: Words) -> Html:
    who = one.name or one.helper or words.role(one.role)
    about = [words.role(one.role)] if who != words.role(one.role) else []
    about += [one.office] if one.office else []
    because = None if one.because in ("chair", "office", "before_order") else words(one.because)
    cells = [
        tag(
            "td",
            str(count) if count else tag("span", "·", class_="quiet"),
            class_="number bad" if count and key.startswith("late") else "number",
            data_label=words(key),
        )
        for key, count in zip(columns[1:], (*one.late, one.today), strict=True)
    ]
    name = tag(
        "th",
        who,
        tag("small", " · ".join(about)) if about else None,
        tag("small", because, class_="bad") if because else None,
        scope="row",
    )
    return tag("tr", name, *cells)


def _late(found: Desk, today: date, words: Words) -> Html:
    head = tag("h2", words("whats_overdue"))
    if not found.late:
        return tag("section", head, tag("p", words("nothing_overdue")), class_="card", id="late")
    items = [_late_item(one, today, words) for one in found.late]
    rest = found.overdue - len(found.late)
    more = tag("p", words("and_more", n=rest), class_="quiet") if rest > 0 else None
    return tag("section", head, tag("ul", *items, class_="late"), more, class_="card", id="late")


def _late_item(one: Late, today: date, words: Words) -> Html:
    item = one.item
    days = (today - item.due_on).days
    told = (
        words("last_told", day=one.told_on, role=words.role(one.told_to or ""))
        if one.told_on
        else words("told_nobody")
    )
    return tag(
        "li",
        tag(
            "span",
            _person(item.case_id, item.name, words),
            " ",
            words.kind(item.kind),
            class_="what",
        ),
        tag("span", words.role(item.owner), class_="who"),
        tag(
            "small", words("days_late", n=days), " · ", words("due", day=item.due_on), class_="bad"
        ),
        tag("small", told),
    )


# ------------------------------------------------------------------ gaps


def _gaps(found: Desk, words: Words) -> list[Html]:
    def empty(one: Gap) -> list[Child]:
        return [words.role(one.role or ""), f" · {one.office}" if one.office else ""]

    def unaware(one: Gap) -> list[Child]:
        return [f"{one.helper} · {words.role(one.role or '')} · ", words("due", day=one.since)]

    def unreceived(one: Gap) -> list[Child]:
        return [one.office or "", " · ", words("since", day=one.since)]

    def stepless(one: Gap) -> list[Child]:
        return [words("since", day=one.since)]

    kinds: tuple[tuple[str, Gaps, Callable[[Gap], list[Child]]], ...] = (
        ("empty_chairs", found.empty, empty),
        ("unaware", found.unaware, unaware),
        ("unreceived", found.unreceived, unreceived),
        ("stepless", found.stepless, stepless),
    )
    return [_gap_card(key, gaps, about, words) for key, gaps, about in kinds]


def _gap_card(key: str, gaps: Gaps, about: Callable[[Gap], list[Child]], words: Words) -> Html:
    head = tag("h2", words(key), tag("span", str(gaps.total), class_="count"))
    if not gaps.total:
        return tag(
            "section",
            head,
            tag("p", words(f"no_{key}"), class_="quiet"),
            class_="card",
            id=key.partition("_")[0],
        )
    items = [
        tag("li", _person(one.case_id, one.person, words), tag("small", *about(one)))
        for one in gaps.first
    ]
    parts: list[Child] = [tag("ul", *items[:FEW], class_="gaps")]
    if items[FEW:]:
        title = tag("summary", words("and_more", n=gaps.total - FEW))
        parts.append(tag("details", title, tag("ul", *items[FEW:], class_="gaps")))
    return tag("section", head, *parts, class_="card", id=key.partition("_")[0])


def _run(run: LastRun | None, today: date, words: Words) -> Html:
    """That the calendar was looked at: a run that is missing is the alarm."""
    head = tag("h2", words("last_run"))
    if run is None:
        return tag("section", head, tag("p", words("no_run"), class_="quiet"), class_="card")
    if run.ended_at is None:
        said = tag("p", words("run_unfinished", day=run.for_day), class_="bad")
    else:
        at = run.ended_at.astimezone(ZONE).strftime("%H:%M")
        said = tag("p", words("run_ended", day=run.for_day, at=at))
    missed = (today - run.for_day).days > 1
    late = tag("p", words("run_missed"), class_="bad") if missed else None
    failed = tag("p", words("run_failed", n=run.failures), class_="bad") if run.failures else None
    return tag("section", head, said, late, failed, class_="card")


def _person(case_id: UUID, name: str | None, words: Words) -> Html:
    return tag("a", name or words("unnamed"), href=link(f"/people/{case_id}", words))
