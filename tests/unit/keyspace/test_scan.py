"""Reading everything side by side, against brute force on small and nasty key spaces."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.keyspace.listing_order import ListingOrder
from kvtui.keyspace.scan import Scan
from tests.support.key_space import KeySpace, numbered
from tests.support.simulator import Server, ServerOrder, simulate
from tests.support.small_server import KEYS, SmallServer

SERVERS = st.builds(
    SmallServer,
    st.sets(KEYS, max_size=60),
    st.integers(1, 5),
    st.integers(0, 9),
    is_shuffled=st.booleans(),
    is_patchy=st.booleans(),
)
PREFIXES = st.sampled_from(["", "a", "a/"])


def run(plan: Scan, server: SmallServer, at_once: int, *, lost_percent: int = 0) -> set[str]:
    """Answer in any order, losing some answers; give the keys that came."""
    chance = random.Random(7)
    seen: set[str] = set()
    while asked := plan.poll(at_once):
        server.shuffle(asked)
        for request in asked:
            if chance.randrange(100) < lost_percent:
                plan.give_back(request)
            else:
                page = server.answer(request)
                plan.feed(request, page)
                seen.update(page.keys)
    return seen


@given(SERVERS, PREFIXES, st.integers(1, 8))
def test_every_key_below_the_prefix_is_read(server: SmallServer, prefix: str, at_once: int) -> None:
    plan = Scan(prefix, server.order())

    seen = run(plan, server, at_once)

    assert plan.is_done
    assert seen == {key for key in server.keys if key.startswith(prefix)}


@given(SERVERS)
def test_answers_that_are_lost_are_asked_for_again(server: SmallServer) -> None:
    plan = Scan("", server.order())

    seen = run(plan, server, 4, lost_percent=30)

    assert plan.is_done
    assert seen == server.keys


@pytest.mark.parametrize("is_shuffled", [False, True])
def test_a_long_listing_is_read_side_by_side_for_few_extra_requests(is_shuffled: bool) -> None:
    keys = {f"user/{number * 7919 % 1_000_000:06}/profile" for number in range(24_000)}
    server = SmallServer(keys, 40, 1, is_shuffled=is_shuffled)
    plan = Scan("", server.order())

    seen: set[str] = set()
    rounds = 0
    while asked := plan.poll(16):
        rounds += 1
        for request in asked:
            page = server.answer(request)
            plan.feed(request, page)
            seen.update(page.keys)

    assert seen == keys
    assert plan.request_count < 2.2 * len(keys) / 40
    assert rounds < plan.request_count / 6


def test_numbers_with_leading_zeros_are_read_side_by_side_all_the_same() -> None:
    space = KeySpace(
        [
            numbered("user/{:08}/profile", 990_000),
            *(numbered(name + "/{:04}", 2500) for name in ("config", "flags", "team", "zone")),
        ]
    )
    plan = Scan("", ListingOrder())

    done = simulate(plan, Server(space, ServerOrder.SEQ))

    assert plan.is_done
    assert done.seconds < len(space) / 1000 * 0.08 / 4


@pytest.mark.parametrize("key_count", [40_000, 200_000])
def test_a_long_way_to_few_keys_is_not_worth_going_side_by_side(key_count: int) -> None:
    space = KeySpace([numbered("tenant-a/service/user/{:08}/profile", key_count)])
    plan = Scan("", ListingOrder())

    done = simulate(plan, Server(space, ServerOrder.SEQ))

    assert plan.is_done
    assert done.requests < 1.2 * key_count / 1000


def test_a_server_that_turns_out_to_list_otherwise_is_read_all_the_same() -> None:
    keys = {f"k{number:04}" for number in range(300)}
    server = SmallServer(keys, 10, 1)
    plan = Scan("", server.order())
    [first] = plan.poll(1)
    plan.feed(first, server.answer(first))
    server.turn_around()

    seen = run(plan, server, 4)

    assert plan.is_done
    assert seen == keys


def test_keys_of_other_characters_break_the_plan() -> None:
    server = SmallServer({f"k{number:04}" for number in range(300)} | {"!"}, 10, 1)
    plan = Scan("", server.order())

    run(plan, server, 4)

    assert plan.is_broken
    assert not plan.is_done
