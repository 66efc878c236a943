"""How a page that is written from the code looks: sections and tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflow.rules.events.fields import Means


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading with what stands below it."""
    yield f"## {title}\n"
    yield from lines
    yield ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table; what would end a cell or a line is put so that it does not."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(each) for each in row)} |"


def both(label: Means) -> str:
    """A label in both languages."""
    return f"{label.zh} {label.en}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
