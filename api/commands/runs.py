"""`guitu runs`: whether the calendar was looked at every day, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND

if TYPE_CHECKING:
    from workflow.rules.events.fields import Means
    from workflow.services.completeness import Account
    from workflow.services.run_reports import Alarm, RunView

SWEEPS = ("sweep", "county_sweep")
KINDS = {
    "sweep": "定时运行 sweep",
    "county_sweep": "分县运行 county",
    "planning": "编排 planning",
    "delivery": "发送 delivery",
}
COUNTED = {
    "cases": "个案",
    "notices": "通知",
    "rows": "数据行",
    "failures": "失败",
    "messages": "消息",
    "items": "消息条目",
    "nobody": "无人可通知",
    "withdrawn": "撤回",
    "delivered": "进收件箱",
    "sent": "送达",
    "again": "待重发",
    "moved": "改渠道",
    "passed": "转上级",
    "failed": "未送达",
    "late": "迟到结果",
    "lost": "接手",
}
GAPS = {
    "unnamed": ("没有下一步、也没有原因的个案", "cases on nobody's list"),
    "untold": ("没有进入任何消息的通知", "notices that are in no message"),
    "adrift": ("去向不明的通知", "items of which nothing became"),
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

    Below each run stands its account: open cases and their next steps, the day's notices and what became of
    them. Exit status 1 for a run without an end, a day without a run in the last thirty, a case that the
    last run could not do, an account that does not close, and messages that reached nobody or should have
    gone out: let whoever watches over the server ask daily.

    Examples: guitu runs · guitu runs --count 5 · guitu runs --json
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from workflow.services.run_reports import alarms, runs_of

        parts = office_parts()
        with parts.uow(reading=True) as uow:
            last, wrong = runs_of(uow, limit=count), alarms(uow, parts.clock())
        if as_json:
            typer.echo(json.dumps(in_json(last, wrong), ensure_ascii=False, indent=2))
        else:
            _tell(last, wrong)
        if wrong:
            raise typer.Exit(FOUND)


def _tell(last: Sequence[RunView], wrong: Sequence[Alarm]) -> None:
    for run in last:
        typer.echo(line_of(run))
        for case_id, error in run.failures:
            typer.echo(f"    {case_id}  {error}")
        for line in account_lines(run.account) if run.account else ():
            typer.echo(f"    {line}")
    from workflow.services.run_reports import MEANINGS

    for alarm in wrong:
        said = f"{MEANINGS[alarm.what].zh} {MEANINGS[alarm.what].en}"
        typer.echo(f"! {alarm.for_day}  {said} ({alarm.count})  {alarm.run_id or ''}".rstrip())
    for line in () if wrong else WELL:
        typer.echo(line)


def account_lines(account: Account) -> Iterator[str]:
    """The account in words: what there is, where it went, and what is left over."""
    from workflow.services.completeness import BECAME, EXCEPTIONS

    def listed(counts: Mapping[str, int], table: Mapping[str, Means]) -> str:
        shown = [(table[name], count) for name, count in counts.items()]
        return "".join(f" · {said.zh} {said.en} {count}" for said, count in shown)

    yield (
        f"在管个案 open cases {account.open_cases} = 有下一步 with a next step {account.with_step}"
        f"{listed(account.exceptions, EXCEPTIONS)}"
    )
    waiting = f" · 正在安排 about to be planned {account.waiting}" if account.waiting else ""
    yield f"通知 notices {account.notices}{listed(account.items, BECAME)}{waiting}"
    for name, (zh, en) in GAPS.items():
        if count := getattr(account, name):
            yield f"! {zh} {en} {count}"
    for case_id in account.unnamed_cases:
        yield f"!   {case_id}"


def line_of(run: RunView) -> str:
    """One run: its day, its kind, from when to when, and what it did."""
    ended = run.ended_at.isoformat(timespec="seconds") if run.ended_at else "—"
    kind = KINDS.get(run.kind, run.kind)
    always = ("cases", "notices") if run.kind in SWEEPS else ()
    counts = {**dict.fromkeys(always, 0), **run.counts, "failures": len(run.failures)}
    shown = {
        name: count for name, count in counts.items() if count or name in (*always, "failures")
    }
    did = " · ".join(
        f"{COUNTED.get(name, '')} {name} {count}".strip() for name, count in shown.items()
    )
    return f"{run.for_day}  {kind}  {run.started_at.isoformat(timespec='seconds')} → {ended}  {did}"


def in_json(last: Sequence[RunView], wrong: Sequence[Alarm]) -> dict[str, Any]:
    """As the API shows both: `items` of `/api/v1/runs/alarms` and of `/api/v1/runs`."""
    from api.schemas.runs import AlarmPublic, RunPublic

    alarms = [AlarmPublic.model_validate(alarm) for alarm in wrong]
    runs = [RunPublic.of(run) for run in last]
    return {
        "alarms": [alarm.model_dump(mode="json") for alarm in alarms],
        "runs": [run.model_dump(mode="json") for run in runs],
    }
