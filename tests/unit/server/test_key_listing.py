from collections.abc import Iterator

import pytest

from kvtui.records import StoredValue
from kvtui.server.options import CursorQuirk, ServerOptions
from tests.support.raw_client import RawClient
from tests.support.server import running_server

KEYS = ["a", "b", "c", "d"]


def pages(quirk: CursorQuirk) -> Iterator[tuple[list[str], dict[str, object]]]:
    """Follow the cursors as long as there are any, five pages at most."""
    options = ServerOptions(provisioning_seconds=0, cursor_quirk=quirk)
    with running_server(options) as server:
        namespace = server.namespace()
        for key in KEYS:
            server.store.put(namespace, key, StoredValue(b"v"))
        path = f"/{namespace.namespace.id}/keys?limit=2"
        query = ""
        for _ in range(5):
            page = RawClient(server)("GET", path + query).json
            yield [entry["key"] for entry in page["data"]], page["meta"]
            cursor = page["meta"].get("cursor")
            if cursor is None:
                return
            query = "&cursor=" + cursor.replace("+", "%2B").replace("=", "%3D")


def test_without_a_quirk_there_is_a_cursor_exactly_where_there_is_more() -> None:
    first, last = pages(CursorQuirk.NONE)
    assert first[0] + last[0] == KEYS
    assert (first[1]["has_more"], last[1]) == (True, {"has_more": False})


def test_the_last_page_can_have_a_cursor_that_leads_to_an_empty_one() -> None:
    _, last, beyond = pages(CursorQuirk.AFTER_END)
    assert (last[0], last[1]["has_more"]) == (["c", "d"], False)
    assert "cursor" in last[1]
    assert beyond == ([], {"has_more": False})


def test_a_page_in_the_middle_can_be_empty() -> None:
    found = list(pages(CursorQuirk.EMPTY_PAGE))
    assert [keys for keys, _ in found] == [["a", "b"], [], ["c", "d"]]
    assert [meta["has_more"] for _, meta in found] == [True, True, False]


def test_a_cursor_can_come_back_for_ever() -> None:
    found = list(pages(CursorQuirk.REPEATED))
    assert len(found) == 5
    assert len({meta.get("cursor") for _, meta in found[1:]}) == 1


def test_there_can_be_more_without_a_cursor() -> None:
    assert list(pages(CursorQuirk.MISSING)) == [(["a", "b"], {"has_more": True})]


@pytest.mark.parametrize("quirk", list(CursorQuirk))
def test_every_quirk_begins_with_the_same_first_page(quirk: CursorQuirk) -> None:
    assert next(pages(quirk))[0] == ["a", "b"]
