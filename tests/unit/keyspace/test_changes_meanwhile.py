"""Plans against a server that others write to: what was there all the time is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.request import Request
from kvtui.keyspace.scan import Scan
from tests.support.changing_server import ChangingServer, WalkOrder
from tests.support.key_model import children
from tests.support.small_server import KEYS

AT_ONCE = 4
SERVERS = st.builds(
    ChangingServer,
    st.sets(KEYS, max_size=30),
    st.lists(KEYS, max_size=10),
    st.integers(1, 5),
    st.integers(0, 99),
    st.sampled_from(WalkOrder),
)
PREFIXES = st.sampled_from(["", "a", "a/"])
MOST_REQUESTS = 20_000


def run(plan: Discovery | Scan, server: ChangingServer) -> KeyIndex:
    """Answer in any order until the plan rests; give what came."""
    index = KeyIndex()
    asked: list[Request] = []
    while True:
        asked += plan.poll(AT_ONCE - len(asked))
        if not asked:
            return index
        assert plan.request_count < MOST_REQUESTS
        server.shuffle(asked)
        request = asked.pop()
        page = server.answer(request)
        plan.feed(request, page)
        index.merge(page)


@given(SERVERS, PREFIXES)
def test_a_scan_loses_and_doubles_no_key(server: ChangingServer, prefix: str) -> None:
    plan = Scan(prefix, server.order())

    index = run(plan, server)

    keys = [entry.key for entry in index.entries(prefix)]
    assert plan.is_done
    assert {key for key in server.stable if key.startswith(prefix)} <= set(keys)
    assert set(keys) <= server.ever
    assert len(keys) == len(set(keys))


@given(SERVERS, PREFIXES)
def test_a_proof_misses_no_child(server: ChangingServer, prefix: str) -> None:
    plan = Discovery(prefix, server.order())
    plan.wants_proof = True

    run(plan, server)

    assert plan.is_proven
    assert set(children(server.stable, prefix)) <= plan.children
    assert plan.children <= set(children(server.ever, prefix))


@pytest.mark.parametrize("order", WalkOrder)
def test_a_large_folder_that_is_being_written_to_does_not_hold_up_the_others(
    order: WalkOrder,
) -> None:
    large = {f"big/{number:04}" for number in range(3000)}
    others = {"bigger/1", "zoo/1", "a", "b/2"}
    passing = [f"big/{number}" for number in range(9000, 9100)]
    server = ChangingServer(large | others, passing, 100, 1, order)
    plan = Discovery("", server.order())

    run(plan, server)

    assert plan.children == set(children(server.stable, ""))
    assert plan.request_count < 300
