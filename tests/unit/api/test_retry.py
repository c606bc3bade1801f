import itertools

import pytest

from kvtui.api.retry import (
    MAX_ATTEMPTS,
    Failure,
    GiveUp,
    Outcome,
    Phase,
    Resolve,
    RetryBudget,
    Wait,
    decide,
    delay_seconds,
)


def failure(
    *,
    is_write: bool = False,
    phase: Phase = Phase.SENT,
    outcome: Outcome = Outcome.LOST,
    attempt: int = 1,
    elapsed_seconds: float = 0.0,
    retry_after_seconds: float | None = None,
    is_patient: bool = False,
) -> Failure:
    return Failure(
        is_write, phase, outcome, attempt, elapsed_seconds, retry_after_seconds, is_patient
    )


READ, WRITE = False, True
AGAIN, TELL, FIND_OUT = Wait, GiveUp, Resolve
TABLE = [
    (READ, Phase.NOT_SENT, Outcome.LOST, AGAIN),
    (READ, Phase.NOT_SENT, Outcome.REFUSED, TELL),
    (READ, Phase.SENT, Outcome.LOST, AGAIN),
    (READ, Phase.SENT, Outcome.RATE_LIMITED, AGAIN),
    (READ, Phase.SENT, Outcome.OVERLOADED, AGAIN),
    (READ, Phase.SENT, Outcome.FAILED, AGAIN),
    (READ, Phase.SENT, Outcome.REFUSED, TELL),
    (READ, Phase.SENT, Outcome.UNTRUSTED, TELL),
    (WRITE, Phase.NOT_SENT, Outcome.LOST, AGAIN),
    (WRITE, Phase.NOT_SENT, Outcome.REFUSED, TELL),
    (WRITE, Phase.SENT, Outcome.LOST, FIND_OUT),
    (WRITE, Phase.SENT, Outcome.RATE_LIMITED, TELL),
    (WRITE, Phase.SENT, Outcome.OVERLOADED, FIND_OUT),
    (WRITE, Phase.SENT, Outcome.FAILED, FIND_OUT),
    (WRITE, Phase.SENT, Outcome.REFUSED, TELL),
    (WRITE, Phase.SENT, Outcome.UNTRUSTED, FIND_OUT),
]


@pytest.mark.parametrize(("is_write", "phase", "outcome", "expected"), TABLE)
def test_the_first_failure_is_judged_by_the_table(
    is_write: bool,
    phase: Phase,
    outcome: Outcome,
    expected: type[Wait | GiveUp | Resolve],
) -> None:
    decision = decide(failure(is_write=is_write, phase=phase, outcome=outcome), 0.5)

    assert isinstance(decision, expected)


def test_a_write_that_was_sent_is_never_sent_again_whatever_happens() -> None:
    for outcome, attempt, elapsed, after, is_patient in itertools.product(
        Outcome, range(1, 6), (0.0, 5.0, 100.0), (None, 0.0, 1.0, 60.0), (False, True)
    ):
        failed = failure(
            is_write=True,
            outcome=outcome,
            attempt=attempt,
            elapsed_seconds=elapsed,
            retry_after_seconds=after,
            is_patient=is_patient,
        )
        assert not isinstance(decide(failed, 0.5), Wait)


def test_the_fourth_attempt_is_the_last() -> None:
    assert isinstance(decide(failure(attempt=MAX_ATTEMPTS - 1), 0.5), Wait)
    assert decide(failure(attempt=MAX_ATTEMPTS), 0.5) == GiveUp()
    assert MAX_ATTEMPTS == 4


def test_twenty_seconds_are_all_a_person_is_kept_waiting() -> None:
    assert isinstance(decide(failure(elapsed_seconds=19.0), 0.5), Wait)
    assert decide(failure(elapsed_seconds=19.9), 0.99) == GiveUp()
    limited = failure(outcome=Outcome.RATE_LIMITED, retry_after_seconds=21.0)
    assert decide(limited, 0.0) == GiveUp()


def test_background_work_waits_for_the_rate_limit_as_long_as_it_takes() -> None:
    limited = failure(
        outcome=Outcome.RATE_LIMITED,
        retry_after_seconds=45.0,
        elapsed_seconds=50.0,
        is_patient=True,
    )

    assert decide(limited, 0.0) == Wait(45.0)


def test_without_budget_nothing_is_sent_again() -> None:
    assert decide(failure(), 0.5, has_budget=False) == GiveUp()


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.3), (2, 0.6), (3, 1.2), (4, 2.4), (5, 4.8), (6, 5.0), (60, 5.0)]
)
def test_pauses_grow_with_full_jitter_up_to_five_seconds(attempt: int, longest: float) -> None:
    assert delay_seconds(failure(attempt=attempt), 0.0) == 0.0
    assert delay_seconds(failure(attempt=attempt), 1.0) == pytest.approx(longest)


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.OVERLOADED])
def test_the_time_the_server_asks_for_is_kept_with_a_little_jitter(outcome: Outcome) -> None:
    asked = failure(outcome=outcome, retry_after_seconds=3.0)

    assert delay_seconds(asked, 0.0) == 3.0
    assert 3.0 < delay_seconds(asked, 0.999) <= 3.02


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.OVERLOADED])
@pytest.mark.parametrize("asked_seconds", [None, 0.0])
def test_a_limited_server_is_not_asked_twice_within_half_a_second(
    outcome: Outcome, asked_seconds: float | None
) -> None:
    limited = failure(outcome=outcome, retry_after_seconds=asked_seconds)

    assert delay_seconds(limited, 0.0) >= 0.5


def test_a_time_beside_another_failure_is_ignored() -> None:
    assert delay_seconds(failure(outcome=Outcome.FAILED, retry_after_seconds=9.0), 0.0) == 0.0


def test_the_budget_lets_ten_repeats_through_then_one_for_ten_calls() -> None:
    budget = RetryBudget(now=0.0)
    spent = 0
    while budget.has_left(0.0):
        budget.spend()
        spent += 1
    for _ in range(9):
        budget.count_call(0.0)
    has_left_after_nine = budget.has_left(0.0)
    budget.count_call(0.0)
    budget.count_call(0.0)

    assert spent == 10
    assert not has_left_after_nine
    assert budget.has_left(0.0)


def test_the_budget_recovers_with_time_but_never_beyond_ten() -> None:
    budget = RetryBudget(now=0.0)
    for _ in range(10):
        budget.spend()
    assert not budget.has_left(5.0)
    assert budget.has_left(7.0)

    spent = 0
    while budget.has_left(1_000_000.0):
        budget.spend()
        spent += 1
    assert spent == 10
