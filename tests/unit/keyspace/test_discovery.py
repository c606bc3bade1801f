"""Finding a folder's children, against brute force on small and nasty key spaces."""

import random

from hypothesis import given
from hypothesis import strategies as st

from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.listing_order import ListingOrder, Verdict
from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage
from tests.support.key_model import children

KEYS = st.text(alphabet="ab/-.0Z_=", min_size=1, max_size=6)
AT_ONCE = 4


class SmallServer:
    """Lists in byte order, a few keys a page, with times that prove the order."""

    def __init__(self, keys: set[str], limit: int, seed: int) -> None:
        self._keys = sorted(keys)
        self._limit = limit
        self._random = random.Random(seed)
        self._times = {key: f"2026-01-01T00:00:{self._random.randrange(60):02d}Z" for key in keys}

    def answer(self, request: Request) -> KeyPage:
        found = [key for key in self._keys if key.startswith(request.prefix)]
        start = int(request.cursor or 0)
        shown = found[start : start + self._limit]
        following = start + self._limit
        cursor = str(following) if following < len(found) else None
        return KeyPage.of([KeyEntry(key, 1, self._times[key]) for key in shown], cursor)

    def shuffle(self, requests: list[Request]) -> None:
        self._random.shuffle(requests)


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


def certain_order(server: SmallServer) -> ListingOrder:
    order = ListingOrder()
    edge = None
    for second in range(0, 60, 2):
        entries = [
            KeyEntry(f"k{second:03}", 1, f"2026-01-01T00:00:{59 - second:02d}Z"),
            KeyEntry(f"k{second + 1:03}", 1, f"2026-01-01T00:00:{58 - second:02d}Z"),
        ]
        edge = order.observe(KeyPage.of(entries), edge)
    assert order.verdict is Verdict.BYTE_ORDER
    return order


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
    plan = Discovery(prefix, certain_order(server))
    plan.wants_proof = True

    run(plan, server)

    assert plan.is_proven
    assert plan.children == set(children(keys, prefix))


@given(st.sets(KEYS, max_size=40), st.integers(1, 5), st.integers(0, 9))
def test_what_is_found_without_a_proof_is_true(keys: set[str], limit: int, seed: int) -> None:
    server = SmallServer(keys, limit, seed)
    plan = Discovery("", certain_order(server))

    run(plan, server)

    assert plan.children <= set(children(keys, ""))


@given(st.sets(KEYS, min_size=1, max_size=40), st.integers(1, 5), st.integers(0, 9))
def test_requests_that_were_given_back_are_asked_again(
    keys: set[str], limit: int, seed: int
) -> None:
    server = SmallServer(keys, limit, seed)
    plan = Discovery("", certain_order(server))
    plan.wants_proof = True
    for request in plan.poll(AT_ONCE):
        plan.give_back(request)

    run(plan, server)

    assert plan.children == set(children(keys, ""))


def test_large_folders_are_passed_by() -> None:
    keys = {f"big/{number:05}" for number in range(5000)} | {"bigger/1", "zoo/1", "a", "b/2"}
    server = SmallServer(keys, 100, 1)
    plan = Discovery("", certain_order(server))

    run(plan, server)

    assert plan.children == set(children(keys, ""))
    assert plan.request_count < 160
