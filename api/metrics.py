"""
`GET /metrics`: what a monitor reads; and the counting of requests.

Whoever knows GUITU_METRICS_TOKEN may read it. Without that setting only a program on this machine may, and
none that a proxy speaks for: what a proxy hands on comes from this machine too.
"""

from __future__ import annotations

import hmac
from time import perf_counter

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bootstrap import Parts
from api.routes import PREFIX
from api.settings import Settings
from notifications.metrics import CONTENT_TYPE, Metrics
from workflow.rules.errors import NotFound

PATH = "/metrics"
THIS_MACHINE = ("127.0.0.1", "::1")
HANDED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def install(app: FastAPI, parts: Parts) -> None:
    """Count the requests of an app, and answer with what was counted; it stands in no description of the API."""
    metrics = Metrics(lambda: parts.uow(reading=True), parts.clock)

    def shown(request: Request) -> Response:
        if not may_read(request, parts.settings):
            raise NotFound("no_route")
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    app.router.routes.append(Route(PATH, shown))
    app.add_middleware(Counting, metrics=metrics)


def may_read(request: Request, settings: Settings) -> bool:
    """Whether whoever asks may know; to anybody else there is nothing here."""
    if settings.metrics_token is None:
        handed_on = any(name in request.headers for name in HANDED_ON)
        here = request.client is not None and request.client.host in THIS_MACHINE
        return here and not handed_on
    expected = f"Bearer {settings.metrics_token.get_secret_value()}"
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode())


class Counting:
    """Pure ASGI; a request is counted by the template of its route, never by its path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, begun = 500, perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            seconds = perf_counter() - begun
            self.metrics.note_request(_method(scope), _template(scope), status, seconds)


def _template(scope: Scope) -> str | None:
    """The template of the route that answered; a router's own lacks the prefix under which it hangs."""
    found: str | None = getattr(scope.get("route"), "path", None)
    under = str(scope["path"]).startswith(f"{PREFIX}/")
    return f"{PREFIX}{found}" if found and under else found


def _method(scope: Scope) -> str:
    """The method, or `OTHER`: anybody may make one up."""
    method = str(scope["method"])
    return method if method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "OTHER"
