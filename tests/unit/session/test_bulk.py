"""Deletions of many keys, with everything that can come between."""

from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import AuthenticationError, ReadOnlyError, SettingsError
from kvtui.records import KeyEntry, Namespace
from kvtui.secret import Secret
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.store import NamespaceState
from kvtui.session.bulk import BulkDeletion
from kvtui.session.editing import Editing
from kvtui.vault.plans import DeletionPlan, KeyState, Tally
from tests.support.clock import VirtualClock
from tests.support.server import BASE_URL, TOKEN, LocalServer, local_server
from tests.support.stored import content, put

Rule = Callable[[httpx.Request], httpx.Response | Exception | None]


class Unsteady(httpx.AsyncBaseTransport):
    """Reaches a local server, unless a rule has another answer; `after` acts when one was given."""

    def __init__(self, server: LocalServer) -> None:
        self._line = httpx.ASGITransport(server.app)
        self.rule: Rule = lambda request: None
        self.after: Callable[[httpx.Request], None] = lambda request: None
        self.deleted: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.rule(request)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        if request.method == "DELETE":
            self.deleted.append(request.url.path.rpartition("/keys/")[2])
        response = await self._line.handle_async_request(request)
        self.after(request)
        return response


class Bench:
    """A namespace with ten keys below `user/`, and one beside them."""

    def __init__(self, server: LocalServer, folder: Path) -> None:
        self.server = server
        self.state: NamespaceState = server.namespace()
        self.namespace: Namespace = self.state.namespace
        self.line = Unsteady(server)
        clock = VirtualClock(is_automatic=True)
        self.slept: list[float] = []
        self.client = KvClient(BASE_URL, Secret(TOKEN), transport=self.line, clock=clock)
        self.bulk = BulkDeletion(
            self.client,
            Editing(self.client, sleep=self._sleep),
            folder / "plans",
            epoch=lambda: 1_795_000_000.0,
            sleep=self._sleep,
        )
        self.keys = [f"user/{number}" for number in range(10)]
        put(server, self.state, dict.fromkeys([*self.keys, "user"], "value"))

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def plan(self, prefix: str = "user/") -> DeletionPlan:
        entries: list[KeyEntry] = []
        async for page in self.bulk.list_folder(self.namespace, prefix):
            entries += page
        return self.bulk.plan(self.namespace, entries, prefix=prefix)

    async def run(self, plan: DeletionPlan, *, is_retry: bool = False) -> Tally:
        async with aclosing(self.bulk.run(self.namespace, plan, is_retry=is_retry)) as settled:
            async for _ in settled:
                pass
        return plan.tally

    def left(self) -> list[str]:
        return [key for key in [*self.keys, "user"] if content(self.server, self.state, key)]


@pytest.fixture
def bench(server: LocalServer, tmp_path: Path) -> Bench:
    return Bench(server, tmp_path)


def at(method: str, *keys: str) -> Callable[[httpx.Request], bool]:
    return lambda request: (
        request.method == method and request.url.path.rpartition("/keys/")[2] in keys
    )


async def test_what_is_listed_is_deleted_and_nothing_else(bench: Bench) -> None:
    plan = await bench.plan()
    put(bench.server, bench.state, {"user/later": "came later"})
    assert await bench.run(plan) == Tally(10, done=10)
    assert bench.left() == ["user"]
    assert content(bench.server, bench.state, "user/later") == b"came later"


async def test_only_a_folder_can_be_listed(bench: Bench) -> None:
    with pytest.raises(SettingsError, match="ends with /"):
        await bench.plan("user")


async def test_what_changed_between_list_and_look_stays(bench: Bench) -> None:
    plan = await bench.plan()
    put(bench.server, bench.state, {"user/1": "VALUE", "user/2": "longer value"})
    assert await bench.run(plan) == Tally(10, done=8, skipped=2)
    assert bench.left() == ["user/1", "user/2", "user"]


async def test_a_write_right_after_the_read_is_noticed_in_the_listing(bench: Bench) -> None:
    plan = await bench.plan()

    def write_after(request: httpx.Request) -> None:
        if at("GET", "user/1")(request):
            put(bench.server, bench.state, {"user/1": "VALUE"})

    bench.line.after = write_after
    assert await bench.run(plan) == Tally(10, done=9, skipped=1)
    assert content(bench.server, bench.state, "user/1") == b"VALUE"


@pytest.mark.parametrize("order", list(ListOrder))
async def test_the_order_of_listings_does_not_matter(tmp_path: Path, order: ListOrder) -> None:
    options = ServerOptions(provisioning_seconds=0, order=order)
    with local_server(options) as server:
        bench = Bench(server, tmp_path)
        bench.keys += ["user/1/a", "user/10", "user/11"]
        put(server, bench.state, dict.fromkeys(bench.keys, "value"))
        assert await bench.run(await bench.plan()) == Tally(13, done=13)
        assert bench.left() == ["user"]


async def test_a_failure_keeps_its_key_and_only_that_is_tried_again(bench: Bench) -> None:
    plan = await bench.plan()
    is_hit = at("DELETE", "user/3", "user/7")
    bench.line.rule = lambda request: httpx.Response(400) if is_hit(request) else None
    assert await bench.run(plan) == Tally(10, done=8, failed=2)
    assert bench.left() == ["user/3", "user/7", "user"]

    bench.line.rule = lambda request: None
    bench.line.deleted.clear()
    assert await bench.run(plan, is_retry=True) == Tally(10, done=10)
    assert sorted(bench.line.deleted) == ["user/3", "user/7"]


async def test_five_failures_in_a_row_stop_it_and_it_can_go_on(bench: Bench) -> None:
    plan = await bench.plan()
    bench.line.rule = lambda request: httpx.Response(400) if request.method == "DELETE" else None
    tally = await bench.run(plan)
    assert tally.failed >= 5
    assert tally.left + tally.failed == 10
    assert tally.left > 0

    bench.line.rule = lambda request: None
    await bench.run(plan)
    assert await bench.run(plan, is_retry=True) == Tally(10, done=10)


async def test_a_lost_answer_is_found_out(bench: Bench) -> None:
    plan = await bench.plan()

    def delete_and_break(request: httpx.Request) -> Exception | None:
        if at("DELETE", "user/3")(request):
            bench.server.store.delete(bench.state, "user/3")
            return httpx.ReadError("")
        return None

    bench.line.rule = delete_and_break
    assert await bench.run(plan) == Tally(10, done=10)


async def test_a_delete_that_may_still_land_is_unknown_until_it_is_tried_again(
    bench: Bench,
) -> None:
    plan = await bench.plan()
    is_hit = at("DELETE", "user/3")
    bench.line.rule = lambda request: httpx.ReadError("") if is_hit(request) else None
    assert await bench.run(plan) == Tally(10, done=9, unknown=1)

    bench.server.store.delete(bench.state, "user/3")
    bench.line.rule = lambda request: None
    assert await bench.run(plan, is_retry=True) == Tally(10, done=10)


async def test_a_rate_limit_is_waited_out(bench: Bench) -> None:
    plan = await bench.plan()
    refusals = iter([429, 429])
    is_hit = at("DELETE", "user/3")

    def limited(request: httpx.Request) -> httpx.Response | None:
        status = next(refusals, None) if is_hit(request) else None
        return httpx.Response(status, headers={"Retry-After": "2"}) if status else None

    bench.line.rule = limited
    assert await bench.run(plan) == Tally(10, done=10)
    assert bench.slept == [2.0, 2.0]


async def test_what_would_befall_every_key_ends_it_at_once(bench: Bench) -> None:
    plan = await bench.plan()
    bench.line.rule = lambda request: httpx.Response(401)
    with pytest.raises(AuthenticationError):
        await bench.run(plan)
    assert plan.tally == Tally(10)


async def test_writing_that_is_switched_off_meanwhile_ends_it(bench: Bench) -> None:
    plan = await bench.plan()
    bench.client.is_read_only = True
    with pytest.raises(ReadOnlyError):
        await bench.run(plan)
    assert (plan.tally, bench.line.deleted) == (Tally(10), [])


async def test_a_stopped_run_goes_on_where_it_was(bench: Bench) -> None:
    plan = await bench.plan()
    async with aclosing(bench.bulk.run(bench.namespace, plan)) as settled:
        async for _ in settled:
            break
    assert 0 < plan.tally.done < 10
    path = plan.path
    plan.close()

    again = bench.bulk.resume(bench.namespace, path)
    tally = await bench.run(again)
    assert tally == Tally(10, done=10)
    assert sorted(set(bench.line.deleted)) == bench.keys


async def test_a_key_whose_deletion_was_under_way_counts_as_done_when_it_is_gone(
    bench: Bench,
) -> None:
    plan = await bench.plan()
    plan.note("user/1", KeyState.STARTED)
    for key in ("user/1", "user/2"):
        bench.server.store.delete(bench.state, key)
    assert await bench.run(plan) == Tally(10, done=9, skipped=1)


async def test_a_plan_for_another_endpoint_is_refused(bench: Bench) -> None:
    plan = await bench.plan()
    plan.close()
    other = bench.server.namespace("other")
    with pytest.raises(SettingsError, match="is for my-cache"):
        bench.bulk.resume(other.namespace, plan.path)
