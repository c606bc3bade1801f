import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kvtui.keyspace.filter import KeyFilter, Order, OrderBy
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.tree import KeyTree
from kvtui.records import KeyEntry, KeyPage
from tests.support import key_model as model

ORDERS = st.builds(Order, st.sampled_from(OrderBy), st.booleans())


def sorted_plainly(entries: dict[str, KeyEntry], order: Order, paths: list[str]) -> list[str]:
    """Sort children the plain way: what is unknown last, ties by name."""

    def below(path: str) -> list[KeyEntry]:
        is_key = path in paths and path in entries and not path.endswith("/")
        return [e for e in entries.values() if (e.key == path if is_key else is_in(e.key, path))]

    def is_in(key: str, path: str) -> bool:
        return key.startswith(path)

    sign = -1 if order.is_descending else 1
    if order.by is OrderBy.NAME:
        return sorted(paths, reverse=order.is_descending)
    if order.by is OrderBy.SIZE:
        sizes = {p: [e.size_bytes for e in below(p) if e.size_bytes is not None] for p in paths}
        return sorted(paths, key=lambda p: (not sizes[p], sign * sum(sizes[p]), p))
    times = {p: [e.updated_at for e in below(p) if e.updated_at is not None] for p in paths}
    ranks = sorted({max(found) for found in times.values() if found}, reverse=True)
    return sorted(
        paths, key=lambda p: (not times[p], sign * ranks.index(max(times[p])) if times[p] else 0, p)
    )


@given(entries=st.lists(model.ENTRIES, max_size=25), order=ORDERS, chunk_keys=st.integers(2, 6))
@settings(deadline=None)
def test_sorted_folders_equal_a_plain_sort(
    entries: list[KeyEntry], order: Order, chunk_keys: int
) -> None:
    known = {entry.key: entry for entry in entries if not entry.key.endswith("/")}
    index = KeyIndex(chunk_keys)
    index.merge(KeyPage.of(list(known.values())))
    tree = KeyTree(index)
    expanded = set()
    for key in known:
        tree.reveal(key)
        expanded |= {key[: at + 1] for at, character in enumerate(key) if character == "/"}
    tree.order = order
    expected = model.rows(
        known, expanded, sort=lambda paths: sorted_plainly(known, order, list(paths))
    )
    shown = tree.rows(0, 1000)
    assert [(row.kind, row.depth, row.path) for row in shown] == expected
    assert [tree.find(row.path, row.kind) for row in shown] == list(range(len(shown)))


@given(
    first=st.lists(model.KEYS, max_size=20),
    later=st.lists(model.KEYS, max_size=20),
    gone=st.lists(model.KEYS, max_size=5),
    text=st.sampled_from(["a", "b-", "/", "re:^a", "re:[.0]$", "ab"]),
    budget=st.integers(1, 9),
)
@settings(deadline=None)
def test_filtered_rows_equal_the_rows_of_the_matching_keys(
    first: list[str], later: list[str], gone: list[str], text: str, budget: int
) -> None:
    index = KeyIndex(chunk_keys=4)
    index.merge(model.page_of(first))
    tree = KeyTree(index)
    key_filter = KeyFilter.parse(text)
    assert key_filter is not None
    tree.filter = key_filter
    tree.filter_step(budget)
    index.merge(model.page_of(later))
    for key in gone:
        index.remove(key)
    while not tree.filter_step(budget):
        pass
    matching = [key for key in {*first, *later} - {*gone} if key_filter.matches(key)]
    folders = {key[: at + 1] for key in matching for at, c in enumerate(key) if c == "/"}
    shown = [(row.kind, row.depth, row.path) for row in tree.rows(0, 1000)]
    assert shown == model.rows(matching, folders)
    assert tree.filter_counts() == (len(matching), len(index))


def test_a_large_folder_is_sorted_by_steps_and_again_after_changes() -> None:
    index = KeyIndex()
    sizes = list(range(20_000))
    random.Random(1).shuffle(sizes)
    entries = [KeyEntry(f"f/{number:05}", size) for number, size in enumerate(sizes)]
    index.merge(KeyPage.of(entries))
    tree = KeyTree(index, "f/")
    tree.order = Order(OrderBy.SIZE, is_descending=True)
    assert tree.rows(0, 1)[0].path == "f/00000"
    assert not tree.is_settled
    while not tree.filter_step(3000):
        pass
    assert [row.entry for row in tree.rows(0, 3)] == [
        entries[sizes.index(size)] for size in (19_999, 19_998, 19_997)
    ]
    index.put(KeyEntry("f/new", 50_000))
    while not tree.filter_step():
        pass
    assert tree.rows(0, 1)[0].path == "f/new"
