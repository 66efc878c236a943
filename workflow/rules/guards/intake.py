"""What forbids registering, voluntary treatment and the ends of a case."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import EntryVoided, UseNotFound
from workflow.rules.guards.approval import need_approval
from workflow.rules.history import Recorded


def use_not_found(case: Case, rec: Recorded, event: UseNotFound) -> None:
    """No positive result may stand: each was cleared by a further test or dismissed."""
    standing = [
        test.id for test in case.tests.values() if test.unresolved() or test.any_confirmed()
    ]
    if standing:
        raise Refused("positive_stands", tests=standing)


def entry_voided(case: Case, rec: Recorded, event: EntryVoided) -> None:
    """A case entered by mistake is closed only with a supervisor's approval (CP-06)."""
    need_approval(rec)


GUARDS: dict[str, Callable[..., None]] = {
    "use_not_found": use_not_found,
    "entry_voided": entry_voided,
}
