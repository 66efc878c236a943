"""
What a verification finds wrong: each row by its table and key, never by what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from workflow.rules.errors import GuituError

Fault = Literal[
    "missing",
    "surplus",
    "mutated",
    "chain_broken",
    "unreadable",
    "orphaned",
    "implausible",
]
"""
What can be wrong with a row.

`missing`: it should be there. `surplus`: it should not. `mutated`: the columns named are not what they
should be. `chain_broken`: the first event from which on the chain of a case does not hold.
`unreadable`: it does not open, or is no row of ours. `orphaned`: what it belongs to is not there.
`implausible`: a fact that cannot have come about so.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is wrong.

    Args:
        key: the primary key, column by column; what is secret or blind of it is left out.
        columns: which columns, where it is about some of them.
        because: the code of the error with which a row did not open.
    """

    fault: Fault
    table: str
    key: Mapping[str, str]
    columns: tuple[str, ...] = ()
    because: str = ""


@dataclass(slots=True)
class Findings:
    """What was found so far: all of it counted, and the first of it kept, so that memory has a bound."""

    most: int
    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(
        self, fault: Fault, table: str, key: Mapping[str, object], *columns: str, because: str = ""
    ) -> None:
        """Note one thing down."""
        self.count += 1
        if len(self.kept) < self.most:
            shown = {name: str(value) for name, value in key.items()}
            self.kept.append(Finding(fault, table, shown, columns, because))

    def take(self, others: Findings) -> None:
        """Note down what was noted elsewhere."""
        self.count += others.count
        self.kept += others.kept[: max(0, self.most - len(self.kept))]

    def of_case(self, fault: Fault, case_id: UUID, *columns: str, because: str = "") -> None:
        """Note down what is wrong with the row of a case itself."""
        self.add(fault, "cases", {"id": case_id}, *columns, because=because)


DAMAGED = (GuituError, ValueError, TypeError, KeyError, AttributeError)
"""What opening or reading a row raises that somebody changed."""


def code_of(error: Exception) -> str:
    """The code of an error, or its type: never its text, which may hold what somebody wrote."""
    return error.code if isinstance(error, GuituError) else type(error).__name__
