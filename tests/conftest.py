"""
What holds in every test: no network beyond this machine, no setting from outside, findable examples.

All of that is done on import, so that it holds during collection too. A run begins and ends here as
well, for the server that its databases may need. Fixtures of one shelf live in the conftest of that
shelf.
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests import databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_patch = pytest.MonkeyPatch()

# ------------------------------------------------------------------ settings
# A developer's own GUITU_DATABASE_URL once pointed a test run at a real office. What a test run is
# told (GUITU_TEST_...) stays.
for _name in [name for name in os.environ if name.startswith("GUITU_")]:
    if not _name.startswith("GUITU_TEST_"):
        _patch.delenv(_name)


# ------------------------------------------------------------------ examples
# A failure in CI must fail again on the next run and on a developer's machine; at home, new
# examples each time find what the fixed ones never will. `--hypothesis-profile` overrides.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=2000)  # for a night
settings.load_profile("ci" if os.environ.get("CI") else "dev")


# ------------------------------------------------------------------ network
class NetworkRefused(RuntimeError):
    """A test tried to leave this machine. Not an OSError, so that no code takes it for a failed delivery."""


def _is_here(host: object) -> bool:
    """Whether a host is this machine; None and "" mean any of its own addresses."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_unless_here(host: object) -> None:
    if not _is_here(host):
        raise NetworkRefused(f"a test tried to reach {host!r}; use a fake or a loopback server")


def _guarded(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same method of a socket, refusing an address that is not on this machine."""

    def call(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(args[-1], tuple):
            _refuse_unless_here(args[-1][0])
        return real(self, *args)

    return call


def _guarded_lookup(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(host: object, *args: Any, **kwargs: Any) -> Any:
        _refuse_unless_here(host)
        return real(host, *args, **kwargs)

    return call


for _method in ("connect", "connect_ex", "sendto"):
    _patch.setattr(socket.socket, _method, _guarded(getattr(socket.socket, _method)))
_patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))


# ------------------------------------------------------------------ a run
def pytest_configure(config: pytest.Config) -> None:
    """Each process of a run, the one that starts the others first."""
    config.addinivalue_line(
        "markers", "databases(*kinds, why): what it runs on; see tests/workflow/conftest.py"
    )
    databases.begin_run()


def pytest_unconfigure() -> None:
    """Leave no server, no database and no folder behind."""
    databases.end_run()


# ------------------------------------------------------------------ a browser
@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """Chromium, for the tests of a module: while its driver runs, nobody else in this process may run an event loop."""
    from tests.browsers import started

    with started() as browser:
        yield browser
