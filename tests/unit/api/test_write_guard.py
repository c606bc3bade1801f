import pytest

from kvtui.api.write_guard import WriteGuard
from kvtui.errors import ReadOnlyError
from tests.support.clock import VirtualClock


class SetClock(VirtualClock):
    """A clock whose time of day can be set apart from the time that passes."""

    offset = 0.0

    def epoch(self) -> float:
        return super().epoch() + self.offset


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def test_arming_ends_by_itself(clock: SetClock) -> None:
    guard = WriteGuard(clock, is_read_only=False, needs_arming=True)
    with pytest.raises(ReadOnlyError, match="not armed"):
        guard.check()
    guard.arm(600)
    clock.advance(599)
    guard.check()
    assert guard.armed_seconds == 1
    clock.advance(1)
    with pytest.raises(ReadOnlyError):
        guard.check()
    assert guard.armed_seconds == 0


def test_a_machine_that_slept_finds_its_writes_disarmed(clock: SetClock) -> None:
    guard = WriteGuard(clock, is_read_only=False, needs_arming=True)
    guard.arm(600)
    clock.offset = 3600
    assert guard.is_closed


def test_a_clock_that_is_set_back_prolongs_nothing(clock: SetClock) -> None:
    guard = WriteGuard(clock, is_read_only=False, needs_arming=True)
    guard.arm(600)
    clock.offset = -3600
    clock.advance(600)
    assert guard.is_closed


def test_writes_can_be_disarmed_before_the_time_is_over(clock: SetClock) -> None:
    guard = WriteGuard(clock, is_read_only=False, needs_arming=True)
    guard.arm(600)
    guard.disarm()
    assert guard.is_closed


def test_nothing_arms_what_is_read_only(clock: SetClock) -> None:
    guard = WriteGuard(clock, is_read_only=True, needs_arming=True)
    with pytest.raises(ReadOnlyError):
        guard.arm(600)
    assert guard.is_closed


def test_where_nothing_is_asked_for_writes_go(clock: SetClock) -> None:
    guard = WriteGuard(clock, is_read_only=False, needs_arming=False)
    guard.check()
    assert not guard.is_closed
