"""Finding a folder's children, against brute force on small and nasty key spaces."""

from hypothesis import given
from hypothesis import strategies as st

from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.listing_order import ListingOrder
from kvtui.keyspace.request import Request
from tests.support.key_model import children
from tests.support.small_server import KEYS, SmallServer, certain_order

AT_ONCE = 4
SERVERS = st.builds(
    SmallServer,
    st.sets(KEYS, max_size=40),
    st.integers(1, 5),
    st.integers(0, 9),
    is_shuffled=st.booleans(),
    is_patchy=st.booleans(),
)


def run(plan: Discovery, server: SmallServer) -> None:
    """Answer in any order until the plan rests."""
    asked: list[Request] = []
    while True:
        asked += plan.poll(AT_ONCE - len(asked))
        if not asked:
            return
        server.shuffle(asked)
        request = asked.pop()
        plan.feed(request, server.answer(request))


@given(SERVERS, st.sampled_from(["", "a", "a/"]))
def test_a_proof_finds_exactly_the_children_there_are(server: SmallServer, prefix: str) -> None:
    plan = Discovery(prefix, server.order())
    plan.wants_proof = True

    run(plan, server)

    assert plan.is_proven
    assert plan.children == set(children(server.keys, prefix))


@given(SERVERS)
def test_what_is_found_without_a_proof_is_true(server: SmallServer) -> None:
    plan = Discovery("", server.order())

    run(plan, server)

    assert plan.is_found
    assert plan.children <= set(children(server.keys, ""))


@given(SERVERS)
def test_a_proof_may_be_asked_for_after_looking(server: SmallServer) -> None:
    plan = Discovery("", server.order())
    run(plan, server)
    plan.wants_proof = True

    run(plan, server)

    assert plan.is_proven
    assert plan.children == set(children(server.keys, ""))


@given(SERVERS)
def test_requests_that_were_given_back_are_asked_again(server: SmallServer) -> None:
    plan = Discovery("", server.order())
    plan.wants_proof = True
    while requests := plan.poll(AT_ONCE):
        plan.feed(requests[0], server.answer(requests[0]))
        for request in requests[1:]:
            plan.give_back(request)

    assert plan.is_proven
    assert plan.children == set(children(server.keys, ""))


@given(st.sets(KEYS, max_size=40), st.integers(1, 5), st.integers(0, 9), st.integers(1, 9))
def test_an_order_that_turns_out_to_be_another_loses_no_child(
    keys: set[str], limit: int, seed: int, turn: int
) -> None:
    server = SmallServer(keys, limit, seed)
    order = certain_order()
    plan = Discovery("", order)
    plan.wants_proof = True
    for _ in range(turn):
        for request in plan.poll(1):
            plan.feed(request, server.answer(request))
    order.observe(server.page(["b", "a"]), None)

    run(plan, server)

    assert plan.is_proven
    assert plan.children == set(children(keys, ""))


def test_keys_of_other_characters_prevent_a_proof() -> None:
    keys = {f"big/{number:05}" for number in range(500)} | {f"ä{n}" for n in range(50)}
    server = SmallServer(keys, 100, 1, is_shuffled=True)
    plan = Discovery("", ListingOrder())
    plan.wants_proof = True

    run(plan, server)

    assert plan.is_found
    assert not plan.is_proven


def test_large_folders_are_passed_by() -> None:
    keys = {f"big/{number:05}" for number in range(5000)} | {"bigger/1", "zoo/1", "a", "b/2"}
    for is_shuffled in (False, True):
        server = SmallServer(keys, 100, 1, is_shuffled=is_shuffled)
        plan = Discovery("", server.order())

        run(plan, server)

        assert plan.children == set(children(keys, ""))
        assert plan.request_count < 300
