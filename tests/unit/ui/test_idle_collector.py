"""Garbage is collected while nobody presses a key."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from kvtui.ui.idle_collector import IdleCollector
from tests.support.clock import VirtualClock


class Ring:
    """Something that only the collector of garbage can take away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collection_put_off() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.unfreeze()
    gc.collect()
    gc.disable()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    gc.enable()


def old_garbage() -> weakref.ref[Ring]:
    """Make garbage that the smaller collections leave alone, until the large one is due."""
    ring = Ring()
    for _ in range(12):
        gc.collect(1)
    return weakref.ref(ring)


def test_all_is_looked_through_while_keys_rest() -> None:
    clock = VirtualClock()
    collector = IdleCollector(clock.now)
    collector.begin()
    collector.look()
    garbage = old_garbage()
    collector.note_key()
    collector.look()
    assert garbage() is not None

    clock.advance(1.0)
    collector.look()
    assert garbage() is None


def test_what_is_there_at_the_first_rest_is_not_looked_through_again() -> None:
    clock = VirtualClock()
    collector = IdleCollector(clock.now)
    collector.begin()
    loaded = gc.get_freeze_count()
    opened = [Ring() for _ in range(1000)]
    old_garbage()
    clock.advance(1.0)
    collector.look()
    assert gc.get_freeze_count() >= loaded + len(opened)

    garbage = old_garbage()
    collector.look()
    assert garbage() is None


def test_where_collection_was_not_put_off_it_stays_as_it_is() -> None:
    gc.enable()
    thresholds = gc.get_threshold()
    collector = IdleCollector(VirtualClock().now)
    collector.begin()
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() == 0
