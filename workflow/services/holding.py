"""
A case held to be recorded on (锁定个案): nobody else records on it until the transaction ends.

All that recording goes by is asked of the database at once, behind the question that holds the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from workflow.rules.errors import NotFound
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_from
from workflow.services.case_files import CaseFile, opened_file
from workflow.services.projecting import Rows
from workflow.store import (
    calendar_days,
    cases,
    chairs,
    data_keys,
    events,
    obligations,
    rungs,
    stays,
)
from workflow.store.reach import Reach
from workflow.store.statements import ask
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Held:
    """
    One case and what else a recording goes by.

    Args:
        used: where the ids of the request stand already, in whatever case.
        days: the calendar of this database, as it is once the case is held.
        rows: what was last projected of the case.
    """

    file: CaseFile
    used: Sequence[Found]
    days: WorkDays
    rows: Rows


def hold(uow: UnitOfWork, case_id: UUID, ids: Sequence[str], reach: Reach | None = None) -> Held:
    """
    Hold a case for a request whose events have these ids.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `key_shredded`: what is about this person can no longer be read.
        Invalid: an event of it cannot be read.
    """
    found, keys, recorded, days, *rows_and_used = ask(
        uow.asker,
        [
            cases.to_write(case_id, reach),
            data_keys.of_case(case_id),
            events.folded_of(case_id),
            calendar_days.say(),
            obligations.seen_of(case_id),
            stays.of(case_id),
            chairs.of(case_id),
            rungs.of(case_id),
            *map(events.with_id, ids),
        ],
        planned_once=True,
    )
    if not found:
        raise NotFound("not_found", what=str(case_id))
    key = data_keys.opened(uow.ring, found[0].person_id, keys)
    owed, way, seats, told, *used = rows_and_used
    rows = Rows(stays={case_id: way}, chairs={case_id: seats}, rungs={case_id: told})
    rows.put_owed(case_id, owed)
    return Held(
        file=opened_file(found[0], key, recorded),
        used=[row for answer in used for row in answer],
        days=work_days_from(days),
        rows=rows,
    )
