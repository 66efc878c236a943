"""
The list of those whose keys were destroyed, kept beside the key ring, so that an older backup brings nobody back.

A backup made before a person was shredded holds their key still, and nothing can
be changed in it. So the ids are written down where a lost database does not take
them along; a restore reads them, and what would make these persons readable is
never written. The list holds ids and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from workflow.rules.errors import Refused
from workflow.services.clock import Instant

ALONE = 0o600
BY = "guitu restore"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShreddedList:
    """
    A file with one id a line; what follows a `#` is a note. Lines are added and never taken away.

    Args:
        settle: has a file or folder written out to the disk before it returns.
    """

    path: Path
    settle: Callable[[Path], None]

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        with self._told():
            return self.path.exists()

    def owners(self) -> frozenset[UUID]:
        """
        Whose keys were destroyed: persons and members of staff.

        Raises:
            Refused: `shredded_list_unreadable`: a line is no id, or the file cannot be read.
        """
        with self._told():
            lines = self.path.read_text("utf-8").splitlines()
        words = [(number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1)]
        return frozenset(self._id(number, word) for number, word in words if word)

    def add(self, owners: Iterable[UUID]) -> None:
        """
        Write some more down; on return it survives a power cut.

        Call it before the shredding is committed: an id too many does no harm, since
        somebody wanted it, and one too few would bring a person back.

        Raises:
            Refused: `shredded_list_unreadable`.
        """
        with self._told():
            self.path.touch(ALONE)
            whole = self.path.read_bytes()
            begin = "" if not whole or whole.endswith(b"\n") else "\n"
            with self.path.open("a", encoding="utf-8") as file:
                file.write(begin + "".join(f"{owner}\n" for owner in owners))
            self.settle(self.path)
            self.settle(self.path.parent)

    def _id(self, number: int, word: str) -> UUID:
        try:
            return UUID(word)
        except ValueError:
            raise Refused("shredded_list_unreadable", file=str(self.path), line=number) from None

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, UnicodeDecodeError) as error:
            name = type(error).__name__
            raise Refused("shredded_list_unreadable", file=str(self.path), error=name) from None


@dataclass(slots=True)
class Withheld:
    """
    What a restore leaves out about those on the list.

    Somebody is shredded only when no case of theirs is open. Where one was open when
    the backup was made it had ended since; when, nobody can know any more. It ends on the
    day of the restore, and what was computed from its events goes: nothing could ever
    be computed or recorded in it again.

    Args:
        keys: how many keys were in the backup and were left out.
        ended: the cases that were ended.
    """

    owners: frozenset[UUID]
    clock: Instant
    keys: int = 0
    ended: set[UUID] = field(default_factory=set)

    def left_of(self, table: str, row: Values) -> Values | None:
        """What of a row is written; None where it is not. Tables come after those that they refer to."""
        match table:
            case "data_keys" if row["owner_id"] in self.owners:
                self.keys += 1
                return None
            case "person_marks" if row["person_id"] in self.owners:
                return None
            case "people" if row["id"] in self.owners and row["profile"] is not None:
                return {**row, "profile": None, "changed_at": self.clock.now, "changed_by": BY}
            case "cases" if row["person_id"] in self.owners and row["ended_on"] is None:
                self.ended.add(row["id"])
                return {**row, "ended_on": self.clock.today, "next_change_on": None}
            case "obligations" | "rungs" | "chairs" | "outlooks" if row["case_id"] in self.ended:
                return None
        return row
