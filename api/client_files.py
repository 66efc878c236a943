"""
The web client at /app/: the files that web/build.py puts into api/client, and the way there.

Every address without a dot is the client's one page, which finds out by itself what it shows: a
link to a person, kept or sent on, opens. A file that is not there is 404 and never that page: a
script that turned out to be a page once kept a phone blank. What bears a hash in its name is kept
for good; all else is asked for anew each time, and answered in a line while it is the same. The
files are packed like any answer (`api.packing`). Nobody has to be logged in: they are the same for all.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.context import language_of
from api.pages.markup import document, tag
from api.pages.words import Words

FOLDER = Path(__file__).parent / "client"
PLACE, PAGE, HASHED = "/app", "index.html", "assets/"
FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_ANEW = "no-cache"
router = APIRouter(include_in_schema=False)


def install(app: FastAPI, folder: Path) -> None:
    """Hang the client into an app; where it was not built, its page says how."""
    app.include_router(router)
    app.mount(PLACE, ClientFiles(directory=folder, check_dir=False), name="client")


@router.get("/")
def to_client() -> Response:
    """Who types no more than the name of the server comes to the client."""
    return RedirectResponse(f"{PLACE}/", 303)


class ClientFiles(StaticFiles):
    """The files of a folder, with one page for every address that names none."""

    async def check_config(self) -> None:
        """A folder that is not there is told of by its page; it may be built while the server runs."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or the page; with how long it may be kept."""
        name = path if "." in path.strip(".").rpartition("/")[2] else PAGE
        try:
            response = await super().get_response(name, scope)
        except HTTPException as error:
            if error.status_code == 404 and name == PAGE:
                return _not_built(Request(scope))
            raise
        response.headers["Cache-Control"] = FOR_GOOD if name.startswith(HASHED) else ASKED_ANEW
        return response


def _not_built(request: Request) -> Response:
    """A checkout whose client was never built, or was left out (GUITU_SKIP_WEB)."""
    words = Words(language_of(request))
    head = tag("head", tag("meta", charset="utf-8"), tag("title", words("product")))
    says = (
        tag("h1", words("product")),
        tag("p", words("client_not_built")),
        tag("p", tag("a", words("desk"), href="/desk")),
    )
    text = document(head, tag("body", *says), lang="zh-CN" if words.language == "zh" else "en")
    return HTMLResponse(text, 503)
