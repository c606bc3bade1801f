import pytest

from kvtui.protocol import key_problem
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.shapes import SHAPES, fill, one_big_folder
from kvtui.server.store import Store


@pytest.mark.parametrize("name", sorted(SHAPES))
@pytest.mark.parametrize("count", [0, 1, 2, 99, 5000])
def test_a_shape_has_as_many_different_legal_keys_as_were_asked_for(name: str, count: int) -> None:
    keys = list(SHAPES[name](count))
    assert len(keys) == len(set(keys)) == count
    assert not any(key_problem(key) for key in keys)


def test_one_folder_holds_nearly_everything() -> None:
    keys = list(one_big_folder(10_000))
    assert sum(key.startswith("user/") for key in keys) > 9890
    assert len({key.split("/")[0] for key in keys}) == 7


def test_keys_are_written_in_the_order_in_which_they_are_given() -> None:
    store = Store(None, ServerOptions(provisioning_seconds=0, order=ListOrder.WRITE))
    state = store.create_namespace("filled")
    assert state is not None
    fill(store, state, ["c", "a", "b"])
    rows = store.page(state, "", None, 10)
    assert [row[0] for row in rows] == ["c", "a", "b"]
    store.close()
