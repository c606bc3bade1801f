"""What is known of a namespace's keys, taken in page by page."""

import random

from kvtui.records import KeyEntry, KeyPage
from kvtui.session.known_keys import KnownKeys


def pages_in_no_order(count: int) -> list[KeyPage]:
    numbers = random.Random(3).sample(range(count), count)
    entries = [KeyEntry(f"user/{number:06}", number, "2026-01-01T00:00:00Z") for number in numbers]
    return [KeyPage.of(entries[at : at + 1000]) for at in range(0, count, 1000)]


def test_a_page_in_no_order_is_taken_into_many_keys_by_small_steps() -> None:
    known = KnownKeys()
    *first, last = pages_in_no_order(30_000)
    for page in first:
        known.take(page)

    steps = list(known.taking(last))

    assert len(steps) > 5
    assert max(steps) <= 1000 / 5
    assert sum(steps) == 1000
    assert list(known.index.keys()) == [f"user/{number:06}" for number in range(30_000)]
    assert all(entry.size_bytes == int(entry.key[5:]) for entry in known.index.entries("user/"))


def test_a_page_in_byte_order_is_taken_in_at_once() -> None:
    known = KnownKeys()
    for page in pages_in_no_order(25_000):
        known.take(page)
    page = KeyPage.of([KeyEntry(f"zone/{number:04}") for number in range(1000)])

    assert list(known.taking(page)) == [1000]


def test_what_is_done_here_while_a_page_is_taken_in_is_not_overtaken_by_it() -> None:
    known = KnownKeys()
    pages = pages_in_no_order(30_000)
    for page in pages:
        known.take(page)
    *_, written, deleted = sorted(pages[-1].keys)

    steps = known.taking(pages[-1])
    next(steps)
    known.note_deleted(deleted)
    known.note_written(written, 7)
    list(steps)

    assert deleted not in known.index
    assert known.index.get(written) == KeyEntry(written, 7, None)
    assert len(known.index) == 29_999
