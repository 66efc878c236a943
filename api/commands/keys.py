"""`guitu keys`: the key ring, under which everything about people is sealed. Its secrets are never shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND
from api.commands.progress import progress
from workflow.rules.errors import Invalid, Refused

if TYPE_CHECKING:
    from api.bootstrap import Parts
    from workflow.services.rotating import Rotation
    from workflow.store.keyring import KeyRing

app = typer.Typer(
    no_args_is_help=True,
    help="The key ring 密钥环: what it wraps, a new key, a backup kept apart from the database.",
)

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="Read the passphrase from a file's first line, - for standard input 从文件读口令.",
    ),
]
SET_THIS = (
    "请把 GUITU_KEYS 改成标准输出的这一行，所有服务都重启之后，再运行一次 guitu keys rotate。",
    "Set GUITU_KEYS to the line on standard output, restart every server, then run guitu keys rotate again.",
)
SET_ONLY = (
    "请把 GUITU_KEYS 设成标准输出的这一行。",
    "Set GUITU_KEYS to the line on standard output.",
)
PREPARED = (
    "新密钥 {key} 已放进密钥环，尚未启用。请先把密钥环送到其他服务器，再运行 guitu keys rotate。",
    "The new key {key} is in the ring and not in use yet. Take the ring to every other server, then run guitu keys rotate.",
)
BACK_UP = (
    "密钥环变了：请重新备份（guitu keys backup 文件名）。旧的数据库备份仍要用旧密钥环打开。",
    "The ring has changed: back it up anew (guitu keys backup FILE). Older backups of the database still need the older ring.",
)


@app.command()
def show() -> None:
    """
    Show the keys of the ring and how much each one wraps, never a secret 查看密钥.

    Example: guitu keys show
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from workflow.services.rotating import standing

        with office_parts().uow(reading=True) as uow:
            found = standing(uow)
        for key in found:
            state = "使用中 active" if key.active else "旧 old" if key.since else "备用 prepared"
            since = f"自 since {key.since}" if key.since else "—"
            counts = f"数据密钥 data keys {key.data_keys} · 检索标记 marks {key.marks}"
            typer.echo(f"{key.id}  {state}  {since}  {counts}")


@app.command()
def rotate(
    prepare: Annotated[
        bool,
        typer.Option(
            "--prepare", help="Only put a new key into the ring, not active yet 只备新密钥."
        ),
    ] = False,
) -> None:
    """
    Put a new key into the ring and move everything under it 轮换密钥.

    Servers may go on meanwhile; those on this machine follow the ring's file. It may be stopped at
    any moment: the next run finishes it. For servers with a copy of the ring elsewhere, run it with
    --prepare first and take the ring to them. Exit status 1 when somebody's key does not open.

    Example: guitu keys rotate
    """
    with refusals_told():
        from api.bootstrap import office_parts

        parts = office_parts()
        ring, written = _renewed(parts, prepare=prepare)
        if not written:
            typer.echo(_one_line(ring))
            _tell(SET_THIS)
        elif prepare and (waiting := [name for name in ring.secrets if name != ring.active]):
            _tell(PREPARED, key=waiting[-1])
        else:
            _say_rotated(ring, _moved(parts))


@app.command()
def retire(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key 密钥编号.")],
) -> None:
    """
    Take an old key out of the ring for good, once nothing is wrapped by it 停用旧密钥.

    Example: guitu keys retire k1
    """
    with refusals_told():
        from api.bootstrap import key_file, office_parts
        from workflow.services import rotating

        parts = office_parts()
        file = None if parts.settings.keys else key_file(parts.settings)
        with parts.uow() as uow:
            left = rotating.retire(uow, file, key_id)
        if file:
            typer.echo(f"{key_id} 已停用 retired")
            _tell(BACK_UP)
        else:
            typer.echo(_one_line(left))
            _tell(SET_ONLY)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup; must be new 备份文件.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """
    Write the ring to a file sealed by a passphrase 备份密钥环.

    Keep the file and the passphrase apart from each other, and both apart from the database.

    Example: guitu keys backup guitu-keys.backup
    """
    with refusals_told():
        from api.bootstrap import file_for_keys, office_ring
        from api.settings import Settings
        from workflow.services.key_backups import opened_ring, sealed_ring

        ring = office_ring(Settings())
        new = file_for_keys(file)
        if new.exists:
            raise Refused("key_file_exists", file=str(file))
        passphrase = _passphrase(passphrase_file, twice=True)
        new.create(sealed_ring(ring, passphrase))
        if opened_ring(new.text(), passphrase) != ring:
            raise Invalid("key_backup_unreadable")
        typer.echo(f"已备份并核对 backed up and checked: {file}  ({', '.join(ring.secrets)})")


@app.command()
def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The backup 备份文件."),
    ],
    passphrase_file: PassphraseFile = None,
) -> None:
    """
    Put the ring of a backup where there is none 从备份恢复密钥环.

    A ring that lies there is never overwritten, and a ring that does not open the database is not
    written at all.

    Example: guitu keys restore guitu-keys.backup
    """
    with refusals_told():
        from api.bootstrap import check_ring, file_for_keys, key_file
        from api.settings import Settings
        from workflow.services.key_backups import opened_ring

        settings = Settings()
        text = file_for_keys(file).text()
        ring = opened_ring(text, _passphrase(passphrase_file, twice=False))
        check_ring(settings, ring)
        if settings.keys:
            typer.echo(_one_line(ring))
            _tell(SET_ONLY)
            return
        target = key_file(settings)
        if not (target.exists and target.read() == ring):
            target.create(ring.text)
        typer.echo(f"已恢复 restored: {target.path}  ({', '.join(ring.secrets)})")


@app.command()
def shred(
    person_id: Annotated[
        UUID, typer.Argument(metavar="PERSON_ID", help="The person's id 本人编号.")
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help="Really, and for good 确认，不可恢复.")
    ] = False,
) -> None:
    """
    Destroy the data key of a person: nothing about them can be read again, by anybody 销毁某人的数据密钥.

    Backups of the database that were made before still hold the key.

    Example: guitu keys shred 0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a11 --yes
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from api.commands.backups import shredded_list
        from workflow.services.people import shred_person

        if not yes:
            raise Refused("shred_unconfirmed", person=str(person_id))
        parts = office_parts()
        with parts.uow() as uow:
            left = shred_person(uow, person_id, clock=parts.clock(), by="guitu keys shred")
            shredded_list(parts).add([person_id])  # so that no older backup brings them back
        typer.echo(f"{person_id} 已销毁 shredded")
        for other in left:
            typer.echo(f"  {other} 是同一人合并的档案，仍可读 merged with it, still readable")


# ------------------------------------------------------------------ how it is said and asked


def _renewed(parts: Parts, *, prepare: bool) -> tuple[KeyRing, bool]:
    """The ring to rotate to, and whether the servers have it: one in a setting has to be set first."""
    from api.bootstrap import key_file
    from workflow.services.rotating import next_ring, renew

    if parts.settings.keys:
        with parts.uow(reading=True) as uow:
            ring = next_ring(uow, uow.ring, prepare=prepare)
        return ring, ring == parts.ring
    with parts.uow() as uow:
        return renew(uow, key_file(parts.settings), prepare=prepare), True


def _moved(parts: Parts) -> Rotation:
    from workflow.services.rotating import rotate

    with progress("轮换密钥 Moving to the new key") as passed:
        return rotate(parts.uow, today=parts.clock().today, passed=passed)


def _say_rotated(ring: KeyRing, done: Rotation) -> None:
    typer.echo(
        f"{ring.active} 使用中 active  数据密钥 data keys {done.data_keys} · "
        f"个人 people {done.people} · 失败 failures {len(done.failed)}"
    )
    for owner in done.failed:
        typer.echo(f"  {owner}  key_does_not_open", err=True)
    _tell(BACK_UP)
    if done.failed:
        raise typer.Exit(FOUND)


def _tell(lines: tuple[str, str], **known: str) -> None:
    """Said to people, beside what a program may read on standard output."""
    for line in lines:
        typer.echo(line.format(**known), err=True)


def _one_line(ring: KeyRing) -> str:
    return " ".join(ring.text.split())


def _passphrase(file: Path | None, *, twice: bool) -> str:
    """The passphrase: a file's first line, or asked for without showing it."""
    if file is None:
        asked: str = typer.prompt(
            "口令 Passphrase",
            hide_input=True,
            confirmation_prompt="再输一次 Once more" if twice else False,
            err=True,
        )
        return asked
    from api.bootstrap import file_for_keys

    text = sys.stdin.read() if str(file) == "-" else file_for_keys(file).text()
    return text.partition("\n")[0].rstrip("\r")
