from hypothesis import given, settings
from hypothesis import strategies as st

from kvtui.keyspace.backlog import Backlog
from kvtui.keyspace.index import KeyIndex
from kvtui.records import KeyEntry, KeyPage
from tests.support import key_model as model


def test_many_overlapping_pages_merge_in_small_steps() -> None:
    index, backlog = KeyIndex(), Backlog()
    for start in range(50):
        backlog.add(model.page_of(f"k{n:06}" for n in range(start, 50_000, 50)))
    assert len(backlog) == 50_000
    steps = list(backlog.merging(index))
    assert sum(steps) == len(index) == 50_000
    assert max(steps) <= 6_000
    assert len(backlog) == 0


def test_keys_outside_the_alphabet_are_kept_as_they_are() -> None:
    index, backlog = KeyIndex(), Backlog()
    keys = ["a\tb", "a\nb", "ä", "\0"]
    backlog.add(model.page_of(keys))
    assert sum(backlog.merging(index)) == 4
    assert list(index.keys()) == sorted(keys)


@given(pages=st.lists(st.lists(model.ENTRIES, max_size=12), max_size=8))
@settings(deadline=None)
def test_pages_merged_together_equal_pages_merged_one_by_one(pages: list[list[KeyEntry]]) -> None:
    together, one_by_one, backlog = KeyIndex(4), KeyIndex(4), Backlog()
    for entries in pages:
        backlog.add(KeyPage.of(entries))
        one_by_one.merge(KeyPage.of(entries))
    list(backlog.merging(together))
    assert [entry.key for entry in together.entries()] == list(one_by_one.keys())
