"""
One HTTP client a gateway, which connects only where it may, ends in time, keeps nothing of a peer, and logs no address.

What comes back is a body or the reason why there is none.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from notifications.gateways.addresses import May, Resolve, connected, judged, resolved
from notifications.gateways.deadlines import is_over, left
from notifications.gateways.outcomes import again, refused

LARGEST_ANSWER = 65_536
LONGEST_REST = 86_400.0
"""A peer that asks to be left alone for longer than a day is asked again after a day."""
MOST_CONNECTIONS, KEPT_CONNECTIONS, KEPT_SECONDS = 100, 20, 30
KNOWN_BY = "reminders"
"""The user agent: what others see of us says nothing about whom the messages concern."""


def _say_nothing(_: logging.LogRecord) -> bool:
    return False


# The client writes each address into its log, and WeCom wants its secrets in the address; below it, at the
# level of debugging, the peer's headers are written. A handler that somebody adds at the root gets neither.
for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_say_nothing)


def tls_context() -> ssl.SSLContext:
    """Trusts the public authorities, and those of the machine (`SSL_CERT_FILE` too)."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


class _Stream(httpcore.NetworkStream):
    """A connection each of whose reads and writes ends with the whole send."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = _left(httpcore.ConnectTimeout)
        try:
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, seconds))
        except httpcore.ConnectError as error:
            wrong = isinstance(error.__cause__, ssl.SSLCertVerificationError)
            raise again("certificate" if wrong else "no_tls") from None

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(over: type[httpcore.TimeoutException]) -> float:
    try:
        return left()
    except TimeoutError:
        raise over from None


class _Backend(httpcore.NetworkBackend):
    """Connects to addresses that were judged, and to no other."""

    def __init__(self, may: May, resolve: Resolve) -> None:
        self._may, self._resolve = may, resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        def connect(address: str, seconds: float) -> httpcore.NetworkStream:
            try:
                return httpcore.SyncBackend().connect_tcp(address, port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                raise ConnectionError from error

        return _Stream(connected(judged(host, port, self._may, self._resolve), connect))


class Wire(httpx.HTTPTransport):
    """
    A transport that connects only where it may, and not through a proxy that the environment names.

    Args:
        may: judges addresses (`notifications.gateways.addresses`).
        tls: another context than the usual one.
    """

    def __init__(
        self, may: May, *, tls: ssl.SSLContext | None = None, resolve: Resolve = resolved
    ) -> None:
        context = tls or tls_context()
        super().__init__(verify=context, trust_env=False)
        # httpx hands no backend through; its next release may call this otherwise (pinned below 0.29).
        self._pool = httpcore.ConnectionPool(
            context,
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=KEPT_CONNECTIONS,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=_Backend(may, resolve),
        )


def client(wire: httpx.BaseTransport, seconds: float, **options: Any) -> httpx.Client:
    """A client that follows nowhere, keeps no cookie, asks for a plain answer and says little of itself."""
    return httpx.Client(
        transport=wire,
        timeout=seconds,
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": KNOWN_BY, "Accept-Encoding": "identity"},
        **options,
    )


def answered(http: httpx.Client, request: httpx.Request, clock: Callable[[], datetime]) -> bytes:
    """
    The body of the answer, where the peer says that all is well.

    Raises:
        NotTaken: it did not; `half_answer` and what follows the request may mean that it has the message.
    """
    try:
        response = http.send(request, stream=True)
    except httpx.HTTPError as error:
        raise again(_unanswered(error)) from None
    try:
        _judge(response, clock)
        return _body(response)
    except httpx.TimeoutException:
        raise again("timeout") from None
    except httpx.ReadError:
        raise again("connection_lost") from None
    except httpx.HTTPError:
        raise again("half_answer") from None
    finally:
        response.close()


def _unanswered(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException) or is_over():
        return "timeout"
    if isinstance(error, httpx.ConnectError):
        return "unreachable"
    if isinstance(error, httpx.NetworkError):
        return "connection_lost"
    below = error.__cause__.args if error.__cause__ else ()
    unreadable = bool(below) and isinstance(
        below[0], Exception
    )  # of the parser; a mere end has a text
    return "garbage" if unreadable else "hung_up"


def _judge(response: httpx.Response, clock: Callable[[], datetime]) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    after = seconds_of(response.headers.get("Retry-After"), clock)
    if status == 429:
        raise again("rate_limited", after)
    if status >= 500 or status in (408, 425):
        raise again(f"http_{status}", after)
    raise refused("redirect" if 300 <= status < 400 else f"http_{status}")


def _body(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise again("garbage")  # a plain answer was asked for; a packed one may unfold to any size
    found = bytearray()
    for part in response.iter_bytes():
        found += part
        if len(found) > LARGEST_ANSWER:
            raise again("answer_too_long")
    return bytes(found)


def seconds_of(retry_after: str | None, clock: Callable[[], datetime]) -> float | None:
    """What a header `Retry-After` asks for, as seconds or as a date (RFC 9110, 10.2.3); None where it makes no sense."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after[:9]), LONGEST_REST)
    try:
        then = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max((aware - clock()).total_seconds(), 0.0), LONGEST_REST)
