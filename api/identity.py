"""
How a request says who sends it: a bearer token, or the cookie of a browser with the mark of our own pages.

A browser sends its cookie whoever made it send the request. So whatever writes has
to bring, beside the cookie, a mark that only our own pages can read (and the
origin, which `api.guard` sees to).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from secrets import compare_digest

from starlette.requests import Request
from starlette.responses import Response

from workflow.rules.errors import Forbidden, Unauthenticated
from workflow.services.sessions import SessionKind
from workflow.services.signing_in import SignedIn

SESSION, MARK, DEVICE = "guitu_session", "guitu_csrf", "guitu_device"
MARK_HEADER = "X-CSRF-Token"
READING = ("GET", "HEAD", "OPTIONS")
LONGEST = 200
DEVICE_DAYS = 180
ONE_PLACE = 64
"""Of an IPv6 address, the bits that name a place: one subscriber has all the rest."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The secret that a request shows, and whether a browser sent it by itself."""

    secret: str
    by_cookie: bool

    @property
    def kind(self) -> SessionKind:
        """What may be shown so."""
        return "browser" if self.by_cookie else "token"


def shown_by(request: Request) -> Shown:
    """
    What the request shows; a token goes before a cookie.

    Raises:
        Unauthenticated: `login_needed`: it shows nothing.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and 0 < len(token) <= LONGEST:
        return Shown(token.strip(), by_cookie=False)
    secret = request.cookies.get(_name(request, SESSION), "")
    if not 0 < len(secret) <= LONGEST:
        raise Unauthenticated("login_needed")
    return Shown(secret, by_cookie=True)


def check_mark(request: Request, shown: Shown, given: str | None = None) -> None:
    """
    See that a writing request comes from one of our own pages, where a cookie says who sends it.

    Args:
        given: the mark from a form; the header's where it is left out.

    Raises:
        Forbidden: `csrf_failed`.
    """
    if not shown.by_cookie or request.method in READING:
        return
    mark = request.headers.get(MARK_HEADER, "") if given is None else given
    if not compare_digest(mark.encode(), mark_of(shown.secret).encode()):
        raise Forbidden("csrf_failed")


def mark_of(secret: str) -> str:
    """The mark that belongs to a session: from the secret to it there is a way, and none back."""
    return sha256(f"csrf|{secret}".encode()).hexdigest()


def remember(
    request: Request, response: Response, signed: SignedIn, handle: str, hours: int
) -> None:
    """
    Let the browser keep the session, where no script reads it, and the mark, where ours do.

    And by what it is known again at the next login under this handle, which opens nothing.
    """
    longest = hours * 3600
    _keep(request, response, SESSION, signed.secret, longest)
    _keep(request, response, MARK, mark_of(signed.secret), longest, hidden=False)
    _keep(request, response, _of_handle(handle), signed.device, DEVICE_DAYS * 86400)


def forget(request: Request, response: Response) -> None:
    """Let the browser drop the session and the mark."""
    for name in (SESSION, MARK):
        _keep(request, response, name, "", 0)


def device_shown(request: Request, handle: str) -> str:
    """What the browser kept from an earlier login under this handle; empty where it kept nothing."""
    return request.cookies.get(_name(request, _of_handle(handle)), "")[:LONGEST]


def address_of(request: Request) -> str:
    """Where a request comes from, as the server knows it; of IPv6 the network, since one place has all of it."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, ONE_PLACE), strict=False))
    return str(address)


def _keep(
    request: Request,
    response: Response,
    name: str,
    value: str,
    seconds: int,
    *,
    hidden: bool = True,
) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=request.url.scheme == "https",
        httponly=hidden,
        samesite="strict",
    )


def _of_handle(handle: str) -> str:
    """Several people log in at one machine, and each is known there by themselves."""
    return f"{DEVICE}_{sha256(handle.encode()).hexdigest()[:16]}"


def _name(request: Request, name: str) -> str:
    """Under TLS the name says that no other host and no plain connection can have set it."""
    return f"__Host-{name}" if request.url.scheme == "https" else name
