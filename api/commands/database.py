"""`guitu migrate` and `guitu tick`: the database, and what the calendar brings about in it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer

from api.commands.edges import refusals_told
from api.commands.exits import FOUND
from api.commands.progress import progress

KEEP_APART = (
    "没有密钥环，数据库里的个人信息谁也读不出来。请立即备份（guitu keys backup 文件名），并与数据库分开保管。",
    "Without the key ring nobody can read what the database holds about people. "
    "Back it up now (guitu keys backup FILE), and keep it apart from the database.",
)


def migrate() -> None:
    """
    Bring the office's database to the schema of this release 升级数据库结构.

    Makes it where there is none, and the ring of its keys with it. The database is named by
    GUITU_DATABASE_URL; without it, ./guitu.db. The ring is GUITU_KEYS, or the file GUITU_KEYS_FILE;
    without them, the file beside the database.

    Example: guitu migrate
    """
    with refusals_told():
        from api.bootstrap import migrate_office
        from api.settings import Settings

        settings = Settings()
        done = migrate_office(settings)
        typer.echo(f"{_shown(settings.database_url)}  {done.revision}")
        if done.made:
            typer.echo(f"密钥环 Key ring  {done.made}")
            for line in KEEP_APART:
                typer.echo(line)


def tick(
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day; today without it 日期，默认今天."),
    ] = None,
) -> None:
    """
    Look at every case whose day has come, and tell what is due 定时运行.

    The server does this by itself; by hand it does the same, and doing it twice is harmless. What is told
    goes out when its hour has come, whatever day is named. Exit status 1 when a case could not be done:
    the others were.

    Example: guitu tick --on 2026-12-01
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from api.jobs import jobs_of
        from workflow.services.clock import Instant

        parts = office_parts()
        clock = Instant.on(on.date()) if on else parts.clock()
        with closing(jobs_of(parts)) as jobs:
            with progress("定时运行 Looking at the calendar") as passed:
                done = jobs.tick_on(clock, passed=passed).swept
            assert done is not None
            jobs.deliver()
            jobs.look()
        typer.echo(
            f"{done.for_day}  个案 cases {done.cases} · 通知 notices {done.notices} · 失败 failures {len(done.failures)}"
        )
        for failure in done.failures:
            typer.echo(f"  {failure.case_id}  {failure.error}", err=True)
        if done.failures:
            raise typer.Exit(FOUND)


def _shown(url: str) -> str:
    """The database's address without its password."""
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
