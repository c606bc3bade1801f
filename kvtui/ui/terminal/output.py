"""Sends frames as fast as the line takes them, and never a frame that another has overtaken."""

from collections.abc import Callable
from functools import partial
from typing import Final

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate

from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.line import LOST_AFTER_SECONDS, SETTLED_SECONDS, Line

SLOW_FRAME_SECONDS: Final = 0.05
"""The least time between two frames where bandwidth is low."""

Later = Callable[[float, Callable[[], None]], object]


class Output:
    """What is to be seen, on its way to the terminal.

    While a frame is still under way the next ones are only drawn on the canvas; the difference to
    what the terminal shows then goes out as one.
    """

    def __init__(
        self,
        canvas: Canvas,
        line: Line,
        send: Callable[[str], None],
        *,
        is_drained: Callable[[], bool],
        later: Later,
    ) -> None:
        self._canvas = canvas
        self._line = line
        self._send = send
        self._is_drained = is_drained
        self._later = later
        self._due: set[Callable[[], None]] = set()
        self._is_known_slow = False
        self._cursor: tuple[int, int] | None = None
        self._is_waiting = False
        self._is_resting = False
        self._is_synchronized = False
        self.is_low_bandwidth: bool | None = None
        """Whether to draw seldom; None while the line is slow."""
        self.on_slow: Callable[[bool], None] = _ignore
        """Is told when the line gets slow, and when it has recovered."""

    @property
    def line(self) -> Line:
        return self._line

    def show(
        self,
        update: LayoutUpdate | ChopsUpdate,
        size: tuple[int, int],
        cursor: tuple[int, int],
        *,
        is_synchronized: bool,
    ) -> None:
        """Bring an update to the terminal, now or together with the next ones."""
        self._canvas.fit(*size)
        self._canvas.take(update)
        is_parked = cursor == (0, 0)
        self._cursor = None if is_parked else cursor
        self._is_synchronized = is_synchronized
        self._is_waiting = True
        self.pump()

    def forget(self, *, is_clearing: bool = False) -> None:
        """Trust nothing about what the terminal shows."""
        self._canvas.forget(is_clearing=is_clearing)

    def restart(self) -> None:
        """Begin on a terminal that others have used, or that was just opened."""
        self._is_waiting = False
        self._line.forget()
        self.forget()

    def answered(self) -> None:
        """Take note that the terminal has drawn what it was asked about."""
        self._line.answered()
        self.pump()

    def pump(self) -> None:
        """Send what waits, if the line takes it."""
        if not self._is_waiting or self._is_resting:
            return
        if not self._is_drained():
            self._line.held()
        elif self._line.is_behind():
            self._line.held()
            self._call_later(LOST_AFTER_SECONDS, self.pump)
        else:
            self._line.passed()
            self._tell()
            self._send_frame()

    def _send_frame(self) -> None:
        self._is_waiting = False
        frame = self._canvas.frame(self._cursor)
        if not frame:
            return
        if self._is_synchronized:
            frame = f"{SYNC_START}{frame}{SYNC_END}"
        self._send(frame + self._line.question(len(frame)))
        chosen = self.is_low_bandwidth
        if self._line.is_slow if chosen is None else chosen:
            self._is_resting = True
            self._call_later(SLOW_FRAME_SECONDS, self._rested)

    def _rested(self) -> None:
        self._is_resting = False
        self.pump()

    def _tell(self) -> None:
        """Say so when the line got slow, and when it has recovered, also while nothing is drawn."""
        is_slow = self._line.is_slow
        if is_slow != self._is_known_slow:
            self._is_known_slow = is_slow
            self.on_slow(is_slow)
        if is_slow:
            self._call_later(SETTLED_SECONDS, self._judge)

    def _judge(self) -> None:
        self._line.judge()
        self._tell()

    def _call_later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call later, unless that is going to happen anyway."""
        if call not in self._due:
            self._due.add(call)
            self._later(seconds, partial(self._call, call))

    def _call(self, call: Callable[[], None]) -> None:
        self._due.discard(call)
        call()


def _ignore(_: bool) -> None:
    """Take note of nothing."""
