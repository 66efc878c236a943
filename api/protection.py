"""The headers that protect a browser: every answer has them, one that tells of an error of ours too."""

from __future__ import annotations

from collections.abc import Mapping

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
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


def protecting(path: str) -> Mapping[str, str]:
    """The headers of whatever is answered at a path; what an answer says itself comes first."""
    return {
        **HEADERS,
        "Content-Security-Policy": DOCS_CSP if path == "/docs" else CSP,
        "Cache-Control": "no-cache" if path.startswith("/static/") else "no-store",
    }
