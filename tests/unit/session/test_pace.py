from kvtui.records import KeyEntry, KeyPage
from kvtui.session.pace import Pace


def full(seconds: float | None) -> KeyPage:
    return KeyPage(["a"], [1], [None], "next", has_more=True, answer_seconds=seconds)


def empty(seconds: float | None) -> KeyPage:
    return KeyPage([], [], [], answer_seconds=seconds)


def pace_of(*, full_seconds: float, empty_seconds: float, empty_count: int = 20) -> Pace:
    pace = Pace()
    for _ in range(5):
        pace.note(full(full_seconds))
    for _ in range(empty_count):
        pace.note(empty(empty_seconds))
    return pace


def test_empty_answers_that_take_much_longer_than_full_pages_are_dear() -> None:
    assert pace_of(full_seconds=0.1, empty_seconds=1.0).is_probing_dear


def test_empty_answers_that_take_about_as_long_are_not() -> None:
    assert not pace_of(full_seconds=0.1, empty_seconds=0.3).is_probing_dear
    assert not pace_of(full_seconds=4.0, empty_seconds=4.0).is_probing_dear


def test_empty_answers_that_come_soon_are_not_dear_whatever_the_pages_take() -> None:
    assert not pace_of(full_seconds=0.001, empty_seconds=0.1).is_probing_dear


def test_a_few_slow_answers_prove_nothing() -> None:
    assert not pace_of(full_seconds=0.1, empty_seconds=9.0, empty_count=3).is_probing_dear


def test_what_was_slow_once_is_forgotten() -> None:
    pace = pace_of(full_seconds=0.1, empty_seconds=1.0)

    for _ in range(20):
        pace.note(empty(0.1))

    assert not pace.is_probing_dear


def test_pages_that_nobody_timed_and_last_pages_with_keys_say_nothing() -> None:
    pace = pace_of(full_seconds=0.1, empty_seconds=0.1)

    for _ in range(50):
        pace.note(empty(None))
        pace.note(KeyPage.of([KeyEntry("a")]))

    assert not pace.is_probing_dear
