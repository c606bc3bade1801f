import asyncio
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvtui.api.rate_limit import RateLimit
from kvtui.api.throttle import SLOTS, HeldTooLongError, Throttle
from kvtui.records import Priority
from tests.support.clock import VirtualClock

INTERACTIVE, VISIBLE, BACKGROUND = Priority


class Queue:
    """People at a gate, and the order in which they were let in."""

    def __init__(self, slots: int = SLOTS) -> None:
        self.clock = VirtualClock()
        self.gate = Throttle(self.clock, slots)
        self.admitted: list[str] = []

    async def enter(self, name: str, priority: Priority = INTERACTIVE) -> "asyncio.Task[None]":
        ticket = self.gate.ticket()

        async def wait() -> None:
            await self.gate.acquire(priority, ticket)
            self.admitted.append(name)

        task = asyncio.create_task(wait())
        await settle()
        return task

    async def enter_all(
        self, names: Iterable[object], priority: Priority
    ) -> "list[asyncio.Task[None]]":
        return [await self.enter(str(name), priority) for name in names]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def cancel(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_no_more_than_the_slots_are_under_way() -> None:
    queue = Queue(slots=3)

    waiting = await queue.enter_all(range(5), INTERACTIVE)

    assert queue.admitted == ["0", "1", "2"]
    queue.gate.release()
    await settle()
    assert queue.admitted == ["0", "1", "2", "3"]
    await cancel(*waiting)


async def test_the_most_urgent_goes_first_and_equals_in_order() -> None:
    queue = Queue(slots=1)
    await queue.enter("first")
    tasks = [
        await queue.enter("scan a", BACKGROUND),
        await queue.enter("poll", VISIBLE),
        await queue.enter("scan b", BACKGROUND),
        await queue.enter("value", INTERACTIVE),
    ]

    for _ in tasks:
        queue.gate.release()
        await settle()

    assert queue.admitted == ["first", "value", "poll", "scan a", "scan b"]


async def test_a_request_sent_again_keeps_its_place() -> None:
    queue = Queue(slots=1)
    await queue.enter("first")
    early = queue.gate.ticket()
    later = await queue.enter("later")
    repeated = asyncio.create_task(queue.gate.acquire(INTERACTIVE, early))
    await settle()

    queue.gate.release()
    await settle()

    assert repeated.done()
    assert not later.done()
    await cancel(later)


async def test_background_work_leaves_slots_that_interactive_requests_take_at_once() -> None:
    queue = Queue()
    scans = await queue.enter_all([f"scan {n}" for n in range(40)], BACKGROUND)
    taken_by_scans = len(queue.admitted)

    clicks = [await queue.enter(f"click {n}", INTERACTIVE) for n in range(SLOTS - taken_by_scans)]

    assert taken_by_scans == 12
    assert all(click.done() for click in clicks)
    await cancel(*scans)


async def test_visible_work_leaves_slots_too() -> None:
    queue = Queue()

    polls = await queue.enter_all(range(SLOTS), VISIBLE)

    assert len(queue.admitted) == 14
    await cancel(*polls)


async def test_someone_who_gives_up_leaves_no_slot_behind() -> None:
    queue = Queue(slots=1)
    await queue.enter("first")
    gone = await queue.enter("gone")
    patient = await queue.enter("patient")

    await cancel(gone)
    queue.gate.release()
    await settle()

    assert queue.admitted == ["first", "patient"]
    assert patient.done()
    assert queue.gate.in_flight_count == 1


async def test_someone_who_gives_up_in_the_moment_of_being_let_in_gives_the_slot_on() -> None:
    queue = Queue(slots=1)
    await queue.enter("first")
    gone = await queue.enter("gone")
    patient = await queue.enter("patient")

    queue.gate.release()
    gone.cancel()
    await settle()

    assert gone.cancelled()
    assert patient.done()
    assert queue.admitted == ["first", "patient"]
    assert queue.gate.in_flight_count == 1


class Crowd(Queue):
    """People who come, leave and finish in any order."""

    def __init__(self) -> None:
        super().__init__(slots=3)
        self.tasks: list[asyncio.Task[None]] = []
        self.released = 0

    async def play(self, step: str, number: float) -> None:
        if step == "enter":
            self.tasks.append(await self.enter("x", list(Priority)[int(number) % 3]))
        elif step == "cancel" and self.tasks:
            self.tasks[int(number) % len(self.tasks)].cancel()
        elif step == "release":
            self.release_one()
        elif step == "pause":
            self.gate.pause(number)
        elif step == "advance":
            self.clock.advance(number)
        await settle()

    def release_one(self) -> None:
        if self.released < len(self.admitted):
            self.released += 1
            self.gate.release()

    async def go_home(self) -> None:
        for _ in range(2 * len(self.tasks) + 1):
            self.clock.advance(61.0)
            await settle()
            self.release_one()
            await settle()


STEPS = st.tuples(
    st.sampled_from(["enter", "release", "cancel", "pause", "advance"]), st.floats(0, 30)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_slots_add_up_whatever_order_things_happen_in(steps: list[tuple[str, float]]) -> None:
    async def play() -> None:
        crowd = Crowd()
        for step, number in steps:
            await crowd.play(step, number)
            assert crowd.gate.in_flight_count == len(crowd.admitted) - crowd.released <= 3
        await crowd.go_home()
        assert all(task.done() for task in crowd.tasks)
        assert crowd.gate.in_flight_count == 0

    asyncio.run(play())


async def test_a_429_holds_everybody_until_its_time_has_come() -> None:
    queue = Queue()
    await queue.enter("first")
    queue.gate.pause(4.0)
    value = await queue.enter("value", INTERACTIVE)
    scan = await queue.enter("scan", BACKGROUND)

    assert queue.gate.wait_seconds == pytest.approx(4.0)
    queue.clock.advance(3.0)
    await settle()
    assert queue.admitted == ["first"]
    assert queue.gate.wait_seconds == pytest.approx(1.0)

    queue.clock.advance(1.0)
    await settle()
    assert queue.admitted == ["first", "value", "scan"]
    assert queue.gate.wait_seconds == 0.0
    assert value.done()
    assert scan.done()


async def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    queue = Queue()
    queue.gate.pause(10.0)
    queue.gate.pause(1.0)

    assert queue.gate.wait_seconds == pytest.approx(10.0)


async def test_an_interactive_request_is_told_at_once_when_the_wait_would_be_long() -> None:
    queue = Queue()
    waiting = await queue.enter("scan", BACKGROUND)
    queue.gate.pause(45.0)
    scan = await queue.enter("scan", BACKGROUND)

    with pytest.raises(HeldTooLongError) as caught:
        await queue.gate.acquire(INTERACTIVE, queue.gate.ticket())

    assert caught.value.seconds == pytest.approx(45.0)
    assert waiting.done()
    assert not scan.done()
    await cancel(scan)


async def test_an_interactive_request_already_waiting_is_told_when_the_wait_becomes_long() -> None:
    queue = Queue()
    queue.gate.pause(5.0)
    value = await queue.enter("value", INTERACTIVE)
    queue.gate.pause(50.0)
    await settle()

    assert isinstance(value.exception(), HeldTooLongError)
    assert queue.gate.in_flight_count == 0


async def test_nobody_is_paused_longer_than_a_minute() -> None:
    queue = Queue()
    queue.gate.pause(86_400.0)

    assert queue.gate.wait_seconds == pytest.approx(60.0)


async def test_headers_hold_background_before_any_429() -> None:
    queue = Queue()
    await queue.enter("first")
    queue.gate.learn(RateLimit(20, 3, 10.0), 1, is_success=True)

    scans = await queue.enter_all(["scan a", "scan b"], BACKGROUND)
    await queue.enter("value", INTERACTIVE)

    assert queue.admitted == ["first", "scan a", "value"]
    assert queue.gate.wait_seconds == pytest.approx(10.02), "somebody waits, and can be told"
    queue.clock.advance(9.0)
    assert queue.gate.wait_seconds == 0.0, "that is no more than keeping a pace"
    queue.clock.advance(1.02)
    await settle()
    assert queue.admitted == ["first", "scan a", "value", "scan b"]
    assert all(scan.done() for scan in scans)


async def test_an_empty_window_of_moderate_length_holds_interactive_requests_too() -> None:
    queue = Queue()
    await queue.enter("first")
    queue.gate.learn(RateLimit(20, 0, 10.0), 1, is_success=True)
    value = await queue.enter("value", INTERACTIVE)

    assert queue.gate.wait_seconds == pytest.approx(10.02)
    assert not value.done()
    queue.clock.advance(10.02)
    await settle()
    assert value.done()


async def test_no_interactive_request_is_refused_on_the_word_of_a_header() -> None:
    queue = Queue()
    await queue.enter("first")
    queue.gate.learn(RateLimit(20, 0, 50.0), 1, is_success=True)

    value = await queue.enter("value", INTERACTIVE)

    assert value.done()
    assert queue.gate.wait_seconds == 0.0


async def test_each_429_halves_what_background_may_have_under_way_and_success_restores_it() -> None:
    queue = Queue()
    queue.gate.pause(1.0)
    queue.gate.pause(1.0)
    queue.clock.advance(1.0)
    queue.gate.pause(1.0)
    queue.clock.advance(1.0)

    scans = await queue.enter_all(range(20), BACKGROUND)
    assert len(queue.admitted) == 4

    for _ in range(200):
        queue.gate.learn(RateLimit(), 1, is_success=True)
    await settle()
    assert len(queue.admitted) == 12
    await cancel(*scans)


async def test_closing_calls_the_alarm_off() -> None:
    queue = Queue()
    queue.gate.pause(5.0)
    value = await queue.enter("value")

    queue.gate.close()

    assert not queue.clock.is_waited_for
    await cancel(value)
    queue.gate.close()
