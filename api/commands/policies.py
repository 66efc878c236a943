"""`guitu policy`: the packs that are shipped, their numbers, whether a file is sound, and what another pack would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND
from api.commands.progress import progress

if TYPE_CHECKING:
    from api.bootstrap import Parts
    from api.commands.progress import Passed
    from workflow.rules.pack import Pack
    from workflow.services.pin_differences import PinDifference

app = typer.Typer(
    help="The policy packs 规则包: every number with its article; what another pack would change for whom.",
    no_args_is_help=True,
)
BASIS = {"law": "法定 law", "practice": "做法 practice"}
Name = Annotated[
    str, typer.Argument(metavar="PACK", help="A pack's id, its name, or a .toml file 规则包.")
]


@app.command("list")
def list_packs() -> None:
    """
    List the packs that travel with the program 列出规则包.

    Example: guitu policy list
    """
    from workflow.services.packs import load_pack, shipped_packs

    for pack in map(load_pack, shipped_packs()):
        on = f"  ← {' ← '.join(reversed(pack.lineage))}" if pack.lineage else ""
        typer.echo(f"{pack.name}  {pack.label.zh} {pack.label.en}{on}")


@app.command()
def show(pack: Name) -> None:
    """
    Show every number of a pack, with its basis and its article 查看规则包.

    Examples: guitu policy show shanghai · guitu policy show ./our-county.toml
    """
    with refusals_told():
        from workflow.services.pack_numbers import numbers_of
        from workflow.services.packs import load_pack

        found = load_pack(pack)
        typer.echo(f"{found.name}  {found.label.zh} {found.label.en}")
        source = ""
        for one in numbers_of(found):
            rules = f" ({', '.join(one.rules)})" if one.rules else ""
            cited = f"{BASIS[one.basis]} · {one.source}{rules} · 自 since {one.since}"
            if cited != source:
                typer.echo(f"\n{cited}")
                source = cited
            typer.echo(f"  {one.place} = {one.value}")


@app.command()
def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="The .toml file of a pack 规则包文件."
        ),
    ],
) -> None:
    """
    Check whether the file of a pack is sound, and say of each problem on which line it stands 检查规则包.

    Exit status 1 when it is not.

    Example: guitu policy check ./our-county.toml
    """
    from workflow.services.packs import PackRefused, load_pack
    from workflow.services.toml_lines import line_of

    try:
        found = load_pack(file)
    except PackRefused as error:
        text = file.read_bytes().decode("utf-8", "replace")
        for each in error.problems:
            line = line_of(text, each.key) if each.file == str(file) else None
            place = f"{each.file}:{line}" if line else each.file
            typer.echo(f"{place}: {each.key}: {each.zh} {each.en} [{each.code}]")
        raise typer.Exit(FOUND) from error
    typer.echo(f"可用 sound: {found.name}  {found.label.zh} {found.label.en}")


@app.command()
def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="The pack that counts now 现用规则包.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The other pack 另一规则包.")],
    case: Annotated[
        list[UUID] | None,
        typer.Option("--case", metavar="ID", help="Only this case; may be repeated 只看这份个案."),
    ] = None,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Only the numbers; asks no database 只比较数字.")
    ] = False,
) -> None:
    """
    Show which numbers differ between two packs, and what pinning B would change for each open case under A 比较规则包.

    Nothing is written. Exit status 1 when a case could not be read.

    Examples: guitu policy diff cn-national shanghai --numbers · guitu policy diff cn-national shanghai
    """
    with refusals_told():
        if numbers:
            from workflow.services.packs import load_pack

            _tell_numbers(load_pack(before), load_pack(after))
            return
        from api.bootstrap import office_parts

        parts = office_parts()
        old = parts.packs(before)
        _tell_numbers(old, parts.packs(after))
        _tell_people(parts, old.name, after, case)


def _tell_numbers(old: Pack, new: Pack) -> None:
    from workflow.services.pack_numbers import changed_numbers

    typer.echo(f"{old.name} → {new.name}")
    for each in changed_numbers(old, new):
        was, will = (one.value if one else "—" for one in (each.before, each.after))
        source = each.after or each.before
        assert source is not None
        typer.echo(f"  {each.place}: {was} → {will}  ({BASIS[source.basis]} · {source.source})")


# ------------------------------------------------------------------ person by person


def _tell_people(parts: Parts, before: str, after: str, only: list[UUID] | None) -> None:
    asked = changed = unread = 0
    with progress("比较 Comparing") as passed:
        for one in _differences(parts, before, after, only, passed):
            asked += 1
            if isinstance(one, tuple):
                unread += 1
                typer.echo(f"{one[0]}  {one[1]}", err=True)
            elif not one.changes_nothing:
                changed += 1
                _tell_person(one)
    typer.echo(
        f"未结个案 open cases {asked} · 有变化 changed {changed} · 不变 unchanged {asked - changed - unread}"
    )
    if unread:
        raise typer.Exit(FOUND)


def _differences(
    parts: Parts, before: str, after: str, only: list[UUID] | None, passed: Passed
) -> Iterator[PinDifference | tuple[UUID, str]]:
    """Of each case in turn what would change, or the code with which it cannot be read; a hundred a transaction."""
    from workflow.services.pin_differences import count_pinned_to, pinned_to

    with parts.uow(reading=True) as uow:
        total = len(only) if only else count_pinned_to(uow, before)
        page = only or pinned_to(uow, before)
    done = 0
    while page:
        yield from _of_some(parts, page, after)
        done += len(page)
        passed(done, max(done, total))
        with parts.uow(reading=True) as uow:
            page = [] if only else pinned_to(uow, before, page[-1])


def _of_some(
    parts: Parts, case_ids: Sequence[UUID], after: str
) -> Iterator[PinDifference | tuple[UUID, str]]:
    from workflow.rules.errors import Invalid, Refused
    from workflow.services.calendar_days import work_days_in
    from workflow.services.pin_differences import differences

    clock = parts.clock()
    with parts.uow(reading=True) as uow:
        days = work_days_in(uow, parts.calendar)
        for case_id in case_ids:
            try:
                yield from differences(
                    uow, [case_id], after, packs=parts.packs, calendar=days, clock=clock
                )
            except (Refused, Invalid) as error:
                yield case_id, error.code


def _tell_person(one: PinDifference) -> None:
    typer.echo(f"{one.case_id}")
    for each in one.obligations:
        old, new = (
            f"{days.opens_on} – {days.due_on} {days.owner}" if days else "—"
            for days in (each.before, each.after)
        )
        typer.echo(f"  {each.label.zh} {each.label.en}  {each.occurrence}: {old} → {new}")
    for stay in one.stages:
        was, will = (f"{at[0]} {at[1]}" if at else "—" for at in (stay.before, stay.after))
        typer.echo(f"  阶段 stage {stay.position}: {was} → {will}")
    for words, first, then in (
        ("期满 term ends", one.ends_before, one.ends_after),
        ("三年期满 control ends", one.exit_before, one.exit_after),
    ):
        if first != then:
            typer.echo(f"  {words}: {first or '—'} → {then or '—'}")
