import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.api.rate_limit import RateLimit, Window, retry_after_seconds
from kvtui.records import Priority

EPOCH = 1_445_412_480.0  # Wed, 21 Oct 2015 07:28:00 GMT


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("2000, 2000;w=1", 2000),
        ("1000", 1000),
        (" 60 ", 60),
        ("10;w=1", 10),
        ("", None),
        ("many", None),
        ("-5", None),
    ],
)
def test_the_limit_is_read_leniently(limit: str, expected: int | None) -> None:
    assert RateLimit.of(httpx.Headers({"x-ratelimit-limit": limit})).limit == expected


def test_missing_headers_are_normal() -> None:
    assert RateLimit.of(httpx.Headers()) == RateLimit(None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3.0),
        (" 3 ", 3.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0),
        ("Wednesday, 21-Oct-15 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:27:00 GMT", None),
        ("-3", None),
        ("soon", None),
        ("3 apples", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_anything_else_is_ignored(
    text: str, expected: float | None
) -> None:
    assert retry_after_seconds(httpx.Headers({"retry-after": text}), EPOCH) == expected


def test_the_reset_stands_in_where_retry_after_is_missing_or_garbage() -> None:
    reset = {"x-ratelimit-reset": "7"}

    assert retry_after_seconds(httpx.Headers(reset), EPOCH) == 7.0
    assert retry_after_seconds(httpx.Headers({**reset, "retry-after": "soon"}), EPOCH) == 7.0
    assert retry_after_seconds(httpx.Headers({**reset, "retry-after": "2"}), EPOCH) == 2.0


@given(st.text(), st.text(), st.text(), st.text())
def test_no_header_can_break_the_reader(after: str, limit: str, left: str, reset: str) -> None:
    texts = {
        b"retry-after": after,
        b"x-ratelimit-limit": limit,
        b"x-ratelimit-remaining": left,
        b"x-ratelimit-reset": reset,
    }
    headers = httpx.Headers({name: text.encode() for name, text in texts.items()})

    seconds = retry_after_seconds(headers, EPOCH)

    assert seconds is None or seconds >= 0
    assert isinstance(RateLimit.of(headers), RateLimit)


def holds(window: Window, now: float) -> list[float]:
    """Return how long each priority is held, most urgent first."""
    return [window.hold_seconds(priority, now) for priority in Priority]


def spend(window: Window) -> int:
    return window.spend(Priority.INTERACTIVE, 0.0)


def told(limit: int | None, remaining: int | None, reset_seconds: float | None) -> Window:
    """Return a window after the answer to its first request, at second 0."""
    window = Window()
    window.learn(RateLimit(limit, remaining, reset_seconds), spend(window), now=0.0)
    return window


def test_nothing_is_held_before_the_first_answer() -> None:
    window = Window()
    spend(window)

    assert holds(window, 0.0) == [0.0, 0.0, 0.0]


def test_background_leaves_the_last_tenth_and_interactive_takes_it() -> None:
    window = told(100, 11, 8.0)
    assert holds(window, 0.0) == [0.0, 0.0, 0.0]

    for _ in range(9):
        spend(window)
    assert holds(window, 1.0) == [0.0, pytest.approx(7.02 - 8.02 / 5), pytest.approx(7.02)]

    spend(window)
    assert holds(window, 2.0) == [0.0, pytest.approx(6.02), pytest.approx(6.02)]

    spend(window)
    assert holds(window, 2.0) == [pytest.approx(6.02)] * 3


def test_less_is_left_to_others_as_the_window_goes_on() -> None:
    window = told(100, 6, 10.0)

    assert holds(window, 0.0)[2] == pytest.approx(5.01)
    assert holds(window, 5.02)[2] == 0.0


def test_two_requests_are_left_to_clicks_until_the_very_end() -> None:
    assert holds(told(100, 2, 10.0), 10.0) == [0.0, 0.0, pytest.approx(0.02)]


def test_requests_under_way_are_taken_off_what_is_left() -> None:
    window = Window()
    turns = [spend(window) for _ in range(13)]
    window.learn(RateLimit(100, 20, 5.0), turns[0], 0.0, under_way=12)
    assert holds(window, 0.0)[2] == pytest.approx(5.02 - 7 * 5.02 / 10)

    window.learn(RateLimit(100, 20, 5.0), turns[12], 0.0, under_way=0)
    assert holds(window, 0.0) == [0.0, 0.0, 0.0]


def test_a_request_that_was_overtaken_is_still_under_way() -> None:
    window = Window()
    turns = [spend(window) for _ in range(6)]
    window.learn(RateLimit(10, 5, 5.0), turns[5], 0.0, under_way=5)

    assert holds(window, 0.0) == [pytest.approx(5.02)] * 3


def test_an_overtaken_request_tells_the_later_news_when_less_is_left() -> None:
    window = Window()
    early, late = spend(window), spend(window)
    window.learn(RateLimit(100, 90, 5.0), late, 0.0, under_way=1)
    window.learn(RateLimit(100, 0, 5.0), early, 0.0)

    assert holds(window, 0.0)[0] == pytest.approx(5.02)


def test_whoever_never_gets_an_answer_is_not_counted_for_ever() -> None:
    window = Window()
    for _ in range(30):
        spend(window)
    window.learn(RateLimit(100, 20, 5.0), spend(window), 0.0, under_way=0)

    assert holds(window, 0.0) == [0.0, 0.0, 0.0]


def test_an_answer_that_comes_after_a_newer_one_tells_nothing() -> None:
    window = Window()
    early, late = spend(window), spend(window)
    window.learn(RateLimit(100, 2, 5.0), late, now=0.0)
    window.learn(RateLimit(100, 90, 5.0), early, now=1.0)

    assert holds(window, 1.0)[2] == pytest.approx(4.02)


def test_within_one_window_the_earliest_word_on_its_end_counts() -> None:
    window = told(10, 2, 2.0)
    window.learn(RateLimit(10, 1, 2.0), spend(window), now=1.9)

    assert holds(window, 1.9)[2] == pytest.approx(0.12)


def test_more_than_was_left_means_that_a_new_window_has_begun() -> None:
    window = told(10, 1, 5.0)
    window.learn(RateLimit(10, 9, 5.0), spend(window), now=4.0)
    for _ in range(8):
        spend(window)

    assert holds(window, 4.0)[2] == pytest.approx(5.02)


def test_a_new_window_has_room_for_what_is_still_under_way_and_no_ear_for_its_answers() -> None:
    window = told(10, 1, 5.0)
    early, *_others = [spend(window) for _ in range(7)]
    assert window.hold_seconds(Priority.INTERACTIVE, 5.02) == 0.0

    window.learn(RateLimit(10, 0, 1.0), early, 5.03, under_way=6)
    waits = []
    for _ in range(4):
        waits.append(window.hold_seconds(Priority.INTERACTIVE, 5.03))
        spend(window)
    assert waits == [0.0, 0.0, 0.0, pytest.approx(5.01)]


def test_the_clocks_guess_of_a_new_window_gives_way_to_the_first_answer() -> None:
    window = told(2, 0, 3.0)
    assert holds(window, 3.02)[0] == 0.0

    window.learn(RateLimit(2, 0, 3.0), spend(window), now=3.1)

    assert holds(window, 3.1)[0] == pytest.approx(3.02)


def test_in_a_short_window_all_but_clicks_keep_a_pace_and_may_catch_up_a_little() -> None:
    window = told(20, 19, 1.0)
    pause = 1.03 / 19
    for _ in range(2):
        assert holds(window, 0.5) == [0.0, 0.0, 0.0]
        window.spend(Priority.BACKGROUND, 0.5)

    held = 2 * pause - 0.1
    assert holds(window, 0.5) == [0.0, pytest.approx(held), pytest.approx(held)]
    window.spend(Priority.VISIBLE, 0.5 + held)
    assert holds(window, 0.5 + held) == [0.0, pytest.approx(pause), pytest.approx(pause)]


def test_after_the_reset_there_is_a_new_window_of_the_same_length() -> None:
    window = told(2, 0, 3.0)
    assert holds(window, 2.92)[0] == pytest.approx(0.1)
    assert holds(window, 3.02) == [0.0, 0.0, 0.0]

    spend(window)
    spend(window)

    assert holds(window, 4.02)[0] == pytest.approx(2.02)


def test_after_a_long_rest_nobody_is_held_by_old_news() -> None:
    assert holds(told(100, 0, 60.0), 10_000.0) == [0.0, 0.0, 0.0]


def test_a_window_is_never_believed_to_last_longer_than_a_minute() -> None:
    assert holds(told(10, 0, 86_400.0), 0.0)[0] == pytest.approx(60.02)


@pytest.mark.parametrize(("remaining", "reset_seconds"), [(None, 5.0), (0, None)])
def test_headers_that_are_not_complete_tell_nothing(
    remaining: int | None, reset_seconds: float | None
) -> None:
    assert holds(told(10, remaining, reset_seconds), 0.0) == [0.0, 0.0, 0.0]


def test_a_missing_limit_is_guessed_from_what_is_left() -> None:
    window = told(None, 19, 5.0)
    for _ in range(17):
        spend(window)

    assert holds(window, 0.0) == [0.0, 0.0, pytest.approx(2.51)]
