"""A content in words: a title that a lock screen may show, and a body of counts and case codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from notifications.content import Content, Part
from notifications.words.phrases import OWNERS, PHRASES
from workflow.rules.sentences import Language
from workflow.rules.sentences.labels import in_words


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: the title is one line, the body several."""

    title: str
    body: str


def rendered(content: Content, *, counts_only: bool, link: str | None) -> Rendered:
    """
    A content in its recipient's language; the same content gives the same words.

    Args:
        counts_only: that others may see it (a group, a lock screen): counts, and no case code.
        link: where the app is, if anybody said so; the words of the last line without one.
    """
    say = _Say(content.language)
    lines = list(_lines(content, say, counts_only=counts_only))
    lines.append(say("look_at", link=link) if link else say("look"))
    return Rendered(_title(content, say), "\n".join(lines))


def rendered_inside(content: Content, language: Language) -> Rendered:
    """The same within the program, in the language of whoever reads it there; it leads nowhere else."""
    say = _Say(language)
    return Rendered(_title(content, say), "\n".join(_lines(content, say, counts_only=False)))


@dataclass(frozen=True, slots=True)
class _Say:
    """The phrases in one language."""

    language: Language

    def __call__(self, phrase: str, **values: object) -> str:
        return in_words(PHRASES[phrase], self.language).format(**values)

    def owner(self, role: str) -> str:
        return in_words(OWNERS.get(role, OWNERS["other"]), self.language)


def _title(content: Content, say: _Say) -> str:
    if content.sort == "alarm":
        return say("alarm")
    leads = content.leading and content.sort in ("digest", "later")
    title = say(f"leading_{content.sort}" if leads else content.sort, count=content.count)
    if content.sort == "at_once":
        return title
    pressing = [
        say(f"of_{group}", count=count)
        for group in ("statutory", "overdue")
        if (count := content.counted(group))
    ]
    return title + say("title_parts", parts=say("between").join(pressing)) if pressing else title


def _lines(content: Content, say: _Say, *, counts_only: bool) -> Iterator[str]:
    yield say("day", day=content.for_day.isoformat())
    for part in content.parts:
        yield _line(part, say)
        if not counts_only:
            yield from _codes(part, say)
    if content.deputed:
        yield say("deputed", count=content.deputed)
    if content.gaps:
        missing = [say(gap.because, count=gap.count) for gap in content.gaps]
        yield say("gaps", parts=say("between").join(missing))


def _line(part: Part, say: _Say) -> str:
    group = say(part.pressing)
    if part.owner is None:
        return say("line", group=group, count=part.count)
    owner = say.owner(part.owner)
    if part.age is None:
        return say("owner_line", group=group, owner=owner, count=part.count)
    return say("age_line", group=group, owner=owner, age=say(part.age), count=part.count)


def _codes(part: Part, say: _Say) -> Iterator[str]:
    if part.codes:
        yield say("codes", codes=say("between").join(part.codes))
    if rest := part.cases - len(part.codes):
        yield say("more", count=rest)
