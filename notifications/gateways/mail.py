"""
E-mail (电子邮件) by SMTP to one relay, under TLS whose certificate is right.

Connections are kept for a while and used again: a relay that has to greet, encrypt and log in for each of a
morning's digests would soon refuse.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from threading import Lock
from time import monotonic

from notifications.channels import LONGEST_SEND, MAIL_ADDRESS, TLS_AT_ONCE, Mail
from notifications.gateway import Outcome, Outgoing
from notifications.gateways.addresses import anywhere, connected, judged, resolved
from notifications.gateways.deadlines import BoundedTLSSocket, bounded, is_over, left, within
from notifications.gateways.outcomes import again, refused
from notifications.gateways.pace import Pace
from notifications.gateways.sending import sent
from notifications.gateways.wire import tls_context

SENDER_NAME = "工作提醒"
"""Who it is from, in every mailbox's list: a work reminder, and no office."""
KEPT_SECONDS = 20.0
"""Relays hang up after a few minutes; a line that waited for longer than this is not trusted."""
LETTERS_A_LINE = 50
FAREWELL_SECONDS = 1.0
NO_SUCH_ADDRESS = frozenset({550, 551, 553})


class MailGateway:
    """
    It lies in a mailbox of the recipient's own, so it may name case codes.

    Args:
        clock: what time it really is, aware; letters are dated by it.
        tls: other certificates than the usual ones.
    """

    name = "email"
    counts_only = False

    def __init__(
        self,
        mail: Mail,
        *,
        clock: Callable[[], datetime],
        seconds: float = LONGEST_SEND,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._mail, self._clock, self._seconds = mail, clock, seconds
        self._tls = tls or tls_context()
        self._tls.sslsocket_class = BoundedTLSSocket
        self._pace = Pace(10, 20)
        self._lines: list[_Line] = []
        self._lock = Lock()

    def send(self, message: Outgoing) -> Outcome:
        """Hand it to the relay, which answers for it from then on."""
        if not MAIL_ADDRESS.fullmatch(message.address):
            return Outcome("refused", "address_malformed")
        return sent(lambda: self._post(message), pace=self._pace, seconds=self._seconds)

    def close(self) -> None:
        """Hang up, politely where the relay is quick."""
        with self._lock:
            lines, self._lines = self._lines, []
        with within(FAREWELL_SECONDS):
            for line in lines:
                line.leave()

    def _post(self, message: Outgoing) -> None:
        try:
            self._hand_over(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise again(_broken(error)) from None

    def _hand_over(self, message: Outgoing) -> None:
        letter = letter_of(message, self._mail.sender, self._clock())
        line = self._line()
        try:
            line.take(letter, self._mail.sender, message.address)
        except BaseException:
            line.close()
            raise
        if line.is_worn:
            line.leave()
            return
        with self._lock:
            self._lines.append(line)

    def _line(self) -> _Line:
        """One that is kept and still answers, or a new one."""
        while True:
            with self._lock:
                line = self._lines.pop() if self._lines else None
            if line is None:
                return _Line(self._mail, self._tls)
            if line.answers():
                return line
            line.close()


def letter_of(message: Outgoing, sender: str, at: datetime) -> bytes:
    """
    The letter: the same at every attempt but for its date.

    Everything in it that is not the message is as neutral as the sender's address; the identity is under the
    same domain, since a machine's name would tell more.
    """
    user, _, domain = sender.rpartition("@")
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(SENDER_NAME, user, domain)
    letter["To"] = message.address
    letter["Subject"] = " ".join(message.title.split())
    letter["Date"] = at
    letter["Message-ID"] = f"<{message.message_id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body, cte="base64")
    return letter.as_bytes()


class _Line(smtplib.SMTP):
    """A connection to the relay, greeted, encrypted and logged in."""

    def __init__(self, mail: Mail, tls: ssl.SSLContext) -> None:
        self._tls, self._mail = tls, mail
        self._at_once = mail.port == TLS_AT_ONCE
        self._letters, self._used = 0, monotonic()
        domain = mail.sender.rpartition("@")[2]  # this machine's own name would tell whose it is
        super().__init__(mail.host, mail.port, local_hostname=domain)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: object = None
    ) -> tuple[int, bytes]:
        """Connect within the time that is left."""

        def connect(address: str, seconds: float) -> socket.socket:
            return socket.create_connection((address, port), seconds)

        self.sock = bounded(connected(judged(host, port, anywhere, resolved), connect))
        if self._at_once:
            self.sock.settimeout(left())
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=host)
        self.file = None
        return self.getreply()

    def take(self, letter: bytes, sender: str, address: str) -> None:
        """
        Hand one letter over; whoever hears an error hangs up.

        Raises:
            NotTaken: the relay will not have it.
        """
        self._letters += 1
        _agreed(self.mail(sender)[0])
        code = self.rcpt(address)[0]
        if code in NO_SUCH_ADDRESS:
            raise refused("address_unknown")
        _agreed(code)
        try:
            _agreed(self.data(letter)[0])
        except smtplib.SMTPDataError as error:
            _agreed(error.smtp_code)
            raise
        self._used = monotonic()

    def answers(self) -> bool:
        """Whether it is still there."""
        try:
            return monotonic() - self._used < KEPT_SECONDS and self.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    @property
    def is_worn(self) -> bool:
        """Whether it has carried as many letters as one line should."""
        return self._letters >= LETTERS_A_LINE

    def leave(self) -> None:
        """Say goodbye, and hang up."""
        with suppress(OSError, smtplib.SMTPException):
            self.quit()
        self.close()

    def _begin(self) -> None:
        self._greet()
        if self._mail.starttls and not self._at_once:
            self._encrypt()
            self._greet()
        if self._mail.user:
            self._log_in()

    def _greet(self) -> None:
        code = self.ehlo()[0]
        if code != 250:
            raise smtplib.SMTPHeloError(code, b"")

    def _encrypt(self) -> None:
        if not self.has_extn("starttls"):
            raise again("no_tls")
        if self.sock is not None:
            self.sock.settimeout(left())
        try:
            self.starttls(context=self._tls)
        except smtplib.SMTPResponseException:
            raise again("no_tls") from None

    def _log_in(self) -> None:
        """
        One try in one way: whoever tries a wrong password in each way has the account locked.

        Raises:
            NotTaken: `no_tls`, before a password was said; `login_refused`.
        """
        if not isinstance(self.sock, ssl.SSLSocket):
            raise again("no_tls")
        self.user, self.password = self._mail.user, self._mail.password
        ways = {"PLAIN": self.auth_plain, "LOGIN": self.auth_login}
        offered = self.esmtp_features.get("auth", "").upper().split()
        for way in [each for each in ways if each in offered]:
            try:
                self.auth(way, ways[way])
            except smtplib.SMTPAuthenticationError as error:
                if error.smtp_code < 500:
                    raise
                break
            except ValueError:  # letters that cannot be said here
                break
            return
        raise refused("login_refused")


def _agreed(code: int) -> None:
    """
    The relay's answer about this letter is a yes.

    Raises:
        NotTaken: it is a "not now" (4xx) or a "no" (5xx).
    """
    if 200 <= code < 300:
        return
    if 500 <= code < 600:
        raise refused(f"smtp_{code}")
    raise again(_numbered(code))


def _numbered(code: int) -> str:
    return f"smtp_{code}" if 100 <= code < 600 else "garbage"


def _broken(error: Exception) -> str:
    """The code for a relay that breaks off, or says what nobody understands; never what it said."""
    if is_over() or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, smtplib.SMTPResponseException):
        return _numbered(error.smtp_code)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "connection_lost"
    if isinstance(error, ssl.SSLError):
        return "no_tls"
    lost = isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    return "connection_lost" if lost else "garbage"
