"""
Restoring (恢复): putting a backup into an empty database, all of it or none.

The rows go in within one transaction and are read out again before it is
committed: what the database then holds is what the backup holds, row by row. Who
was shredded since the backup was made stays shredded, if the list of them is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from uuid import UUID

from workflow.rules.errors import Refused
from workflow.services.backup_files import FrameReader, Head, TableLines, reading
from workflow.services.backups import Passed, Progress, contents, weight, weight_of
from workflow.services.clock import Instant
from workflow.services.modes import Mode, check_mode
from workflow.services.rotating import confirm_ring
from workflow.services.shredded_lists import Withheld
from workflow.store import dumping, key_checks, raw_rows
from workflow.store.dumping import TEXTS, Filling, Tally, Values
from workflow.store.sealed_files import SealedFiles
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Restored:
    """
    What was put back.

    Args:
        files: attachments written to the disk.
        withheld: persons and members of staff whose keys were in the backup and were left out.
        ended: the cases of theirs that were open then, and were ended.
    """

    head: Head
    rows: int
    files: int
    withheld: int
    ended: tuple[UUID, ...]


def restore(
    uow: UnitOfWork,
    path: Path,
    *,
    clock: Instant,
    files: SealedFiles | None = None,
    shredded: frozenset[UUID] = frozenset(),
    passed: Passed | None = None,
) -> Restored:
    """
    Put a backup into a database that was migrated and holds nothing yet.

    Where it is stopped or refuses, the database is as it was; of the attachments
    on a disk some may lie there then, which no row speaks of.

    Args:
        files: where attachments go that lay on a disk.
        shredded: who stays unreadable, whatever the backup holds.
        passed: told how far it is, and of how much.

    Raises:
        Refused: what `backup_files.reading` refuses, at any moment until its end;
            `backup_of_other_schema`; `database_not_empty`; `demo_database` or `office_database`: it
            is for the other purpose; `attachments_folder_needed`; `rows_not_kept`: the database does
            not hold what was written to it; `key_ring_wrong`: the ring opens the file, and not all
            that is in it.
    """
    with reading(path, uow.ring) as reader:
        _check(uow, reader, files)
        run = _Run(uow, files, Withheld(shredded, clock), Progress(2 * weight(reader.head), passed))
        dumping.drop_stamps(uow.session)
        _put_back(run, reader)
    _compare(run)
    confirm_ring(uow)
    rows = sum(each.rows for each in run.kept.values())
    ended = tuple(sorted(run.withheld.ended))
    return Restored(reader.head, rows, run.files_put, run.withheld.keys, ended)


@dataclass(slots=True)
class _Run:
    """A restore under way, and the tally of what it has written."""

    uow: UnitOfWork
    files: SealedFiles | None
    withheld: Withheld
    progress: Progress
    kept: dict[str, Tally] = field(default_factory=dumping.no_rows)
    files_put: int = 0


def _check(uow: UnitOfWork, reader: FrameReader, files: SealedFiles | None) -> None:
    """Whether the backup may go into this database; of two restores at once the second waits here."""
    head = reader.head
    key_checks.hold(uow.session)
    ours = dumping.schema_of(uow.session)
    if head.schema != ours:
        raise Refused("backup_of_other_schema", version=head.version, theirs=head.schema, ours=ours)
    if head.mode is not None:
        check_mode(uow, cast(Mode, head.mode))
    if (table := dumping.holding_rows(uow.session)) is not None:
        raise Refused("database_not_empty", table=table)
    if head.files and files is None:
        raise Refused("attachments_folder_needed", count=head.files)


def _put_back(run: _Run, reader: FrameReader) -> None:
    filling: Filling | None = None
    for each in contents(reader):
        if isinstance(each, TableLines):
            if filling is None or filling.table.name != each.table:
                if filling is not None:
                    filling.close()
                filling = Filling(run.uow.session, raw_rows.TABLES[each.table])
            filling.add(_left_of(run, each))
        else:
            assert run.files is not None
            run.files.put(each.attachment_id, each.digest, each.body)
            run.files_put += 1
        run.progress.add(weight_of(each))
    if filling is not None:
        filling.close()


def _left_of(run: _Run, found: TableLines) -> list[Values]:
    """The rows that are written, each counted as what it is then."""
    text, tally = TEXTS[found.table], run.kept[found.table]
    rows: list[Values] = []
    for line, row in zip(found.lines, text.rows(found.lines), strict=True):
        left = run.withheld.left_of(found.table, row) if run.withheld.owners else row
        if left is not None:
            tally.add(line if left is row else text.line_of(left))
            rows.append(left)
    return rows


def _compare(run: _Run) -> None:
    """Whether the database holds what was written, read out again."""
    held = dumping.tallies(run.uow.session, run.progress.add)
    for name, tally in held.items():
        if tally != run.kept[name]:
            raise Refused("rows_not_kept", table=name)
