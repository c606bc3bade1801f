import pytest

from kvtui.errors import SettingsError
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.filter import KeyFilter, Order, OrderBy
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.row import Mark, RowKind
from kvtui.keyspace.tree import KeyTree
from kvtui.records import KeyEntry, KeyPage
from tests.support.key_model import page_of


def tree_of(*keys: str) -> KeyTree:
    index = KeyIndex()
    index.merge(page_of(keys))
    return KeyTree(index)


def lines(tree: KeyTree) -> list[str]:
    shown = {RowKind.FOLDER: "{}/", RowKind.KEY: "{}", RowKind.MORE: "…"}
    return ["  " * row.depth + shown[row.kind].format(row.label) for row in tree.rows(0, len(tree))]


def test_a_key_that_is_also_a_folder_has_two_rows() -> None:
    tree = tree_of("user/123", "user/123/profile", "user/124")
    tree.expand("user/")
    tree.expand("user/123/")
    assert lines(tree) == ["user/", "  123", "  123/", "    profile", "  124"]


def test_empty_segments_are_rows_of_their_own() -> None:
    tree = tree_of("/a", "a//b", "user/", "user")
    for folder in ["/", "a/", "a//", "user/"]:
        tree.expand(folder)
    assert lines(tree) == ["/", "  a", "a/", "  /", "    b", "user", "user/", "  "]
    assert tree.find("user/", RowKind.FOLDER) == 6
    assert tree.find("user/", RowKind.KEY) == 7


def test_revealing_a_key_expands_what_is_around_it() -> None:
    tree = tree_of("a/b/c", "a/d")
    assert tree.find("a/b/c", RowKind.KEY) is None
    tree.reveal("a/b/c")
    assert tree.find("a/b/c", RowKind.KEY) == 2


def test_expansion_outlives_the_keys_of_a_folder() -> None:
    tree = tree_of("a/b/c", "z")
    tree.reveal("a/b/c")
    tree.index.forget("a/")
    assert lines(tree) == ["z"]
    tree.index.merge(page_of(["a/b/d"]))
    assert lines(tree) == ["a/", "  b/", "    d", "z"]


def test_a_listing_that_has_more_says_so_below_its_rows() -> None:
    tree = tree_of("a/b", "c")
    tree.expand("a/")
    tree.set_coverage("", Coverage.PARTIAL)
    tree.set_coverage("a/", Coverage.PARTIAL)
    assert lines(tree) == ["a/", "  b", "  …", "c", "…"]
    assert tree.find("a/", RowKind.MORE) == 2


def test_a_listing_that_ended_completes_every_folder_below_it() -> None:
    tree = tree_of("user/1/a", "zoo")
    tree.expand("user/")
    tree.set_coverage("", Coverage.PARTIAL)
    tree.set_coverage("user/", Coverage.PARTIAL)
    assert [row.is_count_exact for row in tree.rows(0, 2)] == [False, False]
    tree.set_coverage("us", Coverage.COMPLETE)
    assert [row.is_count_exact for row in tree.rows(0, 2)] == [True, True]
    assert tree.coverage("user/1/") is Coverage.COMPLETE
    assert tree.coverage("") is Coverage.PARTIAL


def test_rows_sort_by_size_with_unknown_sizes_last() -> None:
    tree = KeyTree(KeyIndex())
    entries = [KeyEntry("a", 5), KeyEntry("b"), KeyEntry("f/x", 4), KeyEntry("f/y", 4)]
    tree.index.merge(KeyPage.of(entries))
    tree.expand("f/")
    tree.order = Order(OrderBy.SIZE)
    assert lines(tree) == ["a", "f/", "  x", "  y", "b"]
    tree.order = Order(OrderBy.SIZE, is_descending=True)
    assert [line for line in lines(tree) if line[0] != " "] == ["f/", "a", "b"]
    assert tree.find("f/y", RowKind.KEY) in {1, 2}


def test_rows_sort_by_age_and_by_name_backwards() -> None:
    tree = KeyTree(KeyIndex())
    times = {"a": "2026-03-01T10:00:00Z", "b/x": "2026-03-01T12:00:00Z", "c": None}
    tree.index.merge(KeyPage.of([KeyEntry(key, 1, time) for key, time in times.items()]))
    tree.order = Order(OrderBy.AGE)
    assert lines(tree) == ["b/", "a", "c"]
    tree.order = Order(OrderBy.AGE, is_descending=True)
    assert lines(tree) == ["a", "b/", "c"]
    tree.order = Order(is_descending=True)
    assert lines(tree) == ["c", "b/", "a"]


def test_a_filter_shows_matching_keys_with_their_folders() -> None:
    tree = tree_of("user/1/profile", "user/2/Session", "flags", "profiles")
    tree.filter = KeyFilter.parse("profile")
    while not tree.filter_step(1):
        pass
    assert lines(tree) == ["profiles", "user/", "  1/", "    profile"]
    assert tree.filter_counts() == (2, 4)
    tree.index.merge(page_of(["user/3/profile", "user/3/other"]))
    assert tree.filter_counts() == (3, 6)
    tree.filter = None
    assert lines(tree) == ["flags", "profiles", "user/"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("s", ["Session", "flags"]), ("S", ["Session"]), ("re:^f|on$", ["Session", "flags"])],
)
def test_filters_are_smart_about_case_and_take_expressions(text: str, shown: list[str]) -> None:
    tree = tree_of("Session", "flags", "tree")
    tree.filter = KeyFilter.parse(text)
    tree.filter_step()
    assert lines(tree) == shown


def test_a_bad_expression_is_refused_in_words() -> None:
    with pytest.raises(SettingsError, match="not a regular expression"):
        KeyFilter.parse("re:(")


def test_marks_stay_and_keys_marked_as_gone_are_not_counted() -> None:
    tree = tree_of("a/1", "a/2")
    tree.expand("a/")
    tree.mark("a/1", Mark.WRITTEN)
    tree.mark("a/2", Mark.GONE)
    assert [row.mark for row in tree.rows(0, 3)] == [None, Mark.WRITTEN, Mark.GONE]
    assert tree.rows(0, 1)[0].count == tree.count("a/") == 1
    tree.mark("a/2", None)
    assert tree.count("a/") == 2


def test_a_tree_can_begin_at_any_prefix() -> None:
    index = KeyIndex()
    index.merge(page_of(["us", "use", "user/1", "user/2", "v"]))
    tree = KeyTree(index, "us")
    tree.expand("user/")
    assert lines(tree) == ["us", "use", "user/", "  1", "  2"]


def test_a_key_of_nothing_but_separators_can_be_walked_to_its_end() -> None:
    key = "/" * 256
    tree = tree_of(key)
    tree.reveal(key)
    assert len(tree) == 257
    assert tree.find(key, RowKind.KEY) == 256
