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


def told(limit: int | None, remaining: int | None, reset_seconds: float | None) -> Window:
    """Return a window after the answer to its first request, at second 0."""
    window = Window()
    window.learn(RateLimit(limit, remaining, reset_seconds), window.spend(), now=0.0)
    return window


def test_nothing_is_held_before_the_first_answer() -> None:
    window = Window()
    window.spend()

    assert holds(window, 0.0) == [0.0, 0.0, 0.0]


def test_background_leaves_the_last_tenth_and_interactive_takes_it() -> None:
    window = told(100, 11, 8.0)
    assert holds(window, 0.0) == [0.0, 0.0, 0.0]

    window.spend()
    assert holds(window, 0.0) == [0.0, 0.0, pytest.approx(8.02)]

    for _ in range(5):
        window.spend()
    assert holds(window, 1.0) == [0.0, pytest.approx(7.02), pytest.approx(7.02)]

    for _ in range(5):
        window.spend()
    assert holds(window, 2.0) == [pytest.approx(6.02)] * 3


def test_requests_sent_after_the_answered_one_are_taken_off_what_is_left() -> None:
    window = Window()
    turns = [window.spend() for _ in range(13)]
    window.learn(RateLimit(100, 20, 5.0), turns[0], now=0.0)
    assert holds(window, 0.0) == [0.0, 0.0, pytest.approx(5.02)]

    window.learn(RateLimit(100, 20, 5.0), turns[12], now=0.0)
    assert holds(window, 0.0) == [0.0, 0.0, 0.0]


def test_an_answer_that_comes_after_a_newer_one_tells_nothing() -> None:
    window = Window()
    early, late = window.spend(), window.spend()
    window.learn(RateLimit(100, 5, 5.0), late, now=0.0)
    window.learn(RateLimit(100, 90, 5.0), early, now=1.0)

    assert holds(window, 1.0)[2] == pytest.approx(4.02)


def test_within_one_window_the_earliest_word_on_its_end_counts() -> None:
    window = told(10, 2, 1.0)
    window.learn(RateLimit(10, 1, 1.0), window.spend(), now=0.9)

    assert holds(window, 0.9)[2] == pytest.approx(0.12)


def test_more_than_was_left_means_that_a_new_window_has_begun() -> None:
    window = told(10, 1, 5.0)
    window.learn(RateLimit(10, 9, 5.0), window.spend(), now=4.0)
    for _ in range(8):
        window.spend()

    assert holds(window, 4.0)[2] == pytest.approx(5.02)


def test_after_the_reset_there_is_a_new_window_of_the_same_length() -> None:
    window = told(2, 0, 3.0)
    assert holds(window, 2.92)[0] == pytest.approx(0.1)
    assert holds(window, 3.02) == [0.0, 0.0, 0.0]

    window.spend()
    window.spend()

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
        window.spend()

    assert holds(window, 0.0) == [0.0, 0.0, pytest.approx(5.02)]
