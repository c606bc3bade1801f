"""Garbage collection, quiet where it would only be in the way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Collect nothing while modules load, and nothing of what the process ends with.

    The app turns collection on once it stands. At the end everything is left to the system:
    Python would look through all of it once more, for longer than it takes to quit.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.disable()
