"""
The shape of the tree: what may lie where, how large it may grow, and who alone may do what.

The import contracts are in pyproject.toml and run by `make check`; here is what imports cannot
show. Each test tells the bug behind it. A folder that does not exist yet breaks nothing.
"""

import ast
import functools
import importlib
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import NetworkRefused

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("api", "notifications", "workflow")
MIGRATIONS = "workflow/store/migrations/"
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

MODULE_LINES = 400
TEST_MODULE_LINES = 500
FUNCTION_LINES = 40
ROUTE_LINES = 15

Function = ast.FunctionDef | ast.AsyncFunctionDef


# ------------------------------------------------------------------ reading the tree


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each module below the folders, by its path in the tree, parsed."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), parsed(path)


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def lines_of(name: str) -> int:
    return len((ROOT / name).read_text("utf-8").splitlines())


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines_of_function(function: Function) -> int:
    """From `def` to the last line, without the docstring: explaining is free."""
    first = function.body[0]
    explained = 0
    if ast.get_docstring(function) is not None:
        explained = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - explained


def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `{"dt": "datetime", "now": "datetime.datetime.now"}`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                short = alias.asname or alias.name.partition(".")[0]
                names[short] = alias.name if alias.asname else short
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each use of an imported thing, by line and full name, whatever it is called here."""
    names = imported(tree)
    for node in ast.walk(tree):
        chain: list[str] = []
        part: ast.AST = node
        while isinstance(part, ast.Attribute):
            chain.append(part.attr)
            part = part.value
        if isinstance(part, ast.Name) and part.id in names and isinstance(node, ast.expr):
            yield node.lineno, ".".join([names[part.id], *reversed(chain)])


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each import, by line and the package at its root."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module.partition(".")[0]


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_route(function: Function) -> bool:
    verbs = {"get", "post", "put", "patch", "delete", "head", "options", "api_route"}
    return any(
        isinstance(mark, ast.Call)
        and isinstance(mark.func, ast.Attribute)
        and mark.func.attr in verbs
        for mark in function.decorator_list
    )


def used_outside(home: str, wanted: re.Pattern[str], *folders: str) -> list[str]:
    """Where something that has one home (a file, or a folder ending in `/`) is used elsewhere."""
    return [
        f"{name}:{line} {what}"
        for name, tree in modules(*folders)
        if not name.startswith(home)
        for line, what in uses(tree)
        if wanted.fullmatch(what)
    ]


def show(found: list[str], advice: str) -> str:
    return "\n".join([advice, *found])


# ------------------------------------------------------------------ sizes


def test_modules_stay_small() -> None:
    """What people fear is one giant file named after a layer: it began as a handy place. Split by noun."""
    found = [
        f"{name}: {lines_of(name)} lines"
        for name, _ in modules(*PACKAGES, "bench")
        if not name.startswith(MIGRATIONS) and lines_of(name) > MODULE_LINES
    ]
    assert not found, show(found, f"at most {MODULE_LINES} lines; split by noun or by rule")


def test_test_modules_stay_small() -> None:
    """A test file nobody reads to its end hides the test that was never written."""
    found = [
        f"{name}: {lines_of(name)} lines"
        for name, _ in modules("tests")
        if lines_of(name) > TEST_MODULE_LINES
    ]
    assert not found, show(found, f"at most {TEST_MODULE_LINES} lines; split by what is tested")


def test_functions_stay_small() -> None:
    """A rule that needs scrolling is two rules, and the second one is where the deadline went wrong."""
    found = [
        f"{name}:{function.lineno} {function.name}: {lines_of_function(function)} lines"
        for name, tree in modules(*PACKAGES, "bench")
        if not name.startswith(MIGRATIONS)
        for function in functions(tree)
        if lines_of_function(function) > FUNCTION_LINES
    ]
    assert not found, show(found, f"at most {FUNCTION_LINES} lines without the docstring")


def test_route_handlers_only_parse_call_and_return() -> None:
    """A rule in a route holds for HTTP and not for the tick, so the same case had two answers."""
    found = [
        f"{name}:{function.lineno} {function.name}: {lines_of_function(function)} lines"
        for name, tree in modules("api/routes")
        for function in functions(tree)
        if is_route(function) and lines_of_function(function) > ROUTE_LINES
    ]
    assert not found, show(found, f"at most {ROUTE_LINES} lines: parse, call one service, return")


# ------------------------------------------------------------------ names and packages


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_ours(package: str) -> None:
    """`api` and `workflow` are names that others use too: the wrong one was imported, and it half worked."""
    if not (ROOT / package).exists():
        pytest.skip(f"{package} is not built yet")
    found = importlib.import_module(package).__file__
    assert found is not None, (
        f"{package} has no __init__.py, so any folder of that name may join it"
    )
    assert Path(found).resolve().is_relative_to(ROOT)


def test_packages_are_listed_not_discovered() -> None:
    """A discovered package put `tests` and a stray environment into a release."""
    assert PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)


def test_modules_are_named_after_what_they_hold() -> None:
    """Nobody finds a rule in `utils`, so it is written again, a little differently."""
    vague = re.compile(r"(utils?|helpers?|common|base|misc|managers?|handlers?)(\.py)?")
    found = [
        name
        for name, _ in modules(*PACKAGES, "bench", "tests")
        if any(vague.fullmatch(part) for part in name.split("/"))
    ]
    assert not found, show(found, "name the module by the trade's noun")


# ------------------------------------------------------------------ who alone may do what


def test_one_reader_of_the_environment() -> None:
    """A setting read in a far corner is in no manual, and no test can set it."""
    wanted = re.compile(r"os\.(environb?|getenvb?|putenv)(\..*)?|pydantic_settings\..*")
    found = used_outside("api/settings.py", wanted, *PACKAGES)
    found += [
        f"{name}:{call.lineno} envvar="
        for name, tree in modules(*PACKAGES)
        for call in calls(tree)
        if any(word.arg == "envvar" for word in call.keywords)
    ]
    assert not found, show(found, "add a field to api/settings.py")


def test_one_reader_of_the_clock() -> None:
    """Two readings of "today" in one request straddled midnight, and one person was told a day late."""
    wanted = re.compile(
        r"datetime\.(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|localtime|gmtime)"
    )
    found = used_outside("api/bootstrap.py", wanted, *PACKAGES)
    assert not found, show(found, "a time is an argument; the clock is built in api/bootstrap.py")


def test_one_place_commits() -> None:
    """A commit in the middle of a use case left the stage moved and the notice unwritten."""
    found = [
        f"{name}:{call.lineno}"
        for name, tree in modules(*PACKAGES)
        if name != "workflow/store/unit_of_work.py"
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
        if ast.unparse(call.func.value) != "super()"  # the driver's own, awaited by its subclass
    ]
    assert not found, show(found, "leave the unit of work without an error: it commits")


def test_queries_are_written_in_the_store() -> None:
    """A query in a route forgot the caller's scope, and one office read another's people."""
    wanted = re.compile(r"(sqlmodel|sqlalchemy)(\.\w+)*\.(select|insert|update|delete|text)")
    found = used_outside("workflow/store/", wanted, *PACKAGES)
    assert not found, show(found, "give the query a name in workflow/store")


def test_status_codes_stay_in_the_api() -> None:
    """A refusal that was an HTTPException came out of the nightly run as a crash without a code."""
    wanted = re.compile(r"(fastapi|starlette)\.(.*\.)?HTTPException")
    found = used_outside("api/", wanted, *PACKAGES)
    assert not found, show(found, "raise a Refused from workflow/rules/errors.py")


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("transitions", "workflow/rules/stages.py"),
        ("apscheduler", "notifications/engines/embedded.py"),
        ("procrastinate", "notifications/engines/procrastinate"),
        ("httpx", "notifications/gateways"),
        ("prometheus_client", "notifications/metrics.py"),
    ],
)
def test_libraries_with_one_home(library: str, home: str) -> None:
    """Triggers, jobs and posts out of sight: a second machine disagreed with the first about a stage."""
    found = [
        f"{name}:{line} imports {library}"
        for name, tree in modules(*PACKAGES)
        if not name.startswith(home)
        for line, package in imports(tree)
        if package == library
    ]
    assert not found, show(found, f"{library} lives in {home}")


def test_what_runs_is_synchronous() -> None:
    """A coroutine that called a blocking driver stopped every other request while a county was swept."""
    alive = "api/routes/health.py live"  # asks nothing, and must answer while every thread is taken
    found = [
        f"{name}:{function.lineno} async def {function.name}"
        for name, tree in modules("workflow", "notifications", "api/routes")
        for function in functions(tree)
        if isinstance(function, ast.AsyncFunctionDef) and f"{name} {function.name}" != alive
    ]
    assert not found, show(found, "write a plain def: docs/decisions/0008")


def test_no_exception_to_a_contract_outlives_its_need() -> None:
    """An `ignore_imports` line whose import was gone let the next one through."""
    linter = PYPROJECT["tool"]["importlinter"]
    levels = [
        each.get("unmatched_ignore_imports_alerting", "error") for each in linter["contracts"]
    ]
    assert set(levels) == {"error"}


# ------------------------------------------------------------------ what the tree tells


def tracked() -> Iterator[tuple[str, str]]:
    """Each text file that is, or is about to be, in the repository."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
        names = [name for name in told.decode("utf-8").split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a source archive has no repository
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [path.as_posix() for path in paths if is_ours(path)]
    for name in sorted(set(names)):
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, IsADirectoryError, FileNotFoundError):
            continue  # a picture, a folder, or a file just deleted


def is_ours(path: Path) -> bool:
    """Whether a file of a source archive is no tool's own: what pip, npm and vite put there."""
    parts = path.parts
    made = "node_modules" in parts or parts[:2] == ("api", "client")
    return not made and not parts[0].startswith(".")


def places_of_this_machine() -> set[str]:
    """The checkout, the home, and where this machine's pip looks, unless it is the public index."""
    places = {str(ROOT)} if len(ROOT.parts) > 2 else set()
    places.add(f"{Path.home()}{os.sep}")
    asked = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    for line in told.splitlines():
        key, _, value = line.partition("=")
        if key.rpartition(".")[2] in ("index-url", "extra-index-url", "find-links", "proxy"):
            for word in value.strip("'\"").split():
                url = urlsplit(word)
                places.add(url.hostname or url.path.removesuffix("/simple"))
    return {place for place in places if len(place) > 3} - {"pypi.org", "localhost"}


def test_nothing_names_this_machine() -> None:
    """A path of the author's machine in a manual sent every reader to a folder that they do not have."""
    places = re.compile("|".join(rf"(?<![\w.-]){re.escape(p)}" for p in places_of_this_machine()))
    found = [
        f"{name}:{number} {hit.group()}"
        for name, text in tracked()
        for number, line in enumerate(text.splitlines(), 1)
        if (hit := places.search(line))
    ]
    assert not found, show(found, "name no path, host or registry of your own machine")


def test_locks_carry_no_address() -> None:
    """A lock with a mirror's address could be installed on one network and on no other."""
    locks = re.compile(
        r"(constraints.*|requirements.*)\.txt|.*\.lock|package-lock\.json|pnpm-lock\.yaml"
    )
    addresses = re.compile(r'\w://|^\s*-|@ |"resolved"')
    found = [
        f"{name} {line.strip()}"
        for name, text in tracked()
        if locks.fullmatch(name.rpartition("/")[2])
        for line in without_thanks(name, text).splitlines()
        if addresses.search(line) or (name == "constraints.txt" and not exact(line))
    ]
    advice = "exact releases only: `make lock` writes constraints.txt, web/.npmrc holds for npm"
    assert not found, show(found, advice)


def without_thanks(name: str, text: str) -> str:
    """npm notes in its lock whom to thank, and where; nothing is fetched from there."""
    if not name.endswith("package-lock.json"):
        return text
    lock = json.loads(text)
    for package in lock["packages"].values():
        package.pop("funding", None)
    return json.dumps(lock, indent=1)


def exact(line: str) -> bool:
    return bool(re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.!]+", line))


SECTIONS = ("Context", "Decision", "Consequences", "Alternatives", "What enforces it")
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


def test_no_two_decisions_share_a_number() -> None:
    """Two records with one number: a reader of the code found the wrong reason."""
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decisions_name_what_enforces_them(path: Path) -> None:
    """A decision that nothing enforces was broken within a month, and the record still praised it."""
    text = path.read_text("utf-8")
    assert re.search(r"^- Status: .+\n- Area: .+\n- Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    named = re.findall(r"`([^`\s]+)`", text.partition("## What enforces it")[2])
    enforcers = [name for name in named if name.startswith("importlinter:") or "/" in name]
    assert enforcers, f"{path.name} names no contract, test or file"
    missing = [name for name in enforcers if not enforcer_exists(name)]
    assert not missing, show(missing, f"{path.name} names what does not exist")


def enforcer_exists(name: str) -> bool:
    """`importlinter:ID`, `path`, or `path::test`."""
    if name.startswith("importlinter:"):
        contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
        return name.partition(":")[2] in {each["id"] for each in contracts}
    file, _, test = name.partition("::")
    if not (ROOT / file).exists():
        return False
    return not test or f"def {test}(" in (ROOT / file).read_text("utf-8")


# ------------------------------------------------------------------ the tests themselves


def test_no_test_leaves_this_machine() -> None:
    """A forgotten fake posted a test's reminder to a real group chat."""
    with socket.socket() as outside, pytest.raises(NetworkRefused):
        outside.connect(("192.0.2.1", 80))  # an address reserved for documentation
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.org", 80)


def test_loopback_stays_open() -> None:
    """Tests of the server and of gateways speak to a port on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_no_setting_reaches_a_test_from_outside() -> None:
    """A developer's own database address once pointed a test run at a real office."""
    left = [name for name in os.environ if name.startswith("GUITU_")]
    assert all(name.startswith("GUITU_TEST_") for name in left)
