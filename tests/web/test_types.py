"""The client knows the API as it is: its types are written from docs/openapi.json."""

from __future__ import annotations

from tests.web.conftest import Node
from web.build import WEB


def test_the_types_of_the_api_are_current(node: Node) -> None:
    """A field that the server no longer sends was read for a week, and found empty."""
    written = WEB / "src/api/types.ts"
    done = node("node_modules/openapi-typescript/bin/cli.js", "../docs/openapi.json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == written.read_text("utf-8").strip(), "run `make docs`"
