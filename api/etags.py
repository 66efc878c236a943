"""
Whether a caller has the answer already: a strong ETag, and 304 for whoever shows it.

It is the hash of what is sent, after the caller's role has left its fields in it and the
caller's language its sentences. So nothing that shows can be forgotten in it: a recording,
a new day, a leave, a name, a pack. Making the answer costs what it cost; what is saved
is the way to a phone. In front of the hash of a case stands its version, which `If-Match` goes by.
"""

from __future__ import annotations

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

VARY = "Accept-Language, Authorization, Cookie"


def answered(request: Request, body: bytes, version: int | None = None) -> Response:
    """
    This body, or 304 and nothing where the caller shows that they have it.

    Args:
        version: that of the case which is shown; None where none is.
    """
    digest = sha256(body).hexdigest()[:32]
    tag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    headers = {"ETag": tag, "Vary": VARY}
    if _shown(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _shown(header: str, tag: str) -> bool:
    """Whether the tag is among those shown; packed on the way it may have become a weak one (RFC 9110, 13.1.2)."""
    shown = {each.strip().removeprefix("W/") for each in header.split(",")}
    return tag in shown or "*" in shown
