"""
The plain pages, rendered here with no framework and no build step: all people, one person, the API's documentation.

They show what the API shows and decide nothing. Everything that comes from a
record is escaped by `api.pages.markup`; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from api.pages import contact, inbox, login, views

STATIC = Path(__file__).parent / "static"


def install(app: FastAPI) -> None:
    """Hang the pages and their files into an app."""
    app.include_router(views.router)
    app.include_router(inbox.router)
    app.include_router(contact.router)
    app.include_router(login.router)
    app.add_exception_handler(views.LoginNeeded, _to_login)
    app.add_exception_handler(views.PasswordNeeded, _to_password)
    if (folder := _swagger()) is not None:
        app.mount("/static/swagger", StaticFiles(directory=folder), name="swagger")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _to_login(request: Request, error: Exception) -> Response:
    """Whoever is not logged in logs in first, and comes back."""
    return RedirectResponse(f"/login?{urlencode({'to': request.url.path})}", 303)


def _to_password(request: Request, error: Exception) -> Response:
    """Whoever bears a password that somebody else set sets another first."""
    return RedirectResponse("/password", 303)


def _swagger() -> Path | None:
    """The folder of Swagger UI's files, which a package brings; it is not imported."""
    spec = find_spec("fastapi_swagger")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "resources" if places else None
