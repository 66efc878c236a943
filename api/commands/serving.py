"""`guitu demo` and `guitu serve`: the server, over worked cases or over the office's database."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.edges import refusals_told

if TYPE_CHECKING:
    from api.bootstrap import Parts

Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port; 8000 or GUITU_PORT without it 端口.")
]


def demo(
    database: Annotated[Path, typer.Option(help="The demo's database file 演示库文件.")] = Path(
        "guitu-demo.db"
    ),
    port: Port = None,
    load_only: Annotated[
        bool, typer.Option("--load-only", help="Load, and do not serve 只载入，不启动服务.")
    ] = False,
) -> None:
    """
    Load the worked cases into a demo database and serve them 演示.

    Its clock stands still until somebody moves it; the calendar is looked at every minute all the
    same, so that what you record is told on the day that the demo stands at. A second start uses
    the same database.

    Examples: guitu demo · guitu demo --port 8001 · guitu demo --database /tmp/try.db --load-only
    """
    with refusals_told():
        from api.bootstrap import demo_parts
        from api.settings import Settings

        settings = Settings()
        settings = settings.model_copy(
            update={
                "database_url": f"sqlite:///{database}",
                "host": "127.0.0.1",
                "port": port or settings.port,
                "hosts": ("127.0.0.1", "localhost"),
            }
        )
        listening = None if load_only else _listen(settings.host, settings.port)
        parts = demo_parts(settings)
        _load(parts)
        if listening is not None:
            with _ticking(parts):
                _serve(parts, listening)


def serve(port: Port = None) -> None:
    """
    Serve the office's database, and look at the calendar every minute 启动服务.

    Example: guitu migrate && guitu serve --port 8001
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from api.settings import Settings

        settings = Settings()
        settings = settings.model_copy(update={"port": port or settings.port})
        parts = office_parts(settings)
        listening = _listen(settings.host, settings.port)
        with _ticking(parts):
            _serve(parts, listening)


@contextmanager
def _ticking(parts: Parts) -> Iterator[None]:
    """Have the calendar looked at now and then every so often; never while a demo's clock is being moved."""
    from notifications import schedule
    from workflow.services.sweeping import sweep

    def look() -> None:
        with parts.moving:
            sweep(parts.uow, packs=parts.packs, calendar=parts.calendar, clock=parts.clock())

    running = schedule.start(look, every_seconds=parts.settings.tick_seconds)
    try:
        yield
    finally:
        running.shutdown()


def _listen(host: str, port: int) -> socket.socket:
    """The port, taken before anything slow is done."""
    from workflow.rules.errors import Refused

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise Refused("port_busy", port=port) from error
    return listening


def _load(parts: Parts) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from workflow.services.worked_cases import is_loaded, load_worked_cases

    if is_loaded(parts.uow):
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("载入样例个案 Loading the worked cases", total=None)

        def passed(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        load_worked_cases(parts.uow, packs=parts.packs, calendar=parts.calendar, passed=passed)


def _serve(parts: Parts, listening: socket.socket) -> None:
    import uvicorn

    from api.app import create_app

    address = f"http://{parts.settings.host}:{parts.settings.port}"
    typer.echo(f"归途 Guitu  {address}")
    typer.echo(f"接口文档 API {address}/docs")
    if parts.demo:
        typer.echo(f"演示日期 The day in the demo: {parts.clock().today}")
    typer.echo("Ctrl+C 停止 to stop")
    config = uvicorn.Config(create_app(parts), log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
