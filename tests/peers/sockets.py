"""A server of which each connection is a function: what all the peers stand on."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Serve = Callable[[socket.socket], None]


class Peer:
    """
    Listens on a port of this machine until it is left; every connection has a thread of its own.

    Args:
        serve: is handed each connection, which is closed when it returns.
        tls: spoken from the first byte.
    """

    def __init__(self, serve: Serve, tls: ssl.SSLContext | None = None) -> None:
        self._serve, self._tls = serve, tls
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.over = threading.Event()

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for each in list(self._open):
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._server.accept()
                self.connections += 1
                thread = threading.Thread(target=self._run, args=[taken], daemon=True)
                self._threads.append(thread)
                thread.start()

    def _run(self, taken: socket.socket) -> None:
        """A client may hang up at any time, also in the middle of a greeting."""
        with suppress(OSError, ValueError), taken:
            if self._tls is None:
                self._converse(taken)
                return
            with self._tls.wrap_socket(taken, server_side=True) as sealed:
                self._converse(sealed)

    def _converse(self, connection: socket.socket) -> None:
        self._open.add(connection)
        try:
            self._serve(connection)
        finally:
            self._open.discard(connection)


def reset(connection: socket.socket) -> None:
    """Break the connection off, as a machine does that was switched off and on."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket(fileno=connection.detach()).close()
