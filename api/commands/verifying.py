"""`guitu verify`: whether the rows are what the events come to, and the events those that were recorded."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND
from api.commands.progress import progress

if TYPE_CHECKING:
    from workflow.services.findings import Finding
    from workflow.services.verifying import Passed, Verdict

FAULTS = {
    "missing": ("缺失", "missing"),
    "surplus": ("多余", "surplus"),
    "mutated": ("不符", "mutated"),
    "chain_broken": ("断链", "chain broken"),
    "unreadable": ("打不开", "cannot be read"),
    "orphaned": ("无主", "orphaned"),
    "implausible": ("不可能", "cannot be so"),
}
CLEAN = ("一切相符。", "All of it is as it should be.")
NOT_CLEAN = (
    "发现 {found} 处不符。请不要改动数据库，保留现场，与备份核对。",
    "Wrong: {found}. Change nothing in the database; keep it as it is, and compare it with a backup.",
)
MORE = ("另有 {count} 处未列出。", "{count} more are not listed.")
SHREDDED = (
    "{count} 份个案的密钥已销毁，只核对了事件链。",
    "The key of {count} cases was destroyed; only their chains were checked.",
)
UNSEEN = (
    "{count} 个附件在磁盘上，没有核对。要一起核对：设置 GUITU_ATTACHMENTS，或加 --attachments 文件夹。",
    "{count} attachments lie on a disk and were not checked. To include them: GUITU_ATTACHMENTS, or --attachments FOLDER.",
)
KEEP = (
    "把根和时间抄在纸上；以后用 guitu verify --known-at 这个时间 再算一次，应当相同。",
    "Note the root and the instant down on paper; guitu verify --known-at INSTANT gives the same root later.",
)


AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines 输出 JSON.")]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="INSTANT",
        help="The root of what was recorded by then; by now without it 根的截止时间.",
    ),
]
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


def verify(
    as_json: AsJson = False, known_at: KnownAt = None, attachments: Attachments = None
) -> None:
    """
    Check that every row is what the events come to, and every event what was recorded 核验.

    It changes nothing, and people may go on working. Exit status 0 when all is as it should be; 1 when
    something is wrong; 3 when it could not be checked.

    Examples: guitu verify · guitu verify --json · guitu verify --known-at 2026-11-22T01:12:33.120000+00:00
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from workflow.services.verifying import verify as run

        instant = _instant(known_at) if known_at else None
        parts = office_parts()
        with _shown(quiet=as_json) as passed:
            verdict = run(
                lambda: parts.uow(reading=True),
                packs=parts.packs,
                calendar=parts.calendar,
                passed=passed,
                files=parts.files_in(attachments) if attachments else parts.files,
                known_at=instant or parts.clock().now,
            )
        if as_json:
            typer.echo(json.dumps(_as_json(verdict), ensure_ascii=False, indent=2))
        else:
            _tell(verdict)
        if not verdict.is_clean:
            raise typer.Exit(FOUND)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("2026-11-22T01:12:33+00:00", param_hint="--known-at") from error
    if found.utcoffset() is None:
        raise typer.BadParameter("2026-11-22T01:12:33+00:00", param_hint="--known-at")
    return found


def _shown(*, quiet: bool) -> AbstractContextManager[Passed | None]:
    return nullcontext() if quiet else progress("核验 Verifying")


def _tell(verdict: Verdict) -> None:
    for finding in verdict.findings:
        typer.echo(_line(finding))
    _say(MORE, count=verdict.found - len(verdict.findings))
    _say(SHREDDED, count=verdict.shredded)
    _say(UNSEEN, count=verdict.unseen)
    counted = (
        f"个案 cases {verdict.cases} · 事件 events {verdict.events} · 人 people {verdict.people}"
    )
    typer.echo(counted)
    for line in CLEAN if verdict.is_clean else NOT_CLEAN:
        typer.echo(line.format(found=verdict.found))
    assert verdict.known_at is not None
    typer.echo(f"根 root  {_grouped(verdict.root)}")
    typer.echo(f"截至 known at  {verdict.known_at.isoformat()}")
    for line in KEEP:
        typer.echo(line)


def _say(sentence: tuple[str, str], *, count: int) -> None:
    """Say it in both languages, where there is anything to say."""
    for line in sentence if count else ():
        typer.echo(line.format(count=count))


def _line(finding: Finding) -> str:
    zh, en = FAULTS[finding.fault]
    key = " ".join(f"{name}={value}" for name, value in finding.key.items())
    columns = "、".join(finding.columns)
    because = f"[{finding.because}]" if finding.because else ""
    parts = (f"{zh} {en}", finding.table, key, columns, because)
    return "  ".join(part for part in parts if part)


def _grouped(root: bytes) -> str:
    """The hash as a person copies it: in eights."""
    text = root.hex()
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def _as_json(verdict: Verdict) -> dict[str, Any]:
    assert verdict.known_at is not None
    return {
        "clean": verdict.is_clean,
        "cases": verdict.cases,
        "events": verdict.events,
        "people": verdict.people,
        "shredded": verdict.shredded,
        "unseen_attachments": verdict.unseen,
        "found": verdict.found,
        "findings": [
            {
                "fault": finding.fault,
                "table": finding.table,
                "key": dict(finding.key),
                "columns": list(finding.columns),
                "because": finding.because or None,
            }
            for finding in verdict.findings
        ],
        "root": verdict.root.hex(),
        "known_at": verdict.known_at.isoformat(),
    }
