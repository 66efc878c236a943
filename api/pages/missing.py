"""Who is missing, as cards on the supervisor's desk: today, and in the days to come while something falls due."""

from __future__ import annotations

from collections.abc import Sequence

from api.pages.frame import link
from api.pages.markup import Child, Html, tag
from api.pages.words import Words
from workflow.services.gaps import AHEAD, KINDS, TODAY, GapsFound, Kind, Missing


def missing_cards(found: GapsFound, words: Words) -> list[Html]:
    """One card for today, one for what is to come."""
    return [_card("missing", TODAY, found, words), _card("ahead", AHEAD, found, words)]


def _card(key: str, kinds: Sequence[Kind], found: GapsFound, words: Words) -> Html:
    lists = [found.of(kind) for kind in kinds]
    total = sum(each.total for each in lists)
    head = tag("h2", words(key), tag("span", str(total), class_="count"))
    if not total:
        empty = tag("p", words(f"no_{key}"), class_="quiet")
        return tag("section", head, empty, class_="card", id=key)
    items = [_line(one, words) for each in lists for one in each.first]
    parts: list[Child] = [tag("ul", *items, class_="gaps")]
    if total > len(items):
        parts.append(tag("p", words("and_more", n=total - len(items)), class_="quiet"))
    return tag("section", head, *parts, class_="card", id=key)


def _line(one: Missing, words: Words) -> Html:
    facts = [words.of(KINDS, one.kind)]
    facts += [words.role(one.role)] if one.role else []
    facts += [words("since", day=one.since)] if one.since else []
    facts += [words("until", day=one.until)] if one.until else []
    facts += [words("of_cases", n=one.cases)] if one.case_id is None else []
    facts += [words("falls_due", n=one.due)] if one.due else []
    return tag("li", _who(one, words), tag("small", " · ".join(facts)))


def _who(one: Missing, words: Words) -> Child:
    if one.case_id is not None:
        what = words.kind(one.what) if one.what else words("unnamed")
        return tag("a", what, href=link(f"/people/{one.case_id}", words))
    return one.name or one.helper or one.office or words("unnamed")
