"""Garbage collection, quiet where it would only be in the way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Collect nothing while modules load, and nothing of what the process ends with.

    `collect_again` turns collection on. At the end everything is left to the system: Python would
    look through all of it once more, for longer than it takes to quit.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.disable()


def collect_again() -> None:
    """Collect garbage from now on, where that was put off, but never what has been loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
