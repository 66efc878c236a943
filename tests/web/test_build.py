"""What is built: a wheel carries the client, it is small at first load, keeps all of itself, and names no other server."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from api.client_files import PAGE, PLACE
from api.packing import LEVEL
from web.build import BUILT, FETCHED, WEB, loaded_at_once

ROOT = WEB.parent
FIRST_LOAD = 170_000
"""Bytes of script and style, packed, before anything is seen: 3 seconds at half a megabit."""
TEXTS = (
    "http://www.w3.org/",  # names of XML, which nobody asks for
    "https://vuejs.org/error-reference/",  # where the text of an error says to read on, as the next two
    "http://bit.ly/2kdckMn",
    "https://tinyurl.com/y2uuvskb",
    "https://maps.apple.com/",  # a link, which opens the iPhone's own maps (src/rules/reaching.ts)
)
REQUIRED = "from hatchling import build; print(build.get_requires_for_build_wheel())"


def files(folder: Path) -> dict[str, bytes]:
    """What a browser may be given: each file but the note of the build."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    del found[BUILT.name]
    return {name: path.read_bytes() for name, path in found.items() if path.is_file()}


# ------------------------------------------------------------------ the wheel


def told(tree: Path, *arguments: str, **more: str) -> str:
    """What Python says in a tree, on a system that has a shell and nothing else: no Node above all."""
    alone = tree / "bin"
    if not alone.exists():
        alone.mkdir()
        (alone / "sh").symlink_to(shutil.which("sh") or "")
    env = {"PATH": str(alone), "HOME": str(tree), **more}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def source_archive(to: Path) -> tuple[Path, list[str]]:
    """A source archive of this tree, opened; and what it holds."""
    asked = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(to)]
    subprocess.run(asked, cwd=ROOT, check=True, capture_output=True)
    archive = next(to.glob("*.tar.gz"))
    with tarfile.open(archive) as source:
        source.extractall(to, filter="data")
        return to / archive.name.removesuffix(".tar.gz"), source.getnames()


@pytest.mark.slow
def test_a_wheel_of_a_source_archive_carries_the_client(built: Path, tmp_path: Path) -> None:
    """A release came without its client: its wheel was made of an archive that had nothing to build from."""
    tree, names = source_archive(tmp_path)
    assert not [name for name in names if "node_modules" in name or "/api/client/" in name]
    assert "nodejs" in told(tree, "-c", REQUIRED)
    assert told(tree, "-c", REQUIRED, GUITU_SKIP_WEB="1").strip() == "[]"
    (tree / "web/node_modules").symlink_to(WEB / FETCHED.parent)  # so that nothing is fetched
    told(tree, "-m", "hatchling", "build", "-t", "wheel")
    with zipfile.ZipFile(next((tree / "dist").glob("*.whl"))) as wheel:
        carried = {name: wheel.read(name) for name in wheel.namelist()}
    assert not [name for name in carried if name.startswith(("web/", "tests/", "bin/"))]
    for name, text in files(
        built
    ).items():  # byte for byte: of the same sources comes the same client
        assert carried.pop(f"api/client/{name}") == text, name
    assert [name for name in carried if name.startswith("api/client/")] == ["api/client/.built"]
    assert told(tree, "-c", REQUIRED).strip() == "[]"  # it is there: nothing is built a second time


# ------------------------------------------------------------------ the client


def test_it_is_small_at_first_load(built: Path) -> None:
    loaded = loaded_at_once(built)
    sizes = {path.name: len(gzip.compress(path.read_bytes(), LEVEL)) for path in loaded}
    assert len(sizes) > 1
    assert sum(sizes.values()) <= FIRST_LOAD, sizes


def test_it_names_no_other_server(built: Path) -> None:
    """A font from elsewhere told its server each time that somebody opened the list of their people."""
    address = re.compile(rb"\b(?:https?|wss?)://[^\s\"'`<>)\\]*|(?:src|href)=[\"']//[^\"']*")
    found = {
        f"{name}: {hit.decode()}"
        for name, text in files(built).items()
        if not name.endswith(".png")
        for hit in address.findall(text)
        if not hit.decode().startswith(TEXTS)
    }
    assert not found


def test_the_worker_keeps_all_that_was_built(built: Path) -> None:
    worker = (built / "sw.js").read_text("utf-8")
    kept = re.search(r"^const FILES = (\[.*\])$", worker, re.MULTILINE)
    assert kept is not None
    wanted = {f"{PLACE}/{name}" for name in files(built) if name not in ("sw.js", PAGE)}
    assert set(json.loads(kept[1])) == wanted | {f"{PLACE}/"}
    assert "/api/" not in re.sub(r"/\*.*?\*/", "", worker, flags=re.DOTALL)


def test_it_can_be_put_on_the_first_screen(built: Path) -> None:
    manifest = json.loads((built / "manifest.webmanifest").read_text("utf-8"))
    assert manifest["start_url"] == manifest["scope"] == f"{PLACE}/"
    assert manifest["display"] == "standalone"
    sizes = {each["src"]: each["sizes"] for each in manifest["icons"] if each["sizes"] != "any"}
    assert {"192x192", "512x512"} <= set(sizes.values())
    for name, size in sizes.items():
        with Image.open(built / name) as icon:
            assert "x".join(map(str, icon.size)) == size
