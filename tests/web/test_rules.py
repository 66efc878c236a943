"""The client's own tests of its pure parts (web/tests) hold; they run in Node as they stand, without a build."""

from __future__ import annotations

import re

from tests.web.conftest import Node


def test_the_rules_of_the_client_hold(node: Node) -> None:
    done = node("--test", "--test-reporter=tap", "tests/*.test.ts")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    counts = dict(re.findall(r"^# (pass|fail|skipped|todo|cancelled) (\d+)$", done.stdout, re.M))
    assert int(counts.pop("pass")) > 0
    assert set(counts.values()) == {"0"}, done.stdout[-6000:]
