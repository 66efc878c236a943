"""
By when a send has to be over: one instant for all that it does, so that a peer that drips a byte at a time cannot hold it.

The time limits of sockets are for one read each. Here each read is given what is left of the whole.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

_until: ContextVar[float] = ContextVar("until")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything in here, in this thread, is over after so many seconds."""
    token = _until.set(monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """
    The seconds that are left.

    Raises:
        TimeoutError: none is.
    """
    seconds = _until.get() - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def is_over() -> bool:
    """Whether none is left."""
    return _until.get() <= monotonic()


class _Bounded(socket.socket):
    """A socket each of whose reads and writes ends with the whole send."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(left())
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(left())
        super().sendall(*args, **kwargs)


class BoundedSocket(_Bounded):
    """In the clear."""


class BoundedTLSSocket(_Bounded, ssl.SSLSocket):
    """Under TLS: `SSLContext.sslsocket_class`."""


def bounded(plain: socket.socket) -> BoundedSocket:
    """The same connection, bounded."""
    return BoundedSocket(fileno=plain.detach())
