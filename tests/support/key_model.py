"""The plainest possible tree of keys, to hold the real one against."""

from collections.abc import Callable, Iterable

from hypothesis import strategies as st

from kvtui.keyspace.row import RowKind
from kvtui.records import KeyEntry, KeyPage

KEYS = st.text(alphabet="ab/-.0", min_size=1, max_size=7)
ENTRIES = st.builds(
    KeyEntry,
    KEYS,
    st.one_of(st.none(), st.integers(0, 5000)),
    st.one_of(st.none(), st.integers(10, 59).map(lambda second: f"2026-03-01T12:00:{second}.5Z")),
)


def page_of(keys: Iterable[str]) -> KeyPage:
    return KeyPage.of([KeyEntry(key, len(key), "2026-03-01T12:00:00Z") for key in keys])


def children(keys: Iterable[str], prefix: str) -> list[str]:
    """List the paths directly below a prefix, in byte order."""
    found = set()
    for key in keys:
        if key.startswith(prefix):
            end = key.find("/", len(prefix))
            found.add(key if end < 0 else key[: end + 1])
    return sorted(found)


def rows(
    keys: Iterable[str],
    expanded: set[str],
    prefix: str = "",
    depth: int = 0,
    has_more: frozenset[str] = frozenset(),
    sort: Callable[[list[str]], list[str]] = sorted,
) -> list[tuple[RowKind, int, str]]:
    """List kind, depth and path of every row."""
    found: list[tuple[RowKind, int, str]] = []
    for path in sort(children(keys, prefix)):
        is_folder = path.endswith("/") and path != prefix
        found.append((RowKind.FOLDER if is_folder else RowKind.KEY, depth, path))
        if is_folder and path in expanded:
            found += rows(keys, expanded, path, depth + 1, has_more, sort)
    if prefix in has_more:
        found.append((RowKind.MORE, depth, prefix))
    return found
