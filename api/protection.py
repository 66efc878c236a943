"""The headers that protect a browser: every answer has them, one that tells of an error of ours too."""

from __future__ import annotations

from collections.abc import Mapping

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CLIENT_CSP = CSP.replace(
    "img-src 'self' data:",
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self'; manifest-src 'self'",
)
"""The client shows a photo that waits to be sent (blob:), and its icons are a font that lies in its style sheet."""
DOCS_CSP = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""The documentation's page sets styles on its own elements; nothing of ours does."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser sends our own forms from "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""A photo is taken by the phone's own camera, which a field for a file opens and no policy forbids."""


def protecting(path: str) -> Mapping[str, str]:
    """The headers of whatever is answered at a path; what an answer says itself comes first."""
    return {
        **HEADERS,
        "Content-Security-Policy": _csp(path),
        "Cache-Control": "no-cache" if path.startswith("/static/") else "no-store",
    }


def _csp(path: str) -> str:
    if path == "/docs":
        return DOCS_CSP
    return CLIENT_CSP if path.startswith("/app/") else CSP
