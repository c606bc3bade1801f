from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.tree import KeyTree
from kvtui.records import KeyEntry, KeyPage
from tests.support import key_model as model


class TreeAgainstADict(RuleBasedStateMachine):
    """An index and a tree on it, changed at random, equal a dict folded the plain way."""

    def __init__(self) -> None:
        super().__init__()
        self.index = KeyIndex(chunk_keys=4)
        self.known: dict[str, KeyEntry] = {}
        self.expanded: set[str] = set()
        self.partial: set[str] = set()

    @initialize(root=st.sampled_from(["", "a/", "a", "/"]))
    def start(self, root: str) -> None:
        self.root = root
        self.tree = KeyTree(self.index, root)

    @rule(entries=st.lists(model.ENTRIES, max_size=30))
    def a_page_arrives(self, entries: list[KeyEntry]) -> None:
        before = len(self.known)
        for entry in entries:
            known = self.known.get(entry.key)
            is_stale = known is not None and (known.updated_at or "") > (entry.updated_at or "")
            if not is_stale:
                self.known[entry.key] = entry
        assert self.index.merge(KeyPage.of(entries)) == len(self.known) - before

    @rule(key=model.KEYS)
    def a_key_is_deleted(self, key: str) -> None:
        assert self.index.remove(key) == (self.known.pop(key, None) is not None)

    @rule(entry=model.ENTRIES)
    def a_key_is_written(self, entry: KeyEntry) -> None:
        self.index.put(entry)
        self.known[entry.key] = entry

    @rule(prefix=st.one_of(model.KEYS, st.just("")))
    def a_prefix_is_forgotten(self, prefix: str) -> None:
        dropped = [key for key in self.known if key.startswith(prefix)]
        assert self.index.forget(prefix) == len(dropped)
        for key in dropped:
            del self.known[key]

    @rule(data=st.data())
    def a_folder_is_expanded(self, data: st.DataObject) -> None:
        prefix = self._pick_folder(data)
        self.tree.expand(prefix)
        self.expanded.add(prefix)

    @rule(data=st.data())
    def a_folder_is_collapsed(self, data: st.DataObject) -> None:
        prefix = self._pick_folder(data)
        self.tree.collapse(prefix)
        self.expanded.discard(prefix)

    @rule(data=st.data(), is_partial=st.booleans())
    def a_listing_gets_somewhere(self, data: st.DataObject, is_partial: bool) -> None:
        prefix = self._pick_folder(data) if data.draw(st.booleans()) else self.root
        self.tree.set_coverage(prefix, Coverage.PARTIAL if is_partial else Coverage.ALL_FOUND)
        (self.partial.add if is_partial else self.partial.discard)(prefix)

    @invariant()
    def the_index_holds_the_dict(self) -> None:
        expected = [self.known[key] for key in sorted(self.known)]
        assert list(self.index.entries()) == expected
        assert len(self.index) == len(expected)
        for prefix in ["", "a", "a/", "/", "b/a"]:
            below = [entry for entry in expected if entry.key.startswith(prefix)]
            assert self.index.count(prefix) == len(below)
            assert self.index.size_bytes(prefix) == sum(entry.size_bytes or 0 for entry in below)
            assert list(self.index.entries(prefix, 1, 3)) == below[1:3]

    @invariant()
    def the_tree_shows_the_plain_rows(self) -> None:
        has_more = frozenset(self.partial)
        expected = model.rows(self.known, self.expanded, self.root, 0, has_more)
        shown = self.tree.rows(0, 1000)
        assert [(row.kind, row.depth, row.path) for row in shown] == expected
        assert len(self.tree) == len(expected)
        for number, row in enumerate(shown):
            assert self.tree.find(row.path, row.kind) == number
            assert row.entry == (self.known[row.path] if row.count is None and row.entry else None)
            if row.count is not None:
                assert row.count == sum(key.startswith(row.path) for key in self.known)
        middle = len(expected) // 2
        assert self.tree.rows(middle, middle + 2) == shown[middle : middle + 2]

    def _pick_folder(self, data: st.DataObject) -> str:
        key = (
            data.draw(model.KEYS)
            if not self.known
            else data.draw(st.sampled_from(sorted(self.known)))
        )
        parts = key.split("/")
        prefix = "/".join(parts[: data.draw(st.integers(1, len(parts)))]) + "/"
        inside = prefix.startswith(self.root) and prefix != self.root
        return prefix if inside else self.root + "a/"


TestTreeAgainstADict = TreeAgainstADict.TestCase
TestTreeAgainstADict.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
