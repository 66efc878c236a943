"""
Foreseeing (预见): a case moved on to a day by its outlook, where all that the day brings was known before.

What is written is what projecting the case would write: the difference between what
is owed within the horizon of the day for which its rows were computed, and of this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from workflow.rules.obligations.owed import Obligation
from workflow.rules.outlook import next_change_within, owed_on
from workflow.rules.pack import Pack
from workflow.rules.telling import Key, Teller, coming
from workflow.rules.workdays import WorkDays
from workflow.services.case_rows import Written, obligation_row, rung_rows
from workflow.services.outlooks import Ahead, basis_of, read
from workflow.services.projecting import Packs
from workflow.store.statements import carry_out
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Foreseen:
    """
    What a case comes to on a day by its outlook.

    Args:
        waiting: the day from which on it waited for that.
        owed: what stands on the day, or will within the horizon.
        known_on: for what was open by then, the day itself if it was seen open for the first time,
            and some day before it otherwise.
    """

    id: UUID
    waiting: date
    teller: Teller
    owed: list[Obligation]
    known_on: dict[Key, date]


def foresee(
    uow: UnitOfWork, rows: Sequence[Found], packs: Packs, calendar: WorkDays, today: date
) -> tuple[list[Foreseen], list[Found], int]:
    """
    Move on by their outlook those cases that can be; gives these back, the others, and how many rows it wrote.

    Args:
        rows: cases whose day has come, as `cases.waiting` gives them.
    """
    written = Written()
    done: list[Foreseen] = []
    others: list[Found] = []
    for row in rows:
        pack = packs(row.policy)
        ahead = _ahead(row, pack, calendar)
        owed = owed_on(ahead.outlook, pack, today) if ahead else None
        if ahead is None or owed is None:
            others.append(row)
        else:
            teller = Teller(pack, calendar, ahead.outlook.team)
            done.append(_moved_on(row, ahead, owed, teller, today))
            _write(written, row, ahead, done[-1], today)
    carry_out(uow.session, written.orders())
    return done, others, written.count


def _ahead(row: Found, pack: Pack, calendar: WorkDays) -> Ahead | None:
    """
    The outlook of a case, where it has one that counts.

    Where it waits for the day of its rows, or an earlier one, somebody recorded on it or put it down to be
    looked at: what was told since may have to be told otherwise, so it is folded.
    """
    since = row.projected_on
    if row.content is None or since is None or row.next_change_on <= since:
        return None
    if row.basis != basis_of(row.chain, row.team, pack, calendar):
        return None
    return read(row.content, pack)


def _moved_on(
    row: Found, ahead: Ahead, owed: list[Obligation], teller: Teller, today: date
) -> Foreseen:
    since, early = row.projected_on, ahead.outlook.early
    known_on = {
        one.key: today if one.opens_on > since and one.key not in early else since
        for one in owed
        if one.opens_on <= today
    }
    return Foreseen(row.id, row.next_change_on, teller, owed, known_on)


def _write(written: Written, row: Found, ahead: Ahead, found: Foreseen, today: date) -> None:
    """What differs: what came within the horizon, what opened, the rungs until the next change, and the days."""
    outlook, pack = ahead.outlook, found.teller.pack
    horizon = row.projected_on + timedelta(days=pack.settings.horizon_days)
    for one, measure in zip(found.owed, ahead.measures, strict=False):
        if one.opens_on > horizon:
            written.added.append(obligation_row(row.id, one, measure, row.office_id))
        known = found.known_on.get(one.key)
        if known == today:
            written.seen.append((row.id, *one.key, today))
    following = next_change_within(outlook, found.owed, pack, today)
    told = coming(found.teller, found.owed, today, following)
    written.rung.append(row.id)
    written.rungs += rung_rows(row.id, told)
    written.dates.append((row.id, today, following, row.ended_on, row.team_since))
