"""
What is wrong with a file that people write: the same shape for packs and for the calendar.

A problem has a code for programs and two sentences for people, and says where
it is and what would be right. A file is read to its end, so that its author
sees every problem at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which file, at which key (dotted; empty for the whole file), and what would be right."""

    code: str
    file: str
    key: str
    zh: str
    en: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.en} / {self.zh}"


class FileRefused(Exception):
    """A file that cannot be used, with everything that is wrong with it; `code`, `key` and the rest are the first's."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code

    @property
    def file(self) -> str:
        """The file of the first problem."""
        return self.problems[0].file

    @property
    def key(self) -> str:
        """The key of the first problem."""
        return self.problems[0].key

    @property
    def zh(self) -> str:
        """What is wrong, in Chinese."""
        return self.problems[0].zh

    @property
    def en(self) -> str:
        """What is wrong, in English."""
        return self.problems[0].en


class Report:
    """Collects the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, code: str, key: str, zh: str, en: str) -> None:
        """Writes down one problem; the same code at the same key is written once."""
        if not any(problem.code == code and problem.key == key for problem in self.problems):
            self.problems.append(Problem(code, self.file, key, zh, en))

    def touches(self, *tables: str) -> bool:
        """Whether anything is already wrong in one of these tables, so that a further check would only confuse."""
        return any(
            problem.key == table or problem.key.startswith(f"{table}.")
            for problem in self.problems
            for table in tables
        )
