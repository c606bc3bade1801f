"""Finding a folder's children, against brute force on small and nasty key spaces."""

from hypothesis import given
from hypothesis import strategies as st

from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.request import Request
from tests.support.key_model import children
from tests.support.small_server import KEYS, SmallServer, certain_order

AT_ONCE = 4


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


@given(
    st.sets(KEYS, max_size=40),
    st.integers(1, 5),
    st.integers(0, 9),
    st.sampled_from(["", "a", "a/"]),
)
def test_a_proof_finds_exactly_the_children_there_are(
    keys: set[str], limit: int, seed: int, prefix: str
) -> None:
    server = SmallServer(keys, limit, seed)
    plan = Discovery(prefix, certain_order())
    plan.wants_proof = True

    run(plan, server)

    assert plan.is_proven
    assert plan.children == set(children(keys, prefix))


@given(st.sets(KEYS, max_size=40), st.integers(1, 5), st.integers(0, 9))
def test_what_is_found_without_a_proof_is_true(keys: set[str], limit: int, seed: int) -> None:
    server = SmallServer(keys, limit, seed)
    plan = Discovery("", certain_order())

    run(plan, server)

    assert plan.children <= set(children(keys, ""))


@given(st.sets(KEYS, min_size=1, max_size=40), st.integers(1, 5), st.integers(0, 9))
def test_requests_that_were_given_back_are_asked_again(
    keys: set[str], limit: int, seed: int
) -> None:
    server = SmallServer(keys, limit, seed)
    plan = Discovery("", certain_order())
    plan.wants_proof = True
    for request in plan.poll(AT_ONCE):
        plan.give_back(request)

    run(plan, server)

    assert plan.children == set(children(keys, ""))


def test_large_folders_are_passed_by() -> None:
    keys = {f"big/{number:05}" for number in range(5000)} | {"bigger/1", "zoo/1", "a", "b/2"}
    server = SmallServer(keys, 100, 1)
    plan = Discovery("", certain_order())

    run(plan, server)

    assert plan.children == set(children(keys, ""))
    assert plan.request_count < 160
