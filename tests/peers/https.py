"""HTTP servers that answer as they are told: well, with an error, or not as HTTP says."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

from tests.peers.sockets import Peer, reset


@dataclass(frozen=True)
class Asked:
    """One request, as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Each parameter once."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.target).query).items()}


Answer = Callable[[socket.socket, Asked], None]
"""Writes an answer to a request; a closed connection ends the conversation."""


class HttpPeer(Peer):
    """
    Answers each request by the next of its answers, and the last one for good.

    Args:
        answers: see below.
    """

    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(self._converse_http, tls)
        self._answers = list(answers)
        self._scheme, self._host = ("https", "localhost") if tls else ("http", "127.0.0.1")
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self._scheme}://{self._host}:{self.port}"

    def _converse_http(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            while (asked := _read(lines)) is not None:
                self.asked.append(asked)
                answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
                answer(connection, asked)
                if connection.fileno() == -1:
                    return


def _read(lines: BinaryIO) -> Asked | None:
    first = lines.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := lines.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = lines.read(int(headers.get("content-length", "0")))
    return Asked(first[0], first[1], headers, body)


# ------------------------------------------------------------------ answers


def says(status: int, body: bytes | object = b"", **headers: str) -> Answer:
    """A whole answer; what is no bytes goes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    whole = "\r\n".join([*lines, "", ""]).encode() + content

    def answer(connection: socket.socket, _: Asked) -> None:
        connection.sendall(whole)

    return answer


def hangs(connection: socket.socket, _: Asked) -> None:
    """Says nothing until the other side has had enough."""
    connection.recv(1)


def garbles(connection: socket.socket, _: Asked) -> None:
    """What it says is no HTTP."""
    connection.sendall(b"\x00\xff\x17 I am no web server\r\n\r\n")
    connection.close()


def hangs_up(connection: socket.socket, _: Asked) -> None:
    """Listens, and goes without a word."""
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def breaks_off(connection: socket.socket, _: Asked) -> None:
    """The connection is reset."""
    reset(connection)


def says_half(connection: socket.socket, _: Asked) -> None:
    """Promises more than it says."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"errcode":')
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def never_ends(connection: socket.socket, _: Asked) -> None:
    """Says more than anybody wants to hear."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def drips(connection: socket.socket, _: Asked) -> None:
    """One byte at a time, so that no single read is slow, until the other side has had enough."""
    connection.settimeout(0.02)
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 10_000:
        connection.sendall(bytes([byte]))
        with suppress(TimeoutError):
            if not connection.recv(1):
                return
