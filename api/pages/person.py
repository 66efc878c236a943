"""One person's page: the way, terms and counters, the team, what is owed with why, who was told, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.pages.frame import day, link
from api.pages.markup import Html, tag
from api.pages.words import Words
from workflow.services.viewing import CaseView
from workflow.services.views import EventView, NoticeView, ObligationView

NOTICE_DAYS = 10
NOW = ("due_today", "open", "upcoming", "held")


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is overdue of one kind and owner: the newest of several windows, and how many older ones there are."""

    newest: ObligationView
    older: int


def person_page(view: CaseView, words: Words) -> list[Html]:
    """The parts of the page."""
    return [
        tag("p", tag("a", f"← {words('back')}", href=link("/desk", words)), class_="back"),
        tag(
            "h1",
            view.name or words("unnamed"),
            tag(
                "span", words.stage(view.stage), class_="stage ended" if view.ended_on else "stage"
            ),
        ),
        tag(
            "div",
            tag("div", _owed(view, words), class_="wide"),
            tag("div", *_aside(view, words)),
            class_="columns",
        ),
        _notices(view.notices, words),
        _timeline(view.events, words),
    ]


def _aside(view: CaseView, words: Words) -> list[Html]:
    return [_way(view, words), _dates(view, words), _team(view, words)]


def _way(view: CaseView, words: Words) -> Html:
    steps = [
        tag(
            "li",
            day(each.on),
            tag("span", words.stage(each.stage)),
            aria_current="step" if each is view.stages[-1] else None,
        )
        for each in view.stages
    ]
    return tag("section", tag("h2", words("way")), tag("ol", *steps, class_="way"), class_="card")


def _dates(view: CaseView, words: Words) -> Html:
    rows: list[tuple[str, list[str | Html]]] = [
        (words.stage(term.measure), [f"{term.starts_on} – {term.ends_on}"]) for term in view.terms
    ]
    ends = words("barred") if view.exit_barred else str(view.exit_on or words("none_yet"))
    rows.append((words("exit"), [ends, words("projected") if view.exit_projected else ""]))
    rows += [(words(name), [str(count)]) for name, count in view.counters.items()]
    rows.append((words("pack"), [view.policy]))
    lines = [tag("div", tag("dt", name), tag("dd", *values)) for name, values in rows]
    return tag("section", tag("h2", words("dates")), tag("dl", *lines), class_="card")


def _team(view: CaseView, words: Words) -> Html:
    team = view.team
    chairs = [
        tag(
            "li",
            words.role(each.role),
            tag("small", _knows(each.helper, each.acknowledged_on is not None, words)),
        )
        for each in team.chairs
    ]
    empty = [
        tag("li", words.role(role), tag("small", words("empty_chair"), class_="bad"))
        for role in team.empty
    ]
    listed = (
        tag("ul", *chairs, *empty, class_="team")
        if chairs or empty
        else tag("p", words("none_yet"), class_="quiet")
    )
    return tag("section", tag("h2", words("team")), listed, class_="card")


def _knows(helper: str, acknowledged: bool, words: Words) -> str:
    if helper == "standing":
        return words("standing")
    return f"{helper} · {words('acknowledged' if acknowledged else 'not_acknowledged')}"


def _owed(view: CaseView, words: Words) -> Html:
    parts: list[Html] = [tag("h2", words("owed"))]
    late = newest_overdue(view.obligations)
    if late:
        items = [_item(each.newest, words, older=each.older) for each in late]
        parts.append(tag("h3", words.state("overdue"), class_="bad"))
        parts.append(tag("ul", *items, class_="owed"))
    for state in NOW:
        here = [one for one in view.obligations if one.state == state]
        if here:
            parts.append(tag("h3", words.state(state)))
            parts.append(tag("ul", *(_item(one, words) for one in here), class_="owed"))
    done = [one for one in view.obligations if one.state not in (*NOW, "overdue")]
    if done:
        lines = [_done(one, words) for one in reversed(done)]
        summary = tag("summary", words("done", n=len(done)))
        parts.append(tag("details", summary, tag("ul", *lines, class_="owed")))
    if len(parts) == 1:
        parts.append(tag("p", words("nothing_next"), class_="quiet"))
    return tag("section", *parts, class_="card")


def _item(one: ObligationView, words: Words, older: int = 0) -> Html:
    late = one.state == "overdue"
    when = (
        words("opens", day=one.opens_on)
        if one.state == "upcoming"
        else words("due", day=one.due_on)
    )
    told = tag("small", words("told", role=words.role(one.told))) if one.told != one.owner else None
    why = one.why.zh if words.language == "zh" else one.why.en
    because = one.told_because.zh if words.language == "zh" else one.told_because.en
    return tag(
        "li",
        tag("span", _label(one, words), tag("code", one.occurrence), class_="what"),
        tag("span", words.role(one.owner), class_="who"),
        tag("small", when, class_="bad" if late else None),
        tag("small", words("and_older", n=older), class_="bad") if older else None,
        told,
        tag(
            "details",
            tag("summary", words("why")),
            tag("p", why),
            tag("p", because),
            tag("p", f"{words(one.basis)} · {one.source}", class_="quiet"),
        ),
    )


def _label(one: ObligationView, words: Words) -> str:
    return one.label.zh if words.language == "zh" else one.label.en


def _done(one: ObligationView, words: Words) -> Html:
    when = one.closed_on or one.due_on
    return tag(
        "li",
        tag("span", _label(one, words), tag("code", one.occurrence), class_="what"),
        tag("span", words.state(one.state), class_="who"),
        tag("small", str(when)),
    )


def _notices(notices: Sequence[NoticeView], words: Words) -> Html:
    head = tag("h2", words("notices"))
    if not notices:
        return tag("section", head, tag("p", words("no_notices"), class_="quiet"), class_="card")
    days = [(on, list(found)) for on, found in groupby(notices, key=lambda n: n.on)]
    days.reverse()
    shown = [_told_on(found, words) for _, found in days[:NOTICE_DAYS]]
    earlier = days[NOTICE_DAYS:]
    more = None
    if earlier:
        count = sum(len(found) for _, found in earlier)
        lines = [_told_on(found, words) for _, found in earlier[:200]]
        more = tag(
            "details", tag("summary", words("earlier", n=count)), tag("ul", *lines, class_="told")
        )
    return tag("section", head, tag("ul", *shown, class_="told"), more, class_="card")


def _told_on(found: Sequence[NoticeView], words: Words) -> Html:
    parts: list[Html] = [day(found[0].on)]
    for role in dict.fromkeys(n.to for n in found):
        kinds = [f"{words.kind(n.kind)} ({_rung(n, words)})" for n in found if n.to == role]
        parts.append(
            tag(
                "span",
                tag("b", words.role(role)),
                " ",
                "、".join(kinds) if words.language == "zh" else ", ".join(kinds),
            )
        )
    return tag("li", *parts)


def _rung(notice: NoticeView, words: Words) -> str:
    return words(notice.rung) if notice.rung in ("opening", "at_once") else notice.rung


def _timeline(events: Sequence[EventView], words: Words) -> Html:
    lines = [_event(event, words) for event in reversed(events)]
    return tag(
        "section", tag("h2", words("timeline")), tag("ul", *lines, class_="told"), class_="card"
    )


def _event(event: EventView, words: Words) -> Html:
    marks = [
        words("derived") if event.id is None else None,
        words("voided") if event.voided else None,
        words("out") if event.out_of_stage else None,
        words("late_entry", day=event.recorded_on) if event.entered_late else None,
    ]
    label = event.label.zh if words.language == "zh" else event.label.en
    return tag(
        "li",
        day(event.on),
        tag(
            "span",
            tag("s", label) if event.voided else label,
            *(tag("small", mark) for mark in marks if mark),
        ),
    )


def newest_overdue(owed: Iterable[ObligationView]) -> list[Overdue]:
    """What is overdue, the longest first; of several windows of one kind only the newest."""
    found: dict[tuple[str, str], Overdue] = {}
    for one in sorted((o for o in owed if o.state == "overdue"), key=lambda o: o.due_on):
        key = (one.kind, "" if "/w" in one.occurrence else one.occurrence)
        found[key] = Overdue(one, found[key].older + 1 if key in found else 0)
    return sorted(found.values(), key=lambda each: each.newest.due_on)
