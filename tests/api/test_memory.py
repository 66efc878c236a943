"""What a server keeps is set apart, so that nobody waits while Python looks for rubbish in it."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import gc
import api.app
from api.memory import settle
settle()
print(gc.get_freeze_count(), len(gc.get_objects()))
"""


def test_after_the_start_there_is_next_to_nothing_to_look_through() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOOK], capture_output=True, text=True, check=True, timeout=60
    )
    apart, left = map(int, told.stdout.split())
    assert apart > 50_000
    assert left < 1_000
