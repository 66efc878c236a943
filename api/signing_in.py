"""Logging in over HTTP, for the API and for the pages."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from api.context import Surroundings, pause
from api.identity import address_of, device_shown, remember
from workflow.services import signing_in
from workflow.services.signing_in import Attempt, Lasting, SignedIn


def sign_in(
    here: Surroundings, request: Request, session_id: UUID, handle: str, password: str
) -> SignedIn:
    """
    A session for whoever knows the password.

    Raises:
        Unauthenticated: `login_failed`.
        Refused: `too_many_attempts`.
        Conflict: `session_known`.
        Unavailable: `logins_busy`.
    """
    parts = here.parts
    return signing_in.log_in(
        parts.uow,
        Attempt(session_id, handle, password, address_of(request), device_shown(request, handle)),
        passwords=parts.passwords,
        lasting=lasting(here),
        now=parts.wall().now,
        pause=pause,
    )


def keep(
    here: Surroundings, request: Request, response: Response, signed: SignedIn, handle: str
) -> None:
    """Let the browser keep what it logged in to."""
    remember(request, response, signed, handle, lasting(here).hours)


def lasting(here: Surroundings) -> Lasting:
    """How long a session lasts here."""
    settings = here.parts.settings
    return Lasting(settings.session_idle_minutes, settings.session_hours)
