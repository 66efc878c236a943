"""
What every request passes first and every response last: host, origin, size, and the headers that protect a browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.context import language_of
from api.errors import problem
from api.protection import protecting
from api.settings import Settings
from workflow.rules.errors import GuituError, Invalid

READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Pure ASGI, so that a body is counted while it arrives and never held twice."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        outward = _with_headers(scope, send)
        error = self._refusal(scope)
        if error is None:
            error = await self._pass_on(_as_get(scope), receive, outward)
        if error is not None:
            response = problem(error, language_of(Request(scope)))
            await response(scope, receive, outward)

    def _refusal(self, scope: Scope) -> GuituError | None:
        headers = Headers(scope=scope)
        own = _host(f"//{headers.get('host', '')}")
        hosts = self.settings.hosts
        if "*" not in hosts and own not in hosts:
            return Invalid("wrong_host")
        names = (own,) if "*" in hosts else hosts
        if scope["method"] not in READING and _is_from_elsewhere(headers, names):
            return Invalid("wrong_origin")
        declared, largest = headers.get("content-length", "0"), self._largest(scope)
        if declared.isdigit() and int(declared[:12]) > largest:
            return Invalid("body_too_large", largest=largest)
        return None

    def _largest(self, scope: Scope) -> int:
        """The most bytes that may come: a photo is larger than all else that anybody sends."""
        brings_file = "attachments" in str(scope["path"]).split("/")
        return self.settings.largest_upload if brings_file else self.settings.largest_body

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> GuituError | None:
        """Run the app; gives back a refusal where more arrived than allowed before it answered."""
        seen, answered, largest = 0, False, self._largest(scope)

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > largest:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _TooLarge:
            if answered:
                raise
            return Invalid("body_too_large", largest=largest)
        return None


class _TooLarge(BaseException):
    """More arrived than allowed. No Exception, so that nobody on the way takes it for a malformed body."""


def _is_from_elsewhere(headers: Headers, names: Sequence[str]) -> bool:
    """Whether a page that is not ours made a browser send this; another port of this machine is not ours either."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return bool(origin) and _host(origin or "") not in names


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _as_get(scope: Scope) -> Scope:
    """HEAD is answered as GET is, without what GET would bring."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _with_headers(scope: Scope, send: Send) -> Send:
    headers, bare = protecting(str(scope["path"])), scope["method"] == "HEAD"

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = MutableHeaders(scope=message)
            for name, value in headers.items():
                own.setdefault(name, value)
        elif bare and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sent
