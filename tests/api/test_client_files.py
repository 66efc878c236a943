"""The web client is served whole: one page for all its addresses, kept as long as it may be, under a strict policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.client_files import FOR_GOOD
from tests.api.clients import BASE, Client

PAGE = "<!doctype html><title>归途</title>"
SCRIPT = "console.log(1)\n" * 200
FILES = {
    "index.html": PAGE,
    "sw.js": "self.addEventListener('fetch', () => {})",
    "manifest.webmanifest": '{"name": "归途"}',
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "assets/index-BvX1a2b3.js": SCRIPT,
}


@pytest.fixture
def visitor(office: Client, tmp_path: Path) -> TestClient:
    """Somebody who is not logged in, at a server with a client."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return TestClient(create_app(office.parts, tmp_path), base_url=BASE)


@pytest.fixture
def unbuilt(office: Client, tmp_path: Path) -> TestClient:
    """The same where nothing was built."""
    return TestClient(create_app(office.parts, tmp_path / "client"), base_url=BASE)


def test_who_types_the_servers_name_comes_to_the_client(visitor: TestClient) -> None:
    sent = visitor.get("/", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/app/")
    assert visitor.get("/").text == visitor.get("/app").text == PAGE


@pytest.mark.parametrize(
    "path",
    ["", "index.html", "today", "person/0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0b01", "a/b/", "?x=1"],
)
def test_every_address_without_a_dot_is_the_one_page(visitor: TestClient, path: str) -> None:
    answer = visitor.get(f"/app/{path}")
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["assets/index-Old00000.js", "assets/x.css", "favicon.ico", "a.b/c.d"]
)
def test_a_file_that_is_not_there_is_never_the_page(visitor: TestClient, path: str) -> None:
    """A script that turned out to be a page kept a phone blank after a new release, and for a year."""
    answer = visitor.get(f"/app/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_route")
    assert answer.headers["cache-control"] == "no-store"


def test_what_bears_a_hash_is_kept_and_all_else_is_asked_for_anew(visitor: TestClient) -> None:
    kept = {name: visitor.get(f"/app/{name}").headers["cache-control"] for name in FILES}
    assert kept.pop("assets/index-BvX1a2b3.js") == FOR_GOOD
    assert set(kept.values()) == {"no-cache"}
    known = {"If-None-Match": visitor.get("/app/sw.js").headers["etag"]}
    again = visitor.get("/app/sw.js", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_scripts_travel_packed(visitor: TestClient) -> None:
    answer = visitor.get("/app/assets/index-BvX1a2b3.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text == SCRIPT


@pytest.mark.parametrize("path", ["", "sw.js", "today", "assets/index-BvX1a2b3.js", "assets/x.js"])
def test_nothing_of_elsewhere_runs_in_it(visitor: TestClient, path: str) -> None:
    headers = visitor.get(f"/app/{path}").headers
    told = headers["content-security-policy"].split("; ")
    policy = {name: rest for name, _, rest in (each.partition(" ") for each in told)}
    assert policy["default-src"] == "'none'"
    for name in ("script", "style", "connect", "worker", "manifest"):
        assert policy[f"{name}-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["font-src"] == "'self' data:"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_client_that_was_not_built_says_how(unbuilt: TestClient) -> None:
    for path, said in {"": "还没有构建", "today?lang=en": "not built yet"}.items():
        answer = unbuilt.get(f"/app/{path}")
        assert answer.status_code == 503
        assert answer.headers["cache-control"] == "no-store"
        assert said in answer.text
        assert "make client" in answer.text
    assert unbuilt.get("/app/sw.js").status_code == 404
    assert unbuilt.get("/login").status_code == 200


def test_it_takes_nothing(visitor: TestClient) -> None:
    answer = visitor.post("/app/", content=b"x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert visitor.head("/app/").status_code == 200


def test_files_beside_it_are_not_served(visitor: TestClient, tmp_path: Path) -> None:
    beside = tmp_path.parent / f"{tmp_path.name}.txt"
    beside.write_text("x")
    for path in (f"../{beside.name}", f"%2e%2e/{beside.name}", f"assets/..%2f..%2f{beside.name}"):
        assert visitor.get(f"/app/{path}").status_code == 404
