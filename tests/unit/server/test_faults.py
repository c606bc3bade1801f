import http.client
import json
import time
from pathlib import Path

import httpx
import pytest

from kvtui.server.faults import Faults
from kvtui.server.options import RateLimit, ServerOptions
from tests.contract import examples
from tests.support.raw_client import RawClient
from tests.support.server import BASE_URL, TOKEN, ManualClock, local_server, running_server


def test_requests_can_fail_with_any_status_and_do_nothing() -> None:
    options = ServerOptions(provisioning_seconds=0, fail_percent=100, fail_status=503)
    with running_server(options) as server:
        namespace = server.namespace()
        answer = RawClient(server)("PUT", f"/{namespace.namespace.id}/keys/k", b"v")
        assert (answer.status, answer.code) == (503, "10007")
        assert server.store.get(namespace, "k") is None


def test_failures_can_look_like_a_gateways_page() -> None:
    options = ServerOptions(fail_percent=100, fail_status=502, is_failure_html=True)
    with running_server(options) as server:
        answer = RawClient(server)("GET")
    assert answer.status == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.body.startswith(b"<html>")


def test_a_share_of_the_requests_fails_and_the_seed_says_which() -> None:
    def failures(seed: int) -> list[bool]:
        faults = Faults(ServerOptions(fail_percent=25, seed=seed))
        return [faults.failure() is not None for _ in range(2000)]

    assert failures(1) == failures(1)
    assert failures(1) != failures(2)
    assert 400 < sum(failures(1)) < 600


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_a_write_can_be_applied_and_never_answered(tmp_path: Path, is_in_memory: bool) -> None:
    path = None if is_in_memory else tmp_path / "data"
    options = ServerOptions(provisioning_seconds=0, drop_percent=100)
    with running_server(options, path=path) as server:
        raw, namespace = RawClient(server), server.namespace()
        root = f"/{namespace.namespace.id}/keys/k"
        with pytest.raises(http.client.RemoteDisconnected):
            raw("PUT", root, b"v")
        assert raw("GET", root).body == b"v"
        with pytest.raises(http.client.RemoteDisconnected):
            raw("DELETE", root)
        assert raw("GET", root).status == 404


async def test_without_a_connection_an_answer_is_lost_by_an_exception() -> None:
    with local_server(ServerOptions(drop_percent=100)) as server:
        transport = httpx.ASGITransport(server.app)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(transport=transport, headers=headers) as client:
            with pytest.raises(ConnectionAbortedError):
                await client.post(f"{BASE_URL}/storage/kvs", json={"name": "unanswered"})
        assert [state.namespace.name for state in server.store.namespaces()] == ["unanswered"]


def test_a_write_that_is_refused_is_always_answered() -> None:
    with running_server(ServerOptions(drop_percent=100)) as server:
        assert RawClient(server)("POST", "", b"{}").status == 400


def test_answers_can_be_late() -> None:
    with running_server(ServerOptions(latency_seconds=0.1, jitter_seconds=0.05)) as server:
        begun = time.monotonic()
        assert RawClient(server)("GET").status == 200
        assert time.monotonic() - begun >= 0.1


def test_a_listing_of_nothing_can_be_later_than_others() -> None:
    options = ServerOptions(provisioning_seconds=0, empty_latency_seconds=0.1)
    with running_server(options) as server:
        raw, state = RawClient(server), server.namespace()
        raw("PUT", f"/{state.namespace.id}/keys/k", b"v")
        begun = time.monotonic()
        assert raw("GET", f"/{state.namespace.id}/keys?prefix=x").status == 200
        assert time.monotonic() - begun >= 0.1


def test_the_delay_lies_between_the_latency_and_the_jitter_above_it() -> None:
    faults = Faults(ServerOptions(latency_seconds=1, jitter_seconds=3))
    delays = [faults.delay_seconds() for _ in range(500)]
    assert 1 <= min(delays) < 1.2
    assert 3.8 < max(delays) < 4
    assert Faults(ServerOptions()).delay_seconds() == 0


def test_a_rate_limit_answers_the_documented_429_until_its_window_ends() -> None:
    clock = ManualClock()
    options = ServerOptions(rate_limit=RateLimit(2, window_seconds=60))
    with running_server(options, clock=clock) as server:
        raw = RawClient(server)
        answers = [raw("GET") for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        left = [answer.headers["x-ratelimit-remaining"] for answer in answers]
        assert left == ["1", "0", "0"]
        refused = answers[-1]
        assert refused.headers["x-ratelimit-limit"] == "2, 2;w=60"
        assert refused.headers["x-ratelimit-reset"] == refused.headers["retry-after"] == "60"
        (documented,) = json.loads(examples.RATE_LIMITED_RESPONSE)["errors"]
        assert refused.json["errors"][0] | documented == refused.json["errors"][0]
        clock.advance(45.5)
        assert raw("GET").headers["retry-after"] == "15"
        clock.advance(14.5)
        assert raw("GET").status == 200


def test_a_429_may_come_without_retry_after() -> None:
    options = ServerOptions(rate_limit=RateLimit(0), is_retry_after_sent=False)
    with running_server(options) as server:
        answer = RawClient(server)("GET")
    assert answer.status == 429
    assert "retry-after" not in answer.headers
    assert answer.headers["x-ratelimit-reset"] == "1"


def test_a_rate_limit_survives_a_clock_that_goes_back() -> None:
    clock = ManualClock()
    with running_server(ServerOptions(rate_limit=RateLimit(1)), clock=clock) as server:
        raw = RawClient(server)
        assert raw("GET").status == 200
        clock.advance(-3600)
        assert raw("GET").status == 200
        assert raw("GET").headers["retry-after"] == "1"
