"""`guitu serve`: the server over the office's database; `guitu demo` starts it over its own."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.edges import refusals_told

if TYPE_CHECKING:
    from api.bootstrap import Parts

Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port; 8000 or GUITU_PORT without it 端口.")
]


ENDING = (signal.SIGTERM, signal.SIGINT)


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
        with closing(listen(settings.host, settings.port)) as listening, ticking(parts):
            run_server(parts, listening)


def worker(
    at_once: Annotated[
        int, typer.Option("--jobs", min=2, max=16, help="How many jobs side by side 同时几个任务.")
    ] = 4,
) -> None:
    """
    Run the jobs of the office on this machine, beside others: look at the calendar, deliver 任务进程.

    Needs PostgreSQL. Start as many as you like, on as many machines; what one leaves behind that dies is
    taken over by another one. Set GUITU_ENGINE=worker for the servers: they then run no jobs themselves.
    Ends on SIGTERM or Ctrl+C when the jobs under way have come to their end; the second signal ends it
    at once, and nothing is lost by it.

    Examples: guitu worker · guitu worker --jobs 8
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from api.jobs import crew_of, jobs_of

        parts = office_parts()
        with closing(jobs_of(parts)) as jobs:
            engine = crew_of(parts, jobs, at_once)
            asked = _asked_to_stop()
            engine.start()
            typer.echo("任务进程已启动 The worker runs")
            typer.echo("Ctrl+C 停止 to stop")
            while not asked.wait(1.0):
                pass
            for number in ENDING:
                signal.signal(number, signal.SIG_DFL)
            engine.stop()


def _asked_to_stop() -> Event:
    """Set by the first signal that asks for it."""
    asked = Event()
    for number in ENDING:
        signal.signal(number, lambda *_: asked.set())
    return asked


@contextmanager
def ticking(parts: Parts) -> Iterator[None]:
    """Have the jobs run now and then every so often; never while a demo's clock is being moved."""
    from api.jobs import engine_of, jobs_of

    with closing(jobs_of(parts)) as jobs:
        engine = engine_of(parts, jobs)
        engine.start()
        try:
            yield
        finally:
            engine.stop()


def listen(host: str, port: int) -> socket.socket:
    """
    The port, taken before anything slow is done.

    It says that it is TCP: only then does asyncio send each part of an answer at once. Else the second one
    waits for the receipt of the first, which takes 40 ms.
    """
    from workflow.rules.errors import Refused

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise Refused("port_busy", port=port) from error
    return listening


def run_server(parts: Parts, listening: socket.socket) -> None:
    """Serve until somebody stops it."""
    import uvicorn

    from api.app import create_app
    from api.memory import settle

    address = f"http://{parts.settings.host}:{parts.settings.port}"
    typer.echo(f"归途 Guitu   {address}")
    typer.echo(f"手机端 Phone {address}/app/")
    typer.echo(f"工作台 Desk  {address}/desk")
    typer.echo(f"接口文档 API {address}/docs")
    typer.echo("Ctrl+C 停止 to stop")
    config = uvicorn.Config(
        create_app(parts),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    settle()
    uvicorn.Server(config).run(sockets=[listening])
