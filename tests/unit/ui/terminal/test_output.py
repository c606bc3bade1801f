"""Frames on a slow line: merged, never queued, and judged by when the terminal answers."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.line import ASK, ASKED_EVERY_BYTES, LOST_AFTER_SECONDS, Line
from kvtui.ui.terminal.output import SLOW_FRAME_SECONDS, Output
from kvtui.ui.terminal.palette import Palette
from tests.support.emulator import Emulator

SIZE = (40, 5)
SLOW_BYTES_PER_SECOND = 10_000
KEY_SECONDS = 0.015


@dataclass
class Bench:
    """An output layer on a line whose speed and clock are set by hand."""

    now: float = 0.0
    is_drained: bool = True
    sent: list[str] = field(default_factory=list)
    waits: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = Line(lambda: self.now)
        self.output = Output(
            Canvas(Palette(sgr_parameters("truecolor")), has_background_erase=True),
            self.line,
            self.sent.append,
            is_drained=lambda: self.is_drained,
            later=lambda seconds, call: self.waits.append((self.now + seconds, call)),
        )

    def show(self, text: str, cursor: tuple[int, int] = (0, 0)) -> None:
        strips = [[Strip([Segment(text.ljust(40)[:40])])] for _ in range(5)]
        update = LayoutUpdate(list(strips), Region(0, 0, *SIZE))
        self.output.show(update, SIZE, cursor, is_synchronized=True)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.waits if at <= self.now]
        self.waits = [(at, call) for at, call in self.waits if at > self.now]
        for call in due:
            call()

    def seen(self) -> str:
        emulator = Emulator(*SIZE)
        for text in self.sent:
            emulator.feed(text.replace(ASK, ""))
        return emulator.text.splitlines()[0].rstrip()


class SlowWay:
    """Carries what is sent, one byte after the other, and brings the answers."""

    def __init__(self, bench: Bench, *, answer_seconds: float = 0.0) -> None:
        self._bench = bench
        self._answer_seconds = answer_seconds
        self._dice = random.Random(1)
        self._answers: deque[float] = deque()
        self._carried = 0
        self._free_at = 0.0
        self.most_waiting_seconds = 0.0
        """The longest time it took until everything that was sent had been carried."""
        bench.output.answered()

    def hold_key(self, *, seconds: float) -> None:
        """Change all of the screen again and again."""
        end = self._bench.now + seconds
        next_key = self._bench.now
        while self._bench.now < end:
            if self._bench.now >= next_key:
                next_key += KEY_SECONDS
                self._bench.show("".join(self._dice.choices("abcdefghij", k=40)))
            self._carry()
            self._bench.wait(0.001)
            while self._answers and self._answers[0] <= self._bench.now:
                self._answers.popleft()
                self._bench.output.answered()
                self._carry()

    def _carry(self) -> None:
        for text in self._bench.sent[self._carried :]:
            start = max(self._free_at, self._bench.now)
            self._free_at = start + len(text) / SLOW_BYTES_PER_SECOND
            if ASK in text:
                self._answers.append(self._free_at + self._answer_seconds)
        self._carried = len(self._bench.sent)
        waiting = self._free_at - self._bench.now
        self.most_waiting_seconds = max(self.most_waiting_seconds, waiting)


def test_frames_wait_while_one_is_under_way_and_go_out_as_one() -> None:
    bench = Bench()
    bench.show("first")
    bench.is_drained = False
    for number in range(100):
        bench.show(f"frame {number}")
    assert len(bench.sent) == 1
    bench.is_drained = True
    bench.output.pump()
    assert len(bench.sent) == 2
    assert bench.seen() == "frame 99"


def test_frames_are_synchronized_and_nothing_is_sent_for_nothing() -> None:
    bench = Bench()
    bench.show("a")
    assert bench.sent[0].startswith("\x1b[?2026h")
    assert bench.sent[0].endswith("\x1b[?2026l")
    bench.show("a")
    assert len(bench.sent) == 1


def test_the_cursor_is_where_text_is_typed() -> None:
    bench = Bench()
    bench.show("a", cursor=(7, 2))
    emulator = Emulator(*SIZE)
    emulator.feed(bench.sent[0])
    assert emulator.cursor == (7, 2)


def test_no_question_is_asked_of_a_terminal_that_never_answered() -> None:
    bench = Bench()
    for number in range(100):
        bench.show(str(number) * 40)
    assert ASK not in "".join(bench.sent)


def test_frames_wait_for_a_late_answer() -> None:
    bench = Bench()
    _learn(bench, seconds=0.01)
    bench.show("x" * 40)
    _fill(bench)
    sent = len(bench.sent)
    bench.now += 0.2
    bench.show("late")
    bench.show("later")
    assert len(bench.sent) == sent
    bench.output.answered()
    assert len(bench.sent) == sent + 1
    assert bench.seen() == "later"


def test_a_slow_line_never_has_two_frames_under_way() -> None:
    bench = Bench()
    way = SlowWay(bench)
    way.hold_key(seconds=1.0)
    way.most_waiting_seconds = 0.0
    way.hold_key(seconds=2.0)
    frame_seconds = max(map(len, bench.sent[-20:])) / SLOW_BYTES_PER_SECOND
    assert frame_seconds > KEY_SECONDS
    assert way.most_waiting_seconds < frame_seconds * 1.3


def test_a_slow_line_with_a_long_way_is_kept_busy() -> None:
    bench = Bench()
    bench.output.is_low_bandwidth = False
    way = SlowWay(bench, answer_seconds=0.2)
    way.hold_key(seconds=4.0)
    assert sum(map(len, bench.sent)) > 0.8 * 4.0 * SLOW_BYTES_PER_SECOND
    assert way.most_waiting_seconds < 0.4


def test_an_answer_that_is_lost_holds_nothing_up_for_long() -> None:
    bench = Bench()
    _learn(bench, seconds=0.01)
    _fill(bench)
    bench.now += 0.2
    bench.show("held")
    assert bench.seen() != "held"
    bench.wait(LOST_AFTER_SECONDS + 0.1)
    assert bench.seen() == "held"


def test_a_line_with_a_long_way_is_not_taken_for_a_slow_one() -> None:
    bench = Bench()
    for _ in range(20):
        _learn(bench, seconds=0.3)
    bench.show("now")
    assert bench.seen() == "now"
    assert not bench.line.is_slow


def test_a_line_that_keeps_frames_waiting_is_slow_until_it_has_rested() -> None:
    bench = Bench()
    for number in range(5):
        bench.is_drained = False
        bench.show(f"frame {number}")
        bench.wait(0.3)
        bench.is_drained = True
        bench.output.pump()
    assert bench.line.is_slow
    for number in range(110):
        bench.show(f"other {number}")
        bench.wait(0.1)
    assert not bench.line.is_slow


def test_it_is_told_when_the_line_gets_slow_and_when_it_has_recovered() -> None:
    bench = Bench()
    told: list[bool] = []
    bench.output.on_slow = told.append
    bench.is_drained = False
    bench.show("waits")
    bench.wait(1.5)
    bench.is_drained = True
    bench.output.pump()
    assert told == [True]
    bench.wait(30)
    assert told == [True, False]


def test_with_low_bandwidth_frames_are_few_whatever_the_line_is_like() -> None:
    bench = Bench()
    bench.output.is_low_bandwidth = True
    for number in range(10):
        bench.show(f"frame {number}")
    assert len(bench.sent) == 1
    bench.wait(SLOW_FRAME_SECONDS)
    assert len(bench.sent) == 2
    assert bench.seen() == "frame 9"


def test_a_slow_line_can_be_taken_as_it_is() -> None:
    bench = Bench()
    bench.output.is_low_bandwidth = False
    bench.is_drained = False
    bench.show("waits")
    bench.wait(1.5)
    bench.is_drained = True
    bench.output.pump()
    sent = len(bench.sent)
    bench.show("one")
    bench.show("another")
    assert bench.line.is_slow
    assert len(bench.sent) == sent + 2


def _learn(bench: Bench, *, seconds: float) -> None:
    """Let the line answer, as long as it takes usually."""
    bench.output.answered()
    _fill(bench)
    bench.now += seconds
    bench.output.answered()


def _fill(bench: Bench) -> None:
    """Send frames until a question is among them."""
    asked = sum(ASK in text for text in bench.sent)
    for number in range(ASKED_EVERY_BYTES):
        bench.show(f"{number} of {bench.now:.2f}".rjust(40, "#" if number % 2 else "="))
        if sum(ASK in text for text in bench.sent) > asked:
            return
