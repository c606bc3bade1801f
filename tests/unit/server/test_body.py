import asyncio
from collections.abc import Iterable

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from kvtui.server.body import RequestBody
from kvtui.server.refusal import RefusalError


def scope(length: str | None = None) -> Scope:
    headers = [] if length is None else [(b"content-length", length.encode())]
    return {"type": "http", "headers": headers}


def receiving(parts: Iterable[bytes]) -> Receive:
    """Deliver parts of a body, then nothing for ever."""
    messages = iter(parts)

    async def receive() -> Message:
        for part in messages:
            return {"type": "http.request", "body": part, "more_body": True}
        await asyncio.get_running_loop().create_future()
        raise AssertionError("the future was never to be set")

    return receive


async def disconnecting() -> Message:
    return {"type": "http.disconnect"}


async def test_a_body_that_stops_coming_is_given_up() -> None:
    body = RequestBody(scope(), receiving([b"x"]), deadline_seconds=0.01)
    with pytest.raises(RefusalError, match="408"):
        await body.read(100)
    await body.discard()
    assert body.is_complete is False


async def test_what_comes_after_the_limit_is_not_kept() -> None:
    body = RequestBody(scope(), receiving([b"x" * 60] * 1000), deadline_seconds=0.01)
    with pytest.raises(RefusalError, match="413"):
        await body.read(100)


async def test_an_announced_length_over_the_limit_is_refused_unread() -> None:
    async def receive() -> Message:
        raise AssertionError("read although it is too long")

    with pytest.raises(RefusalError, match="413"):
        await RequestBody(scope("101"), receive).read(100)


async def test_a_gigantic_body_is_not_even_discarded() -> None:
    async def receive() -> Message:
        raise AssertionError("read although it is too long")

    await RequestBody(scope(str(10 * 1024**3)), receive).discard()


async def test_a_body_without_end_is_discarded_only_so_far() -> None:
    received = 0

    async def receive() -> Message:
        nonlocal received
        received += 1024**2
        return {"type": "http.request", "body": b"x" * 1024**2, "more_body": True}

    await RequestBody(scope(), receive).discard()
    assert received <= 6 * 1024**2


async def test_a_client_that_leaves_ends_the_reading() -> None:
    with pytest.raises(ClientDisconnect):
        await RequestBody(scope(), disconnecting).read(100)


@pytest.mark.parametrize("length", ["x", "-1", "", "²"])
async def test_a_length_that_is_no_number_announces_nothing(length: str) -> None:
    receive = receiving([b"x"])
    body = RequestBody(scope(), receive, deadline_seconds=0.01)
    with pytest.raises(RefusalError, match="408"):
        await body.read(100)
