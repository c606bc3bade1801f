from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.ranking import MAX_SHARES, Ranking
from kvtui.records import KeyEntry, KeyPage
from tests.support.key_model import ENTRIES, children


@given(st.lists(ENTRIES, max_size=60), st.integers(1, 5))
def test_every_child_is_ranked_by_what_it_holds(entries: list[KeyEntry], budget: int) -> None:
    index = KeyIndex()
    index.merge(KeyPage.of(entries))
    ranking = Ranking(index, "")

    while not ranking.step(budget):
        pass

    known = list(index.entries())
    sizes: Counter[str] = Counter()
    for path in children((entry.key for entry in known), ""):
        inside = [e for e in known if e.key == path or (path[-1] == "/" and e.key.startswith(path))]
        sizes[path] = sum(entry.size_bytes or 0 for entry in inside)
    ranked = ranking.ranked
    assert {share.path: share.size_bytes for share in ranked.shares} == dict(sizes)
    shown = [share.size_bytes for share in ranked.shares]
    assert shown == sorted(shown, reverse=True)
    assert ranked.size_bytes == sum(sizes.values())
    assert (ranked.key_count, ranked.others) == (len(known), 0)


def test_only_the_largest_children_are_told_one_by_one() -> None:
    index = KeyIndex()
    index.merge(KeyPage.of([KeyEntry(f"k{size:04}", size) for size in range(500)]))
    ranking = Ranking(index, "")

    while not ranking.step(64):
        pass

    assert len(ranking.ranked.shares) == MAX_SHARES
    assert ranking.ranked.shares[0].size_bytes == 499
    assert ranking.ranked.others == 300


def test_keys_that_come_during_a_pass_do_not_upset_it() -> None:
    index = KeyIndex()
    index.merge(KeyPage.of([KeyEntry(f"k{number:03}", 1) for number in range(100)]))
    ranking = Ranking(index, "")
    ranking.step(50)

    index.merge(KeyPage.of([KeyEntry(f"a{number:03}", 5) for number in range(40)]))
    while not ranking.step(50):
        pass
    first = ranking.ranked
    while not ranking.step(50):
        pass

    assert sum(share.path.startswith("k") for share in first.shares) == 100
    assert ranking.ranked.size_bytes == 300
    assert ranking.ranked.shares[0].size_bytes == 5
