from hypothesis import given, settings
from hypothesis import strategies as st

from kvtui.keyspace.fold import Fold
from kvtui.keyspace.index import KeyIndex
from kvtui.records import KeyEntry, KeyPage
from tests.support import key_model as model

PREFIXES = ("", "a/", "a/a/", "b", "/")
KEYS = st.text(alphabet="ab/", min_size=1, max_size=6)
CHANGES = st.lists(
    st.one_of(
        st.lists(KEYS, min_size=1, max_size=12).map(lambda keys: ("merge", keys)),
        KEYS.map(lambda key: ("forget", [key])),
    ),
    min_size=1,
    max_size=6,
)


def change(index: KeyIndex, step: tuple[str, list[str]]) -> None:
    kind, keys = step
    if kind == "merge":
        index.merge(KeyPage.of([KeyEntry(key) for key in keys]))
    else:
        index.forget(keys[0])


@given(rounds=st.lists(CHANGES, min_size=1, max_size=8))
@settings(deadline=None)
def test_folding_again_after_changes_equals_folding_for_the_first_time(
    rounds: list[list[tuple[str, list[str]]]],
) -> None:
    index = KeyIndex(chunk_keys=2)
    folds = {prefix: Fold(index, prefix) for prefix in PREFIXES}
    for steps in rounds:
        for step in steps:
            change(index, step)
        for prefix in PREFIXES:
            folds[prefix] = Fold(index, prefix, folds[prefix])
            paths = [child.path for child in folds[prefix].children(0, len(folds[prefix]))]
            assert paths == model.children(index.keys(), prefix)


def test_a_change_so_long_ago_that_it_is_forgotten_is_counted_anew() -> None:
    index = KeyIndex(chunk_keys=2)
    before = Fold(index, "")
    for number in range(700):
        index.put(KeyEntry(f"{number:03}/x"))
    assert len(Fold(index, "", before)) == 700
