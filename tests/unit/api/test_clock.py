import asyncio

from kvtui.api.clock import Clock, SystemClock


async def test_the_machine_s_clock_goes_forward_and_wakes_whoever_waits() -> None:
    clock: Clock = SystemClock()
    before = clock.now()
    rang = asyncio.Event()

    clock.call_later(0, rang.set)
    clock.call_later(0, rang.clear).cancel()
    await rang.wait()
    await clock.sleep(0)

    assert clock.now() >= before
    assert clock.epoch() > 1_700_000_000
    assert rang.is_set()


def test_chance_is_a_fraction() -> None:
    fractions = {SystemClock().fraction() for _ in range(50)}

    assert len(fractions) > 1
    assert all(0 <= fraction < 1 for fraction in fractions)
