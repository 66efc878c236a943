"""Mail relays: a real one that encrypts, logs in and keeps what it is handed, and one that says what it is told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.peers.sockets import Peer

USER, PASSWORD = "reminders", "open-sesame"


@dataclass
class Kept:
    """
    What a relay was handed, in order.

    Args:
        sessions: the connections that said hello, by where they came from: as many as carried a letter.
    """

    letters: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    hellos: list[str] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    logins: int = 0

    @property
    def parsed(self) -> list[EmailMessage]:
        """As a mailbox shows them."""
        return [self._read(each) for each in self.letters]

    @staticmethod
    def _read(letter: bytes) -> EmailMessage:
        found = message_from_bytes(letter, policy=default)
        assert isinstance(found, EmailMessage)
        return found


class _Handler:
    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def handle_EHLO(  # noqa: N802 (aiosmtpd looks it up by this name)
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._kept.hellos.append(hostname)
        return responses

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self._kept.letters.append(envelope.content)
        self._kept.recipients += envelope.rcpt_tos
        self._kept.sessions.add(str(session.peer))
        return "250 kept"


@contextmanager
def relay(tls: ssl.SSLContext) -> Iterator[tuple[int, Kept]]:
    """A relay that takes letters under STARTTLS, from whoever logs in; gives its port and what it keeps."""
    kept = Kept()

    def log_in(_server: Any, _session: Any, _envelope: Any, _way: str, who: Any) -> AuthResult:
        kept.logins += 1
        right = isinstance(who, LoginPassword) and who.login == USER.encode()
        right = right and who.password == PASSWORD.encode()
        return AuthResult(success=right, handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        _Handler(kept),
        hostname="127.0.0.1",
        port=port,
        tls_context=tls,
        require_starttls=True,
        auth_required=True,
        authenticator=log_in,
    )
    controller.start()
    try:
        yield port, kept
    finally:
        controller.stop()


# ------------------------------------------------------------------ one that says what it is told

Reply = bytes | Callable[[socket.socket], object]
WELL: Mapping[str, Reply] = {
    "hello": b"220 relay\r\n",
    "ehlo": b"250 relay\r\n",
    "mail": b"250 go on\r\n",
    "rcpt": b"250 go on\r\n",
    "data": b"354 say it\r\n",
    "dot": b"250 kept\r\n",
    "noop": b"250 here\r\n",
    "quit": b"221 bye\r\n",
}


class ScriptedRelay(Peer):
    """
    A relay, in the clear or under TLS from the first byte, that answers each command as it is told, or does something else instead.

    Args:
        replies: by command, `hello` for the greeting and `dot` for the end of a letter.
    """

    def __init__(
        self, replies: Mapping[str, Reply] | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(self._converse_smtp, tls)
        self._replies = {**WELL, **(replies or {})}
        self.commands: list[str] = []

    def _converse_smtp(self, connection: socket.socket) -> None:
        self._reply(connection, "hello")
        with connection.makefile("rb") as lines:
            while line := lines.readline().decode("latin-1").strip():
                command = line.split()[0].lower()
                self.commands.append(command)
                self._reply(connection, command)
                if command == "data" and self._replies["data"] == WELL["data"]:
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    self._reply(connection, "dot")

    def _reply(self, connection: socket.socket, command: str) -> None:
        reply = self._replies.get(command, b"502 unknown\r\n")
        if isinstance(reply, bytes):
            connection.sendall(reply)
        else:
            reply(connection)


def hangs(connection: socket.socket) -> None:
    """Says nothing until the other side has had enough."""
    connection.recv(1)


def hangs_up(connection: socket.socket) -> None:
    """Goes without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def drips(connection: socket.socket) -> None:
    """One byte at a time, so that no single read is slow, until the other side has had enough."""
    connection.settimeout(0.02)
    while True:
        connection.sendall(b"2")
        with suppress(TimeoutError):
            if not connection.recv(1):
                return
