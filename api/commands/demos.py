"""`guitu demo`: an invented county to try things out in, or the worked cases; who may log in is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.edges import refusals_told
from api.commands.progress import progress
from api.commands.serving import Port, listen, run_server, ticking

if TYPE_CHECKING:
    from api.bootstrap import Parts
    from api.settings import Settings
    from workflow.services.demo_accounts import Login

COUNTY, WORKED = Path("guitu-demo.db"), Path("guitu-worked-cases.db")


def demo(
    database: Annotated[
        Path | None,
        typer.Option(help="The demo's database file 演示库文件.", show_default=str(COUNTY)),
    ] = None,
    port: Port = None,
    worked: Annotated[
        bool,
        typer.Option(
            "--worked-cases", help="The ten worked cases instead of the county 改用十个样例个案."
        ),
    ] = False,
    load_only: Annotated[
        bool, typer.Option("--load-only", help="Load, and do not serve 只载入，不启动服务.")
    ] = False,
) -> None:
    """
    Load an invented county into a demo database and serve it 演示.

    It stands at today when it is loaded. From then on its clock stands still until somebody moves it;
    the calendar is looked at every minute all the same, so that what you record is told on the day that
    the demo stands at. A second start uses the same database. Who may log in is printed at each start.

    Examples: guitu demo · guitu demo --port 8001 · guitu demo --database /tmp/try.db --load-only ·
    guitu demo --worked-cases
    """
    with refusals_told():
        from api.bootstrap import demo_parts

        settings = _settings(database or (WORKED if worked else COUNTY), port)
        listening = None if load_only else listen(settings.host, settings.port)
        parts = demo_parts(settings)
        _load(parts, worked=worked)
        _tell(parts)
        if listening is not None:
            with ticking(parts):
                run_server(parts, listening)


def _settings(database: Path, port: int | None) -> Settings:
    """Those of the environment, but for what a demo never shares with an office."""
    from api.settings import Settings

    settings = Settings()
    given = {
        "database_url": f"sqlite:///{database}",
        "host": "127.0.0.1",
        "port": port or settings.port,
        "hosts": ("127.0.0.1", "localhost"),
    }
    return settings.model_copy(update=given)


# ------------------------------------------------------------------ loading


def _load(parts: Parts, *, worked: bool) -> None:
    from api.jobs import jobs_of
    from notifications.jobs import DAYS_TOLD
    from workflow.rules.terms import DAY
    from workflow.services.demo_county.loading import load_demo_county
    from workflow.services.modes import claim_demo, is_loaded
    from workflow.services.worked_cases import load_worked_cases

    with parts.uow() as uow:
        claim_demo(uow, "worked_cases" if worked else "county")
        if is_loaded(uow):
            return
    packs, calendar, jobs = parts.packs, parts.calendar, jobs_of(parts)
    if worked:
        with progress("载入样例个案 Loading the worked cases") as passed:
            last = load_worked_cases(parts.uow, packs=packs, calendar=calendar, passed=passed)
        jobs.begin_on(last - DAYS_TOLD * DAY)
        return
    today = parts.clock().today
    jobs.begin_on(today - DAYS_TOLD * DAY)
    lived = jobs.living(today)
    with progress("载入演示县 Loading the demo county") as passed:
        load_demo_county(
            parts.uow, today, packs=packs, calendar=calendar, passed=passed, lived=lived
        )


# ------------------------------------------------------------------ who may log in


def _tell(parts: Parts) -> None:
    """The day at which the demo stands, and who may log in, as what, with which password."""
    from workflow.services.demo_accounts import PASSWORD, demo_logins

    today = parts.clock().today
    with parts.uow(reading=True) as uow:
        logins = demo_logins(uow, today)
    typer.echo(f"演示日期 The day in the demo: {today}")
    typer.echo(f"可登录的账号，密码都是 Who may log in, all with the password: {PASSWORD}")
    for one in logins:
        typer.echo(_line(one))


def _line(one: Login) -> str:
    """One account in columns; a Chinese character is as wide as two letters."""
    from rich.cells import set_cell_size

    from workflow.rules.access import ROLES
    from workflow.rules.sentences.labels import ROLE_LABELS

    role = ROLE_LABELS.get(one.chair, ROLES[one.role])
    by_token = "（令牌 by token）" if one.role == "integration" else ""
    what = f"{role.zh} {role.en}{by_token}"
    return f"  {one.handle:<12}{set_cell_size(one.name, 8)}{set_cell_size(what, 44)}{one.office}".rstrip()
