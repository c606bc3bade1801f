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


def test_nothing_is_held_before_the_first_answer() -> None:
    window = Window()
    window.spend(0.0)

    assert [window.hold_seconds(priority, 0.0) for priority in Priority] == [0.0, 0.0, 0.0]


def test_background_leaves_the_last_tenth_and_interactive_takes_it() -> None:
    window = Window()
    window.learn(RateLimit(100, 11, 8.0), now=0.0, in_flight_count=0)
    assert [window.hold_seconds(priority, 0.0) for priority in Priority] == [0.0, 0.0, 0.0]

    window.spend(0.0)
    assert [window.hold_seconds(priority, 0.0) for priority in Priority] == [0.0, 0.0, 8.0]

    for _ in range(5):
        window.spend(1.0)
    assert [window.hold_seconds(priority, 1.0) for priority in Priority] == [0.0, 7.0, 7.0]

    for _ in range(5):
        window.spend(2.0)
    assert [window.hold_seconds(priority, 2.0) for priority in Priority] == [6.0, 6.0, 6.0]


def test_requests_still_under_way_are_taken_off_what_is_left() -> None:
    window = Window()
    window.learn(RateLimit(100, 20, 5.0), now=0.0, in_flight_count=12)

    assert window.hold_seconds(Priority.BACKGROUND, 0.0) == 5.0


def test_a_late_answer_does_not_bring_back_what_was_spent() -> None:
    window = Window()
    window.learn(RateLimit(100, 10, 5.0), now=0.0, in_flight_count=0)
    window.learn(RateLimit(100, 90, 5.0), now=1.0, in_flight_count=0)

    assert window.hold_seconds(Priority.BACKGROUND, 1.0) == 4.0


def test_after_the_reset_there_is_a_new_window_of_the_same_length() -> None:
    window = Window()
    window.learn(RateLimit(2, 0, 3.0), now=0.0, in_flight_count=0)
    assert window.hold_seconds(Priority.INTERACTIVE, 2.9) == pytest.approx(0.1)
    assert window.hold_seconds(Priority.INTERACTIVE, 3.0) == 0.0

    window.spend(3.0)
    window.spend(3.0)

    assert window.hold_seconds(Priority.INTERACTIVE, 4.0) == pytest.approx(2.0)


def test_a_window_is_never_believed_to_last_longer_than_a_minute() -> None:
    window = Window()
    window.learn(RateLimit(10, 0, 86_400.0), now=0.0, in_flight_count=0)

    assert window.hold_seconds(Priority.INTERACTIVE, 0.0) == 60.0


def test_headers_without_a_remaining_count_tell_nothing() -> None:
    window = Window()
    window.learn(RateLimit(10, None, 5.0), now=0.0, in_flight_count=0)
    window.learn(RateLimit(10, 0, None), now=0.0, in_flight_count=0)

    assert window.hold_seconds(Priority.BACKGROUND, 0.0) == 0.0
