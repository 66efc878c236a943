"""How far a long command is and how long it will take, on the error stream of whoever sits there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Passed = Callable[[int, int], None]


@contextmanager
def progress(words: str) -> Iterator[Passed]:
    """Gives what is to be told how many of how many are done; nothing is left on the screen at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        bar = shown.add_task(words, total=None)

        def passed(done: int, total: int) -> None:
            shown.update(bar, completed=done, total=total)

        yield passed
