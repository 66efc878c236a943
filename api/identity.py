"""
How a request says who sends it: a bearer token, or the cookie of a browser with the mark of our own pages.

A browser sends its cookie whoever made it send the request. So whatever writes has
to bring, beside the cookie, a mark that only our own pages can read (and the
origin, which `api.guard` sees to).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from secrets import compare_digest

from starlette.requests import Request
from starlette.responses import Response

from workflow.rules.errors import Forbidden, Unauthenticated
from workflow.services.signing_in import SignedIn

SESSION, MARK = "guitu_session", "guitu_csrf"
MARK_HEADER = "X-CSRF-Token"
READING = ("GET", "HEAD", "OPTIONS")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """The secret that a request shows, and whether a browser sent it by itself."""

    secret: str
    by_cookie: bool


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


def remember(request: Request, response: Response, signed: SignedIn, seconds: int) -> None:
    """Let the browser keep the session, where no script reads it, and the mark, where ours do."""
    secure = request.url.scheme == "https"
    for name, value, hidden in (
        (SESSION, signed.secret, True),
        (MARK, mark_of(signed.secret), False),
    ):
        response.set_cookie(
            _name(request, name),
            value,
            max_age=seconds,
            path="/",
            secure=secure,
            httponly=hidden,
            samesite="strict",
        )


def forget(request: Request, response: Response) -> None:
    """Let the browser drop both."""
    for name in (SESSION, MARK):
        response.delete_cookie(_name(request, name), path="/", samesite="strict")


def address_of(request: Request) -> str:
    """Where a request comes from, as the server knows it; of IPv6 the network, since one place has all of it."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host


def _name(request: Request, name: str) -> str:
    """Under TLS the name says that no other host and no plain connection can have set it."""
    return f"__Host-{name}" if request.url.scheme == "https" else name
