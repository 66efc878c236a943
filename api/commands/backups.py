"""`guitu backup` and `guitu restore`: the record in one sealed file, and back. The key ring has a backup of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND
from api.commands.progress import progress

if TYPE_CHECKING:
    from api.bootstrap import Parts
    from workflow.services.backups import BackedUp
    from workflow.services.restoring import Restored
    from workflow.services.shredded_lists import ShreddedList
    from workflow.store.sealed_files import SealedFiles

KEYS_APART = (
    "密钥环不在这个文件里：没有它，备份谁也打不开。请另外备份（guitu keys backup 文件名），分开保管。",
    "The key ring is not in this file, and nobody opens the backup without it: back it up too (guitu keys backup FILE), apart from this.",
)
LEFT_OUT = (
    "{count} 个附件在磁盘上，没有备份。要一起备份：设置 GUITU_ATTACHMENTS，或加 --attachments 文件夹。",
    "{count} attachments lie on a disk and are not in it. To include them: GUITU_ATTACHMENTS, or --attachments FOLDER.",
)
LOST = (
    "{count} 个附件找不到或已损坏，没有备份；其余都已备份。",
    "{count} attachments are gone or damaged and are not in it; all the rest is.",
)
NO_LIST = (
    "没有已销毁名单 {file}：备份之后销毁的密钥会随备份回来。有名单时请用 --shredded。",
    "There is no list of shredded persons at {file}: keys that were destroyed after this backup come back with it. Name a list with --shredded.",
)
WITHHELD = (
    "名单上 {count} 人的密钥没有恢复，仍不可读。",
    "The keys of {count} persons on the list were not restored; they stay unreadable.",
)
ENDED = (
    "其中 {count} 份个案备份时未结，已于今天结束：",
    "{count} of their cases were open when the backup was made, and were ended today:",
)
NOT_CLEAN = (
    "数据已按备份恢复，但核验发现 {count} 处不符：备份时就已如此。请运行 guitu verify 查看。",
    "Everything was restored as it is in the backup, but {count} things in it are wrong, and were before: guitu verify tells which.",
)

Attachments = Annotated[
    Path | None,
    typer.Option(
        "--attachments",
        metavar="FOLDER",
        exists=True,
        file_okay=False,
        help="The folder of the attachments on a disk; GUITU_ATTACHMENTS without it 磁盘上的附件文件夹.",
    ),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup; must be new 备份文件.")],
    attachments: Attachments = None,
) -> None:
    """
    Write the whole record to one sealed file, and check it 备份.

    Servers go on meanwhile. The file opens only with the key ring, which is not in it. It fits SQLite
    and PostgreSQL alike. Exit status 1 when an attachment is gone or damaged: the rest is in the file.

    Example: guitu backup guitu-2026-11-22.backup
    """
    with refusals_told():
        from api.app import VERSION
        from api.bootstrap import office_parts
        from workflow.services.backups import back_up

        parts = office_parts()
        with progress("备份 Backing up") as passed:
            done = back_up(
                lambda: parts.uow(reading=True),
                file,
                clock=parts.clock(),
                version=VERSION,
                settle=_settle(parts),
                files=_files(parts, attachments),
                passed=passed,
            )
        _tell_backup(done, file)
        if done.lost:
            raise typer.Exit(FOUND)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup 备份文件.")],
    attachments: Attachments = None,
    shredded: Annotated[
        Path | None,
        typer.Option(
            metavar="LIST",
            exists=True,
            dir_okay=False,
            help="Ids that stay unreadable, one a line; guitu.shredded beside the key ring without it 已销毁名单.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only read it to its end, and write nothing 只核对.")
    ] = False,
) -> None:
    """
    Put a backup into an empty database: all of it or none 恢复.

    Make the database first with `guitu migrate`, and put the key ring back before that with
    `guitu keys restore`. In the end everything is verified. Exit status 1 when that finds something.

    Examples: guitu restore guitu-2026-11-22.backup --check · guitu restore guitu-2026-11-22.backup
    """
    with refusals_told():
        from api.bootstrap import office_parts, office_ring
        from api.settings import Settings
        from workflow.services.backups import check_backup

        if check:
            with progress("核对 Checking") as passed:
                head = check_backup(file, office_ring(Settings()), passed)
            rows = sum(head.rows.values())
            typer.echo(f"完好 whole: {file}  {head.made_at.isoformat()} · 行 rows {rows}")
            return
        parts = office_parts()
        _tell_restored(_restored(parts, file, attachments, shredded), file)
        _verify(parts, attachments)


def _restored(
    parts: Parts, file: Path, attachments: Path | None, shredded: Path | None
) -> Restored:
    from workflow.services import restoring

    known = shredded_list(parts, shredded)
    if not known.exists:
        _say(NO_LIST, file=known.path)
    owners = known.owners() if known.exists else frozenset()
    with progress("恢复 Restoring") as passed, parts.uow() as uow:
        return restoring.restore(
            uow,
            file,
            clock=parts.clock(),
            files=_files(parts, attachments),
            shredded=owners,
            passed=passed,
        )


def _verify(parts: Parts, attachments: Path | None) -> None:
    from workflow.services.verifying import verify

    now = parts.clock().now
    with progress("核验 Verifying") as passed:
        verdict = verify(
            lambda: parts.uow(reading=True),
            packs=parts.packs,
            calendar=parts.calendar,
            passed=passed,
            files=_files(parts, attachments),
            known_at=now,
        )
    typer.echo(f"根 root  {verdict.root.hex()}")
    typer.echo(f"截至 known at  {now.isoformat()}")
    if not verdict.is_clean:
        _say(NOT_CLEAN, count=verdict.found)
        raise typer.Exit(FOUND)
    typer.echo("核验无误 verified")


# ------------------------------------------------------------------ where things lie


def _files(parts: Parts, folder: Path | None) -> SealedFiles | None:
    return parts.files_in(folder) if folder else parts.files


def shredded_list(parts: Parts, named: Path | None = None) -> ShreddedList:
    """The list of those whose keys were destroyed: the one that was named, or that beside the key ring."""
    from api.bootstrap import key_file
    from workflow.services.shredded_lists import ShreddedList

    beside = key_file(parts.settings).path.with_suffix(".shredded")
    return ShreddedList(named or beside, _settle(parts))


def _settle(parts: Parts) -> Callable[[Path], None]:
    from api.bootstrap import key_file

    return key_file(parts.settings).settle


# ------------------------------------------------------------------ how it is said


def _tell_backup(done: BackedUp, file: Path) -> None:
    rows, size = sum(done.head.rows.values()), done.size / 1e6
    typer.echo(
        f"已备份并核对 backed up and checked: {file}  "
        f"行 rows {rows} · 附件 attachments {done.files} · {size:.1f} MB"
    )
    if done.left_out:
        _say(LEFT_OUT, count=done.left_out)
    if done.lost:
        _say(LOST, count=len(done.lost))
    for one in done.lost:
        typer.echo(f"  {one}", err=True)
    _say(KEYS_APART)


def _tell_restored(done: Restored, file: Path) -> None:
    made_at = done.head.made_at.isoformat()
    typer.echo(
        f"已恢复 restored: {file}  {made_at} · 行 rows {done.rows} · 附件 attachments {done.files}"
    )
    if done.withheld:
        _say(WITHHELD, count=done.withheld)
    if done.ended:
        _say(ENDED, count=len(done.ended))
    for one in done.ended:
        typer.echo(f"  {one}", err=True)


def _say(lines: tuple[str, str], **known: object) -> None:
    """Said to people, beside what a program may read on standard output."""
    for line in lines:
        typer.echo(line.format(**known), err=True)
