"""`guitu rehearse`: what would happen in one case, from a file, without a database (rehearsal.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.commands.exits import DONE, FOUND, MALFORMED

if TYPE_CHECKING:
    from workflow.rules.workdays import WorkDays
    from workflow.services.problems import FileRefused

Language = Literal["zh", "en"]
SUFFIXES = (".yaml", ".yml")


def rehearse(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|DIR", help="A scenario file, or a folder of them 情景文件或文件夹."
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a file 每个文件一个 JSON 对象.")
    ] = False,
    lang: Annotated[Language, typer.Option(help="Language of the sentences 语言.")] = "zh",
    everything: Annotated[
        bool, typer.Option("--all", help="Show every notice 列出全部通知.")
    ] = False,
) -> None:
    """
    Rehearse a case: what will be asked, of whom, by when, and who is told 推演.

    Exit status 0; 1 when what the file expects does not hold; 2 when a file cannot be read as a scenario.

    Examples: guitu rehearse case.yaml · guitu rehearse tests/scenarios --json · guitu rehearse case.yaml --lang en
    """
    from workflow.services.calendars import work_days

    files = _files(path)
    calendar = work_days()
    several = path.is_dir()
    codes = [
        _one(file, calendar, as_json=as_json, lang=lang, everything=everything, several=several)
        for file in files
    ]
    if not codes:
        typer.echo(
            f"{path}: 文件夹里没有 .yaml 情景文件。 There is no .yaml file in this folder.",
            err=True,
        )
    raise typer.Exit(max(codes, default=MALFORMED))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())


def _one(
    file: Path,
    calendar: WorkDays,
    *,
    as_json: bool,
    lang: Language,
    everything: bool,
    several: bool,
) -> int:
    """Rehearse one file and print it; gives back its exit code."""
    from workflow.services import rehearsal_reports
    from workflow.services.problems import FileRefused
    from workflow.services.scenario_files import MalformedScenario, read_scenario

    try:
        scenario = read_scenario(file)
        life = rehearsal_reports.rehearse(scenario, calendar)
    except MalformedScenario as error:
        typer.echo(str(error), err=True)
        return MALFORMED
    except FileRefused as error:
        _print_pack_problems(file, error)
        return MALFORMED
    report = rehearsal_reports.report(scenario, life, lang)
    unmet = rehearsal_reports.unmet(scenario.expect, report)
    if as_json:
        _print_json(report, several=several)
    else:
        from api.commands.rehearsal_text import print_report

        expected = unmet if scenario.expect else None
        print_report(report, life.case.pack, expected, lang=lang, everything=everything)
    for line in unmet:
        typer.echo(f"{file}: {line}", err=True)
    return FOUND if unmet else DONE


def _print_pack_problems(file: Path, error: FileRefused) -> None:
    """What is wrong with the pack that the file names, each with its place in the pack."""
    for each in error.problems:
        place = f"{each.file} {each.key}".rstrip()
        typer.echo(f"{file}: policy: {place}: {each.zh} {each.en} [{each.code}]", err=True)


def _print_json(report: dict[str, Any], *, several: bool) -> None:
    """One line a file where there are several (NDJSON), else set out to be read."""
    typer.echo(json.dumps(report, ensure_ascii=False, indent=None if several else 2))
