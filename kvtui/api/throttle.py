"""Whose turn it is: one gate for all requests, with priorities and respect for the rate limit."""

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field
from typing import Final

from kvtui.api.clock import Clock, Timer
from kvtui.api.rate_limit import MAX_WINDOW_SECONDS, RateLimit, Window
from kvtui.api.retry import PATIENCE_SECONDS
from kvtui.records import Priority

SLOTS: Final = 16
_RESERVED_SLOTS: Final = {Priority.INTERACTIVE: 0, Priority.VISIBLE: 2, Priority.BACKGROUND: 4}
"""How many slots a priority leaves free for those before it."""
_WORTH_SAYING_SECONDS: Final = 2.0


class HeldTooLongError(Exception):
    """A rate limit would keep somebody waiting longer than is polite without asking."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held back for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(order=True, slots=True)
class _Waiter:
    priority: Priority
    ticket: int
    turn: "asyncio.Future[int]" = field(compare=False)


class Throttle:
    """At most `slots` requests under way; the most urgent waits least.

    Background work leaves slots and a tenth of the rate limit's window to interactive requests,
    and takes fewer slots after each 429.
    """

    def __init__(self, clock: Clock, slots: int = SLOTS) -> None:
        self._clock = clock
        self._slots = slots
        self._background_slots = float(slots)
        self._in_flight_count = 0
        self._queue: list[_Waiter] = []
        self._tickets = itertools.count()
        self._window = Window()
        self._paused_until = clock.now()
        self._alarm: Timer | None = None

    @property
    def wait_seconds(self) -> float:
        """How long a rate limit holds back interactive requests, or those that are waiting.

        The short pauses by which background work keeps its pace do not count.
        """
        waiting = (waiter.priority for waiter in self._queue if not waiter.turn.done())
        held_seconds = self._hold_seconds(min(waiting, default=Priority.INTERACTIVE))
        is_pause = held_seconds < _WORTH_SAYING_SECONDS
        return self._hold_seconds(Priority.INTERACTIVE) if is_pause else held_seconds

    @property
    def in_flight_count(self) -> int:
        return self._in_flight_count

    def ticket(self) -> int:
        """Take a place in the queue, to be kept by a request that is sent again."""
        return next(self._tickets)

    async def acquire(self, priority: Priority, ticket: int) -> int:
        """Wait for a slot, and return the number of this turn among all turns.

        Raises HeldTooLongError where a rate limit takes the slot out of reach.
        """
        waiter = _Waiter(priority, ticket, asyncio.get_running_loop().create_future())
        heapq.heappush(self._queue, waiter)
        self._dispatch()
        try:
            return await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled() and not waiter.turn.exception():
                self.release()
            self._dispatch()
            raise

    def release(self) -> None:
        """Give the slot back."""
        self._in_flight_count -= 1
        self._dispatch()

    def learn(self, limit: RateLimit, turn: int, *, is_success: bool) -> None:
        """Take in what the answer to the request of this turn says about the rate limit."""
        self._window.learn(limit, turn, self._clock.now(), self._in_flight_count - 1)
        if is_success:
            grown = self._background_slots + 1 / self._background_slots
            self._background_slots = min(float(self._slots), grown)
        self._dispatch()

    def pause(self, seconds: float) -> None:
        """Hold everybody back: the server has said 429."""
        now = self._clock.now()
        if now >= self._paused_until:
            self._background_slots = max(1.0, self._background_slots / 2)
        until = now + min(seconds, MAX_WINDOW_SECONDS)
        self._paused_until = max(self._paused_until, until)
        self._dispatch()

    def close(self) -> None:
        """Call off the alarm; whoever still waits is cancelled by its own task."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _dispatch(self) -> None:
        """Let in whoever may go, most urgent first: what holds back the first holds back all."""
        self.close()
        while self._queue:
            first = self._queue[0]
            if not first.turn.done():
                if self._in_flight_count >= self._room(first.priority):
                    return
                if not self._admit(first):
                    return
            heapq.heappop(self._queue)

    def _admit(self, waiter: _Waiter) -> bool:
        """Settle the turn of `waiter`, or set the alarm for when it may come."""
        seconds = self._hold_seconds(waiter.priority)
        if seconds > PATIENCE_SECONDS and waiter.priority is Priority.INTERACTIVE:
            waiter.turn.set_exception(HeldTooLongError(seconds))
        elif seconds > 0:
            self._alarm = self._clock.call_later(seconds, self._dispatch)
            return False
        else:
            self._in_flight_count += 1
            waiter.turn.set_result(self._window.spend(waiter.priority, self._clock.now()))
        return True

    def _room(self, priority: Priority) -> int:
        room = max(1, self._slots - _RESERVED_SLOTS[priority])
        if priority is Priority.BACKGROUND:
            return min(room, int(self._background_slots))
        return room

    def _hold_seconds(self, priority: Priority) -> float:
        now = self._clock.now()
        window_seconds = self._window.hold_seconds(priority, now)
        if priority is Priority.INTERACTIVE and window_seconds > PATIENCE_SECONDS:
            # Nobody is refused on the word of a header alone: the server may say 429 itself.
            window_seconds = 0.0
        return max(self._paused_until - now, window_seconds, 0.0)
