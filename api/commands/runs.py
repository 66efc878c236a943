"""`guitu runs`: whether the calendar was looked at every day, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND

if TYPE_CHECKING:
    from workflow.services.run_reports import Alarm, RunView

ALARMS = {
    "no_end": ("没有结束：可能中断了", "has no end: it may have died"),
    "missed_day": (
        "这一天没有运行，到期的事后来才通知",
        "no run on this day; what fell due was told later",
    ),
    "failures": ("有个案没有办成", "some cases could not be done"),
}
WELL = ("每天都已运行。", "The calendar was looked at every day.")


def runs(
    count: Annotated[
        int, typer.Option(min=1, max=1000, help="How many of the last 最近几次.")
    ] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, for machines 输出 JSON.")
    ] = False,
) -> None:
    """
    Show the last looks at the calendar, and what somebody has to look into 运行记录.

    Exit status 1 for a run without an end, a day without a run in the last thirty, or a case that the last
    run could not do: let whoever watches over the server ask daily.

    Examples: guitu runs · guitu runs --count 5 · guitu runs --json
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from workflow.services.run_reports import alarms, runs_of

        parts = office_parts()
        with parts.uow(reading=True) as uow:
            last, wrong = runs_of(uow, limit=count), alarms(uow, parts.clock())
        if as_json:
            typer.echo(json.dumps(_as_json(last, wrong), ensure_ascii=False, indent=2))
        else:
            _tell(last, wrong)
        if wrong:
            raise typer.Exit(FOUND)


def _tell(last: Sequence[RunView], wrong: Sequence[Alarm]) -> None:
    for run in last:
        typer.echo(_line(run))
        for case_id, error in run.failures:
            typer.echo(f"    {case_id}  {error}")
    for alarm in wrong:
        zh, en = ALARMS[alarm.what]
        typer.echo(f"! {alarm.for_day}  {zh} {en}  {alarm.run_id or ''}".rstrip())
    for line in () if wrong else WELL:
        typer.echo(line)


def _line(run: RunView) -> str:
    ended = run.ended_at.isoformat(timespec="seconds") if run.ended_at else "—"
    counts = run.counts
    did = (
        f"个案 cases {counts.get('cases', 0)} · 通知 notices {counts.get('notices', 0)} · "
        f"失败 failures {len(run.failures)}"
    )
    return f"{run.for_day}  {run.started_at.isoformat(timespec='seconds')} → {ended}  {did}"


def _as_json(last: Sequence[RunView], wrong: Sequence[Alarm]) -> dict[str, Any]:
    return {
        "alarms": [
            {
                "what": alarm.what,
                "for_day": alarm.for_day.isoformat(),
                "run": str(alarm.run_id) if alarm.run_id else None,
            }
            for alarm in wrong
        ],
        "runs": [
            {
                "id": str(run.id),
                "kind": run.kind,
                "for_day": run.for_day.isoformat(),
                "started_at": run.started_at.isoformat(),
                "ended_at": run.ended_at.isoformat() if run.ended_at else None,
                "counts": dict(run.counts),
                "failures": [
                    {"case_id": str(case_id), "error": error} for case_id, error in run.failures
                ],
            }
            for run in last
        ],
    }
