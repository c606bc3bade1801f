"""A call carried through: its turn, its attempts, and the decision after each that failed."""

from typing import Final, TypeVar

from kvtui.api.attempt import Attempts, Done, Progress
from kvtui.api.call import Call
from kvtui.api.clock import Clock
from kvtui.api.failures import Failures, Fault
from kvtui.api.retry import Failure, GiveUp, Outcome, Resolve, RetryBudget, decide, delay_seconds
from kvtui.api.throttle import HeldTooLongError, Throttle
from kvtui.records import Priority

DEADLINE_SECONDS: Final = 30.0
"""For a call with all its attempts and pauses, without the wait for its turn."""
SLOWEST_BYTES_PER_SECOND: Final = 64 * 1024
"""A body that is sent earns more time, at this rate."""

T = TypeVar("T")


class Exchange:
    """Carries calls through, or raises the one error that tells how it ended."""

    def __init__(
        self, attempts: Attempts, failures: Failures, throttle: Throttle, clock: Clock
    ) -> None:
        self._attempts = attempts
        self._failures = failures
        self._throttle = throttle
        self._clock = clock
        self._budget = RetryBudget(clock.now())

    async def carry(self, call: Call[T], priority: Priority, deadline_seconds: float) -> T:
        """Send `call` until it is answered, or until sending again can do no good."""
        ticket = self._throttle.ticket()
        limit_seconds = deadline_seconds + len(call.content or b"") / SLOWEST_BYTES_PER_SECOND
        elapsed_seconds = 0.0
        number = 0
        self._budget.count_call(self._clock.now())
        while True:
            number += 1
            turn = await self._take_turn(call, priority, ticket)
            began_at = self._clock.now()
            try:
                progress = Progress(number, turn)
                left_seconds = limit_seconds - elapsed_seconds
                result = await self._attempts.make(call, progress, left_seconds)
            finally:
                self._throttle.release()
            if isinstance(result, Done):
                return result.result
            elapsed_seconds += self._clock.now() - began_at
            failure = _failure(call, priority, result, number, elapsed_seconds)
            elapsed_seconds += await self._pause(failure, result, limit_seconds)

    async def _take_turn(self, call: Call[T], priority: Priority, ticket: int) -> int:
        try:
            return await self._throttle.acquire(priority, ticket)
        except HeldTooLongError as error:
            held_seconds = error.seconds
        raise self._failures.held_back(call, held_seconds)

    async def _pause(self, failure: Failure, fault: Fault, limit_seconds: float) -> float:
        """Wait before the next attempt and return how long it counted, or raise the error."""
        now, fraction = self._clock.now(), self._clock.fraction()
        is_limited = failure.outcome is Outcome.RATE_LIMITED
        if is_limited:
            self._throttle.pause(delay_seconds(failure, fraction))
        has_budget = self._budget.has_left(now) and failure.elapsed_seconds < limit_seconds
        decision = decide(failure, fraction, has_budget=has_budget)
        if isinstance(decision, GiveUp):
            raise fault.error
        if isinstance(decision, Resolve):
            raise self._failures.unknown(fault)
        self._budget.spend()
        if is_limited:  # the gate holds this request back, with all the others
            return 0.0 if failure.is_patient else decision.seconds
        await self._clock.sleep(decision.seconds)
        return decision.seconds


def _failure(
    call: Call[T], priority: Priority, fault: Fault, number: int, elapsed_seconds: float
) -> Failure:
    return Failure(
        is_write=call.endpoint.is_write,
        phase=fault.phase,
        outcome=fault.outcome,
        attempt=number,
        elapsed_seconds=elapsed_seconds,
        retry_after_seconds=fault.retry_after_seconds,
        is_patient=priority is Priority.BACKGROUND,
    )
