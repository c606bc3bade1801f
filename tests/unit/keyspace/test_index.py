from kvtui.keyspace.index import KeyIndex
from kvtui.records import KeyEntry, KeyPage
from tests.support.key_model import page_of


def test_pages_merge_in_any_order_and_doubles_count_once() -> None:
    index = KeyIndex()
    assert index.merge(page_of(["m", "z"])) == 2
    assert index.merge(page_of(["b", "a", "m"])) == 2
    assert [entry.key for entry in index.entries()] == ["a", "b", "m", "z"]


def test_the_newer_of_two_listings_of_a_key_stays() -> None:
    index = KeyIndex()
    newer = KeyEntry("a", 2, "2026-03-01T12:00:00.12Z")
    index.merge(KeyPage.of([newer]))
    index.merge(KeyPage.of([KeyEntry("a", 1, "2026-03-01T12:00:00.1Z")]))
    assert index.get("a") == newer


def test_an_own_write_replaces_what_was_listed() -> None:
    index = KeyIndex()
    index.merge(page_of(["a"]))
    index.put(KeyEntry("a", 99))
    assert index.get("a") == KeyEntry("a", 99)
    assert len(index) == 1


def test_forgetting_a_prefix_leaves_its_neighbours() -> None:
    index = KeyIndex()
    index.merge(page_of(["user", "user-b", "user/1", "user/2", "user0"]))
    assert index.forget("user/") == 2
    assert [entry.key for entry in index.entries()] == ["user", "user-b", "user0"]


def test_what_changed_since_a_version_is_told_until_it_is_too_long_ago() -> None:
    index = KeyIndex()
    version = index.version
    index.merge(page_of(["b", "d"]))
    assert index.changes_since(version) == [("b", "d")]
    for number in range(1000):
        index.put(KeyEntry(f"k{number}"))
    assert index.changes_since(version) is None
