"""What a run came to: of any sort, and of telling people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Toll:
    """
    What any run came to.

    Args:
        kills, of_server: kills in all, and those of the database's server.
        midst: the jobs or steps that were under way when a kill came, by name.
        faults: what is wrong, line by line; nothing where all is well.
    """

    kind: str
    kills: int = 0
    of_server: int = 0
    midst: Counter[str] = field(default_factory=Counter)
    days: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.doubled or self.faults)


@dataclass
class Heard(Toll):
    """
    What a run of telling people came to.

    Args:
        notices, entries: what was told, and the entries of all inboxes.
        posts, again: messages that arrived beyond the program, and how often one of them arrived once more.
        unended, unheard: runs and attempts that a kill ended.
    """

    notices: int = 0
    entries: int = 0
    posts: int = 0
    again: int = 0
    unended: int = 0
    unheard: int = 0
