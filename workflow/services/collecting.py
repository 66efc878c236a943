"""Work on very many rows without the garbage collector, which would walk the whole program again and again meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """
    Without the garbage collector: it would walk the whole program once for every two hundred cases.

    What they leave behind is little, and is collected afterwards.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
