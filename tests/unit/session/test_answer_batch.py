from contextlib import aclosing

from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.session.answer_batch import LARGE_KEYS, MOST_PAGES, MOST_SECONDS, AnswerBatch
from kvtui.session.known_keys import KnownKeys
from kvtui.session.namespace import OpenNamespace
from kvtui.session.plan_runner import Answered
from kvtui.session.survey import Survey
from tests.support.client import client_on
from tests.support.server import ManualClock, local_server
from tests.support.stored import put_many

LARGE = [f"k{number:05}" for number in range(LARGE_KEYS)]


def page_of(*keys: str, cursor: str | None = None) -> KeyPage:
    return KeyPage.of([KeyEntry(key, 1, "2026-01-01T00:00:00Z") for key in keys], cursor)


def surveyed(*, is_in_order: bool = False) -> Survey:
    """Give what is known of many keys, listed in no order unless told otherwise."""
    survey = Survey(KnownKeys(), ManualClock())
    survey.known.take(page_of(*LARGE))
    if not is_in_order:
        survey.order.observe(page_of("z", "y", cursor="more"), None)
    return survey


def answer(*keys: str, prefix: str = "", cursor: str | None = "more") -> Answered:
    return Answered(Request(1, prefix), page_of(*keys, cursor=cursor))


async def test_pages_wait_for_each_other_and_are_taken_in_together() -> None:
    survey = surveyed()
    batch = AnswerBatch(survey, "", ManualClock())

    held = [await batch.add(answer("b", "z1"), is_last=False) for _ in range(2)]
    shown_before = "z1" in survey.known.index
    taken = await batch.flush()

    assert held == [0, 0]
    assert not shown_before
    assert taken == 2
    assert {"b", "z1"} <= set(survey.known.index.keys())
    assert survey.standing("").request_count == 2
    assert await batch.flush() == 0


async def test_none_waits_where_that_spares_nothing() -> None:
    small = Survey(KnownKeys(), ManualClock())
    small.order.observe(page_of("z", "y", cursor="more"), None)

    for survey in (small, surveyed(is_in_order=True)):
        batch = AnswerBatch(survey, "", ManualClock())
        assert await batch.add(answer("z1"), is_last=False) == 1


async def test_none_waits_for_many_or_for_long_or_behind_the_last() -> None:
    clock, survey = ManualClock(), surveyed()
    batch = AnswerBatch(survey, "", clock)

    many = [await batch.add(answer(f"m{n:02}"), is_last=False) for n in range(MOST_PAGES)]
    await batch.add(answer("s1"), is_last=False)
    clock.advance(MOST_SECONDS)
    late = await batch.add(answer("s2"), is_last=False)
    await batch.add(answer("t1"), is_last=False)
    last = await batch.add(answer("t2", cursor=None), is_last=True)

    assert many == [*[0] * (MOST_PAGES - 1), MOST_PAGES]
    assert (late, last) == (2, 2)


async def test_what_was_deleted_here_while_a_page_waited_stays_away() -> None:
    survey = surveyed()
    batch = AnswerBatch(survey, "", ManualClock())

    await batch.add(answer("k00001", "new"), is_last=False)
    survey.known.note_deleted("new")
    survey.known.note_written("k00001", 99)
    await batch.flush()

    assert "new" not in survey.known.index
    entry = survey.known.index.get("k00001")
    assert entry is not None
    assert entry.size_bytes == 99


async def test_what_is_deleted_here_while_pages_are_merged_stays_away() -> None:
    survey = surveyed()
    pages = [page_of(*LARGE[start::4], f"new{start}", "zz") for start in range(4)]

    steps = survey.known.taking_all(pages, survey.known.changes.count)
    for _ in range(len(pages) + 1):
        next(steps)
    survey.known.note_deleted("zz")
    for _ in steps:
        pass

    assert "zz" not in survey.known.index
    assert {"new0", "new3"} <= set(survey.known.index.keys())


async def test_a_whole_listing_takes_away_only_what_was_listed_before_it() -> None:
    survey = surveyed()
    batch = AnswerBatch(survey, "", ManualClock())

    await batch.add(answer("b/gone", "a"), is_last=False)
    await batch.add(answer("b/1", prefix="b/", cursor=None), is_last=False)
    await batch.add(answer("b/2", "c"), is_last=False)
    await batch.flush()

    known = set(survey.known.index.keys())
    assert {"a", "b/1", "b/2", "c"} <= known
    assert "b/gone" not in known
    assert survey.coverage("b/") is Coverage.COMPLETE


async def test_a_listing_that_is_stopped_leaves_no_page_behind() -> None:
    with local_server(ServerOptions(order=ListOrder.SHUFFLED, provisioning_seconds=0)) as server:
        state = server.namespace()
        put_many(server, state, [f"{number * 7919 % 60_000:05}" for number in range(60_000)])
        opened = OpenNamespace(client_on(server), state.namespace)

        async with aclosing(opened.listings.load_all("")) as steps:
            async for progress in steps:
                if len(opened.index) > LARGE_KEYS and not progress.new_key_count:
                    break
        stopped_at = len(opened.index)
        new_key_counts = [step.new_key_count async for step in opened.listings.load_all("")]

    assert len(opened.index) == 60_000
    assert stopped_at + sum(new_key_counts) == 60_000
    assert 0 in new_key_counts
    assert opened.is_complete("")
