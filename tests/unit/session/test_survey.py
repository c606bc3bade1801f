from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.listing_order import Verdict
from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage
from kvtui.session.known_keys import KnownKeys
from kvtui.session.plan_runner import Answered
from kvtui.session.survey import Standing, Survey
from tests.support.server import ManualClock


def certified(clock: ManualClock | None = None) -> Survey:
    """Give a survey whose server was seen to list in byte order."""
    survey = Survey(KnownKeys(), clock or ManualClock())
    edge = None
    for number in range(0, 40, 2):
        keys = [
            KeyEntry(f"k{n:03}", 1, f"2026-01-01T00:00:{59 - n:02}Z") for n in (number, number + 1)
        ]
        edge = survey.order.observe(KeyPage.of(keys), edge)
    assert survey.is_in_byte_order
    return survey


def page_of(*keys: str, cursor: str | None = None) -> KeyPage:
    return KeyPage.of([KeyEntry(key, 1, "2026-01-01T00:00:00Z") for key in keys], cursor)


def known(survey: Survey) -> list[str]:
    return list(survey.known.index.keys())


async def test_what_byte_order_proved_falls_with_it_and_the_keys_stay() -> None:
    survey = certified()
    await survey.take("", page_of("a/1", "b/1", cursor="more"))
    survey.cover("", Coverage.PROVEN, is_by_order=True)
    survey.cover("b/", Coverage.COMPLETE, is_by_order=True)
    survey.cover("c/", Coverage.COMPLETE)

    backwards = page_of("z", "y", cursor="more")
    survey.order.observe(backwards, None)
    await survey.take("", backwards)

    assert survey.order.verdict is Verdict.OTHER
    assert survey.coverage("") is Coverage.PARTIAL
    assert survey.coverage("b/") is Coverage.PARTIAL
    assert survey.coverage("c/") is Coverage.COMPLETE, "a listing that ended needs no order"
    assert known(survey) == ["a/1", "b/1", "y", "z"]


async def test_a_listing_that_came_whole_takes_away_what_it_does_not_hold() -> None:
    survey = certified()
    await survey.take("", page_of("a/1", "a/2", "a/3", "b/1", cursor="more"))

    await survey.take_answer("", Answered(Request(1, "a/"), page_of("a/2")))

    assert known(survey) == ["a/2", "b/1"]
    assert survey.is_complete("a/")
    assert not survey.is_complete("")


async def test_the_last_page_of_a_longer_listing_and_one_key_take_nothing_away() -> None:
    survey = certified()
    await survey.take("", page_of("a", "a/1", "a/2", cursor="more"))

    await survey.take_answer("", Answered(Request(1, "a/", cursor="2"), page_of("a/2")))
    await survey.take_answer("", Answered(Request(2, "a", is_exact=True), page_of("a")))

    assert known(survey) == ["a", "a/1", "a/2"]
    assert survey.is_complete("a/")
    assert not survey.is_complete("a")


async def test_what_was_written_here_is_never_taken_away_by_a_listing_that_lags() -> None:
    survey = certified()
    survey.known.note_written("a/new", 3)

    await survey.take_answer("", Answered(Request(1, "a/"), page_of("a/1")))

    assert known(survey) == ["a/1", "a/new"]


async def test_a_listing_begun_anew_costs_from_there_on() -> None:
    clock = ManualClock()
    survey = certified(clock)
    await survey.take("a/", page_of("a/1"))
    await survey.take("a/", page_of("a/2"))
    survey.cover("a/", Coverage.COMPLETE)
    clock.advance(30)
    before = survey.standing("a/")

    survey.begin("a/")
    await survey.take("a/", page_of("a/1"))

    assert before == Standing(Coverage.COMPLETE, 2, 30.0)
    assert survey.standing("a/") == Standing(Coverage.PARTIAL, 1, 0.0)


async def test_a_folder_known_whole_from_around_it_tells_the_cost_and_age_of_that() -> None:
    clock = ManualClock()
    survey = certified(clock)
    await survey.take("a/", page_of("a/b/1"))
    survey.cover("a/", Coverage.COMPLETE)
    clock.advance(90)

    assert survey.standing("a/b/") == Standing(Coverage.COMPLETE, 1, 90.0)


async def test_many_keys_that_are_gone_leave_together() -> None:
    survey = certified()
    keys = [f"a/{number:04}" for number in range(3000)]
    await survey.take("", page_of(*keys, cursor="more"))

    survey.known.forget_all([*keys[10:2000], keys[2500], "a/2500-unknown", keys[2502]])

    assert known(survey) == [*keys[:10], *keys[2000:2500], keys[2501], *keys[2503:]]
