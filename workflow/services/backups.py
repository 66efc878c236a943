"""
Backups (备份): the whole record in one sealed file, taken while people go on working, and checked before it counts.

All tables are read in one snapshot and written in one form, whatever the database,
so that an office may move from one to another. The wrapped data keys are in it;
the key ring, without which nobody reads it, never is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from workflow.rules.errors import Refused
from workflow.services.attaching import DISK
from workflow.services.backup_files import (
    FileBody,
    FrameReader,
    FrameWriter,
    Head,
    TableLines,
    Total,
    new_file,
    reading,
    writing,
)
from workflow.services.clock import Instant
from workflow.services.modes import MODE
from workflow.store import dumping, raw_rows, stamps
from workflow.store.dumping import TEXTS, Tally
from workflow.store.keyring import KeyRing
from workflow.store.sealed_files import SealedFiles
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

FILE_WEIGHT = 1000
"""What a file costs beside a row: what is left is told by it."""

Passed = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """
    What a backup holds.

    Args:
        files: attachments from the disk; `lost` are those that were not there, or not as they were
            recorded, and `left_out` how many nobody asked for.
        size: of the file, in bytes.
    """

    head: Head
    files: int
    lost: tuple[UUID, ...]
    left_out: int
    size: int


class Progress:
    """Tells how far it is, and of how much."""

    def __init__(self, total: int, passed: Passed | None) -> None:
        self._total, self._passed, self._done = total, passed, 0

    def add(self, done: int) -> None:
        """So much more is done."""
        self._done += done
        if self._passed:
            self._passed(self._done, max(self._total, self._done))


def back_up(
    uow_factory: UnitsOfWork,
    path: Path,
    *,
    clock: Instant,
    version: str,
    settle: Callable[[Path], None],
    files: SealedFiles | None = None,
    passed: Passed | None = None,
) -> BackedUp:
    """
    Write the record as it is now to a new file, and read that back before it gets its name.

    Nobody waits for it, and what is recorded meanwhile is not in it.

    Args:
        uow_factory: gives units of work that only read.
        version: of the program.
        settle: has a file or folder written out to the disk before it returns.
        files: where attachments on a disk lie; those there are left out where nobody says.
        passed: told how far it is, and of how much.

    Raises:
        Refused: `backup_exists`: it overwrites nothing; `backup_file_unusable`; `row_unreadable`: a
            row is none of ours, and `guitu verify` tells which; `backup_damaged`: the disk did not
            keep what was written.
        Unavailable: `disk_full`, or what the database failed with. There is no file then.
    """
    with new_file(path, settle) as part:
        with uow_factory() as uow:
            ring, left_out = uow.ring, dumping.count_on_disk(uow.session)
            head = _head(uow, clock, version, None if files is None else left_out)
            progress = Progress(2 * weight(head), passed)
            with writing(part, head, ring, settle) as out:
                written = _written(uow, out, files, progress)
        _read_through(part, ring, progress)
        size = part.stat().st_size
    lost = tuple(written.lost)
    return BackedUp(head, written.files, lost, left_out if files is None else 0, size)


def check_backup(path: Path, ring: KeyRing, passed: Passed | None = None) -> Head:
    """
    Read a backup to its end and see that all of it is there; writes nothing.

    Raises:
        Refused: `backup_file_unusable`, `backup_damaged`, `backup_unreadable` or `key_missing`.
    """
    with reading(path, ring) as reader:
        head = reader.head
    _read_through(path, ring, Progress(weight(head), passed))
    return head


def contents(reader: FrameReader) -> Iterator[TableLines | FileBody]:
    """
    What a backup holds, as long as it is right; at its end it must come to what it says of itself.

    Raises:
        Refused: `backup_damaged`. Whatever came before it must then not be kept.
    """
    found, files = {name: Tally() for name in reader.head.rows}, 0
    for each in reader:
        if isinstance(each, TableLines):
            if each.table not in found:
                raise Refused("backup_damaged")
            for line in each.lines:
                found[each.table].add(line)
            yield each
        elif isinstance(each, FileBody):
            if sha256(each.body).digest() != each.digest:
                raise Refused("backup_damaged")
            files += 1
            yield each
        elif each != _total(found, files) or _counts(found) != reader.head.rows:
            raise Refused("backup_damaged")


# ------------------------------------------------------------------ step by step


@dataclass(slots=True)
class _Written:
    tallies: Mapping[str, Tally] = field(default_factory=dumping.no_rows)
    files: int = 0
    lost: list[UUID] = field(default_factory=list)

    @property
    def total(self) -> Total:
        return _total(self.tallies, self.files)


def _head(uow: UnitOfWork, clock: Instant, version: str, files: int | None) -> Head:
    session = uow.session
    if not dumping.sees_one_state(session):
        raise RuntimeError("a backup is made within a unit of work that only reads")
    return Head(
        id=uuid4(),
        made_at=clock.now,
        version=version,
        schema=dumping.schema_of(session),
        mode=stamps.read(session, MODE),
        root_key=uow.ring.active,
        rows={table.name: raw_rows.count(session, table.name) for table in dumping.TABLES},
        files=files,
    )


def _written(
    uow: UnitOfWork, out: FrameWriter, files: SealedFiles | None, progress: Progress
) -> _Written:
    done = _Written()
    for table in dumping.TABLES:
        with dumping.pages(uow.session, table) as pages:
            for page in pages:
                _write_page(
                    TableLines(table.name, TEXTS[table.name].columns, page.lines), out, done
                )
                progress.add(len(page.lines))
                if files is not None and table.name == "attachments":
                    _write_files(page.rows, out, files, done, progress)
    out.end(done.total)
    return done


def _write_page(page: TableLines, out: FrameWriter, done: _Written) -> None:
    out.rows(page)
    for line in page.lines:
        done.tallies[page.table].add(line)


def _write_files(
    rows: Sequence[Found],
    out: FrameWriter,
    files: SealedFiles,
    done: _Written,
    progress: Progress,
) -> None:
    """The ciphertext of each attachment on the disk; one that is gone stops nothing and is told."""
    for row in rows:
        if row.kept != DISK:
            continue
        body = files.read(row.id, row.digest)
        if body is None or sha256(body).digest() != row.digest:
            done.lost.append(row.id)
        else:
            out.file(FileBody(row.id, row.digest, body))
            done.files += 1
        progress.add(FILE_WEIGHT)


def _read_through(path: Path, ring: KeyRing, progress: Progress) -> None:
    with reading(path, ring) as reader:
        for each in contents(reader):
            progress.add(weight_of(each))


def weight_of(each: TableLines | FileBody) -> int:
    """What a piece of a backup costs, in rows."""
    return len(each.lines) if isinstance(each, TableLines) else FILE_WEIGHT


def weight(head: Head) -> int:
    """What a whole backup costs, in rows."""
    return sum(head.rows.values()) + FILE_WEIGHT * (head.files or 0)


def _total(tallies: Mapping[str, Tally], files: int) -> Total:
    return Total({name: (each.rows, each.digest) for name, each in tallies.items()}, files)


def _counts(tallies: Mapping[str, Tally]) -> dict[str, int]:
    return {name: each.rows for name, each in tallies.items()}
