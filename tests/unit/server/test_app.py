import httpx

from tests.support.server import BASE_URL, TOKEN, local_server


async def test_a_value_comes_back_as_it_was_written_without_a_socket() -> None:
    with local_server() as server:
        namespace = server.namespace()
        transport = httpx.ASGITransport(server.app)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(
            transport=transport, base_url=BASE_URL, headers=headers
        ) as client:
            path = f"/storage/kvs/{namespace.namespace.id}/keys/user%2F1"
            created = await client.put(path, content=b"\x00\xff")
            answer = await client.get(path)
    assert (created.status_code, answer.content) == (201, b"\x00\xff")
