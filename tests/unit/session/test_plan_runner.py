import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import MalformedResponseError
from kvtui.keyspace.request import Request
from kvtui.protocol import MAX_KEYS_LIMIT
from kvtui.records import KeyPage, Namespace, Priority
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.plan_runner import AT_ONCE, Answered, PlanRunner
from tests.support.server import BASE_URL, TOKEN, LocalServer
from tests.support.stored import put, put_many


class Wishes:
    """A plan that wants certain answers, and nothing else."""

    def __init__(self, *requests: Request) -> None:
        self.left = list(requests)
        self.most_at_once = 0
        self._under_way = 0

    def poll(self, limit: int) -> list[Request]:
        polled, self.left = self.left[:limit], self.left[limit:]
        self._under_way += len(polled)
        self.most_at_once = max(self.most_at_once, self._under_way)
        return polled

    def feed(self, request: Request, page: KeyPage) -> None:
        self._under_way -= 1

    def give_back(self, request: Request) -> None:
        self._under_way -= 1
        self.left.append(request)


async def run(
    client: KvClient, namespace: Namespace, plan: Wishes, budget: int | None = None
) -> list[Answered]:
    runner = PlanRunner(client, namespace.id)
    return [answered async for answered in runner.run(plan, Priority.BACKGROUND, budget)]


async def test_a_key_that_longer_ones_begin_with_is_found_with_its_size_and_time(
    server: LocalServer, state: NamespaceState, client: KvClient, namespace: Namespace
) -> None:
    put(server, state, {"user": "me", "user/1": "a", "user-2": "b"})
    plan = Wishes(Request(1, "user", is_exact=True), Request(2, "use", is_exact=True))

    answers = await run(client, namespace, plan)

    found = {answered.request.prefix: list(answered.page.entries()) for answered in answers}
    (entry,) = found["user"]
    assert (entry.key, entry.size_bytes) == ("user", 2)
    assert entry.updated_at is not None
    assert found["use"] == []
    assert not any(answered.is_last for answered in answers)


async def test_a_key_that_no_url_may_name_is_looked_for_in_a_listing(
    server: LocalServer, state: NamespaceState, client: KvClient, namespace: Namespace
) -> None:
    put_many(server, state, ["a/..", "a/../b", "c/../d"])
    plan = Wishes(Request(1, "a/..", is_exact=True), Request(2, "c/..", is_exact=True))

    answers = await run(client, namespace, plan)

    found = {answered.request.prefix: list(answered.page.keys) for answered in answers}
    assert found == {"a/..": ["a/.."], "c/..": []}
    assert all("/keys?" in entry.target for entry in client.trace.entries)


async def test_a_budget_ends_a_run_and_leaves_the_rest_for_the_next(
    client: KvClient, namespace: Namespace
) -> None:
    plan = Wishes(*(Request(number, f"k{number}") for number in range(1, 101)))

    first = await run(client, namespace, plan, 30)
    second = await run(client, namespace, plan)

    assert (len(first), len(second)) == (30, 70)
    assert plan.most_at_once <= AT_ONCE


async def test_a_page_with_keys_that_nobody_asked_for_ends_the_run(namespace: Namespace) -> None:
    page = {"data": [{"key": "other/1"}], "meta": {"has_more": False}}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=page))
    client = KvClient(BASE_URL, Secret(TOKEN), transport=transport)
    plan = Wishes(Request(1, "user/"), Request(2, "user/1", limit=MAX_KEYS_LIMIT))

    with pytest.raises(MalformedResponseError, match="do not begin with the prefix"):
        await run(client, namespace, plan)

    assert len(plan.left) >= 1
