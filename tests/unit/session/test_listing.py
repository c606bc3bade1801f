import pytest

from kvtui.errors import MalformedResponseError
from kvtui.server.options import CursorQuirk, ListOrder, ServerOptions
from kvtui.session.listing import KeyPager
from tests.support.client import client_on
from tests.support.server import local_server
from tests.support.stored import put_many

KEYS = [f"user/{number:04}" for number in range(2500)]


async def read_all(pager: KeyPager) -> list[str]:
    return [key async for page in pager.pages() for key in page.keys]


@pytest.mark.parametrize("order", list(ListOrder))
@pytest.mark.parametrize("quirk", [CursorQuirk.NONE, CursorQuirk.AFTER_END, CursorQuirk.EMPTY_PAGE])
async def test_every_key_comes_once_whatever_the_order(
    order: ListOrder, quirk: CursorQuirk
) -> None:
    options = ServerOptions(order=order, cursor_quirk=quirk, provisioning_seconds=0)
    with local_server(options) as server:
        state = server.namespace()
        put_many(server, state, KEYS)
        pager = KeyPager(client_on(server), state.namespace.id, "user/")

        seen = await read_all(pager)

    assert sorted(seen) == KEYS
    assert pager.is_complete


async def test_a_repeated_cursor_ends_the_listing_with_an_error_and_keeps_the_pages() -> None:
    options = ServerOptions(cursor_quirk=CursorQuirk.REPEATED, provisioning_seconds=0)
    with local_server(options) as server:
        state = server.namespace()
        put_many(server, state, KEYS)
        pager = KeyPager(client_on(server), state.namespace.id)

        with pytest.raises(MalformedResponseError, match="same cursor twice"):
            await read_all(pager)

    assert pager.key_count >= 1000
    assert not pager.is_complete


async def test_a_missing_cursor_is_an_error() -> None:
    options = ServerOptions(cursor_quirk=CursorQuirk.MISSING, provisioning_seconds=0)
    with local_server(options) as server:
        state = server.namespace()
        put_many(server, state, KEYS)

        with pytest.raises(MalformedResponseError):
            await KeyPager(client_on(server), state.namespace.id).next_page()


@pytest.mark.parametrize("order", list(ListOrder))
@pytest.mark.parametrize("is_written_in_key_order", [True, False])
async def test_the_order_is_proven_and_not_assumed(
    order: ListOrder, is_written_in_key_order: bool
) -> None:
    backwards = sorted(KEYS, key=lambda key: key[::-1])
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        put_many(server, state, KEYS if is_written_in_key_order else backwards)
        pager = KeyPager(client_on(server), state.namespace.id)

        await read_all(pager)

    is_proof_possible = order is ListOrder.LEX and not is_written_in_key_order
    assert pager.is_in_byte_order is is_proof_possible
