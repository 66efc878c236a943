"""Logging in over HTTP, for the API and for the pages: what failed is counted, in a transaction of its own."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request

from api.context import Surroundings
from api.identity import address_of
from workflow.rules.errors import Unauthenticated
from workflow.services import signing_in
from workflow.services.signing_in import Lasting, SignedIn


def sign_in(
    here: Surroundings, request: Request, session_id: UUID, handle: str, password: str
) -> SignedIn:
    """
    A session for whoever knows the password.

    Raises:
        Unauthenticated: `login_failed`.
        Refused: `too_many_attempts`.
    """
    parts, address, now = here.parts, address_of(request), here.parts.wall().now
    here.read(lambda uow: signing_in.check_throttle(uow, handle, address, now))
    try:
        return here.write(
            lambda uow: signing_in.sign_in(
                uow,
                handle,
                password,
                session_id=session_id,
                address=address,
                passwords=parts.passwords,
                lasting=lasting(here),
                now=now,
            )
        )
    except Unauthenticated:
        here.write(lambda uow: signing_in.count_failure(uow, handle, address, now))
        raise


def lasting(here: Surroundings) -> Lasting:
    """How long a session lasts here."""
    settings = here.parts.settings
    return Lasting(settings.session_idle_minutes, settings.session_hours)
