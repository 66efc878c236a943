"""
How much the server takes on at once, and how long anybody waits for an answer.

As many requests are worked on as there are threads, some more wait for one, and whoever comes
beyond that hears so at once. Whoever had no answer in time hears that too. What a thread has begun
is brought to its end and counts until then: nobody can stop a thread, and a half-told lie about
free room would let the next ones pile up behind it.
"""

from __future__ import annotations

import asyncio

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.context import language_of
from api.errors import problem
from api.settings import Settings
from workflow.rules.errors import Unavailable

ALIVE = "/health/live"
"""Answers without a thread, so that a rush is not taken for a dead server."""


class Load:
    """Pure ASGI; `in_work` counts what was let in and has not come to its end."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.in_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == ALIVE:
            await self.app(scope, receive, send)
        elif self.in_work >= self.settings.threads + self.settings.waiting:
            await _refuse(Unavailable("too_busy"), scope, receive, send)
        else:
            await self._let_in(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = self.settings.threads
        self.in_work += 1
        try:
            await self._in_time(scope, receive, send)
        finally:
            self.in_work -= 1

    async def _in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; whoever still waits for a thread, or for a body, when the time is over is let go."""
        turn = _Turn(scope, receive, send)
        with anyio.CancelScope() as running:
            seconds = self.settings.longest_answer
            over = asyncio.get_running_loop().call_later(seconds, turn.give_up, running, seconds)
            try:
                await self.app(scope, receive, turn.send)
            finally:
                over.cancel()
        if turn.refusal is not None:
            await turn.refusal


class _Turn:
    """One request: what is sent for it, unless its time was over before."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._begun = False
        self.refusal: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        """Send it on; what comes too late is for nobody."""
        if self.refusal is None:
            self._begun = True
            await self._send(message)

    def give_up(self, running: anyio.CancelScope, seconds: int) -> None:
        """Say that it takes too long, if nothing was said yet, and let what can be stopped be stopped."""
        if not self._begun:
            error = Unavailable("too_slow", seconds=seconds)
            refused = _refuse(error, self._scope, self._receive, self._send)
            self.refusal = asyncio.get_running_loop().create_task(refused)
            running.cancel()


async def _refuse(error: Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
    response = problem(error, language_of(Request(scope)), headers={"Retry-After": "5"})
    await response(scope, receive, send)
