"""
The plain pages, rendered here with no framework and no build step: all people, one person, the API's documentation.

They show what the API shows and decide nothing. Everything that comes from a
record is escaped by `api.pages.markup`; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.pages import views

STATIC = Path(__file__).parent / "static"


def install(app: FastAPI) -> None:
    """Hang the pages and their files into an app."""
    app.include_router(views.router)
    if (folder := _swagger()) is not None:
        app.mount("/static/swagger", StaticFiles(directory=folder), name="swagger")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _swagger() -> Path | None:
    """The folder of Swagger UI's files, which a package brings; it is not imported."""
    spec = find_spec("fastapi_swagger")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "resources" if places else None
