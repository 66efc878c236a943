"""
Every refusal that the program can raise, found by reading its code.

What stands in docs/errors.md comes from here, so that no code can be added
without appearing there; a test holds the sentences to the same list.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.errors import status_of
from api.sentences import SENTENCES
from workflow.rules import errors
from workflow.rules.errors import GuituError
from workflow.rules.sentences import CODES, Sentence

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("api", "notifications", "workflow")
FAMILY: Mapping[str, type[GuituError]] = {
    name: found
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, GuituError)
}
ALL_SENTENCES: Mapping[str, Sentence] = {**CODES, **SENTENCES}


@dataclass(frozen=True, slots=True)
class Site:
    """
    A place in the code that makes a refusal.

    Args:
        place: the file and the line.
        code: None where it is not written out there, which a test forbids.
        family: the name of its class.
        facts: the names of what it brings to its sentence.
    """

    place: str
    code: str | None
    family: str
    facts: frozenset[str]


@cache
def sites() -> tuple[Site, ...]:
    """Each place, in the order of files and lines."""
    return tuple(
        site
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for site in sites_in(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
    )


def sites_in(source: str, name: str) -> Iterator[Site]:
    """The places of one module, whatever it calls the classes."""
    tree = ast.parse(source, name)
    called = _names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        family = called.get(ast.unparse(node.func))
        if family is None:
            continue
        first = node.args[0] if node.args else None
        code = first.value if isinstance(first, ast.Constant) else None
        facts = frozenset(each.arg for each in node.keywords if each.arg)
        yield Site(f"{name}:{node.lineno}", str(code) if code else None, family, facts)


def statuses() -> dict[str, int]:
    """The HTTP status of each code that is raised anywhere."""
    return {site.code: status_of(FAMILY[site.family](site.code)) for site in sites() if site.code}


def _names(tree: ast.Module) -> dict[str, str]:
    """What a module calls each class: `Refused`, `errors.Refused`, or a name of its own."""
    found = {f"errors.{name}": name for name in FAMILY}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == errors.__name__:
            found |= {each.asname or each.name: each.name for each in node.names}
    return {called: name for called, name in found.items() if name in FAMILY}
