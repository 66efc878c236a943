"""
What a server that has started keeps in memory is not looked through again for rubbish.

Python looks through every object now and then for cycles that nobody holds. Of a server these are some
180,000 (the code itself, the routes, the description of the API), all of which stay. To look at them takes an
eighth of a second, in which nobody is answered; and with the customary 700 new objects between two looks each
list that is read costs one more.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 20_000
"""Between two looks at the newest; the older ones are looked at every tenth and every hundredth time."""


def settle() -> None:
    """Set apart what is there now; to be called once, when all is loaded and before anybody is served."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)


@contextmanager
def settled() -> Iterator[None]:
    """The same for a while: what was set apart is looked at again afterwards."""
    before = gc.get_threshold()
    settle()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
