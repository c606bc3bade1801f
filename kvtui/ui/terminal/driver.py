"""The terminal: what reaches it, what comes from it, and how it is left."""

import os
import select
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TextIO, cast

from textual import constants
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from kvtui.ui.terminal.barrier import guard
from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import (
    TMUX,
    cell_pixels,
    erases_with_background,
    sgr_parameters,
    usable_colours,
)
from kvtui.ui.terminal.cell_driver import CellDriver, Look
from kvtui.ui.terminal.clipboard import copy_sequences
from kvtui.ui.terminal.graphics import Graphics, Protocol, protocol
from kvtui.ui.terminal.key_parser import KeyParser
from kvtui.ui.terminal.line import Line
from kvtui.ui.terminal.outlet import Outlet
from kvtui.ui.terminal.output import Output
from kvtui.ui.terminal.palette import Palette
from kvtui.ui.terminal.strips import Strips
from kvtui.ui.terminal.wake import Wake

MOUSE_MODES: Final = (1000, 1002, 1006)
"""Buttons, and motion while one is held: any other motion would cost a frame for each cell."""
CLEAR: Final = "\x1b[m\x1b[H\x1b[2J"
ASK_KIND: Final = "\x1b[>c"
READ_BYTES: Final = 4096
UNFINISHED_SECONDS: Final = constants.ESCAPE_DELAY + 0.005
"""After so long without more, what looked like the beginning of a sequence was keys."""
ESCAPE_SECONDS: Final = UNFINISHED_SECONDS if "ESCDELAY" in os.environ else 0.05
"""The same for an escape character alone: what follows it in a sequence was sent with it."""
LAST_ANSWERS_SECONDS: Final = 0.2
"""For so long answers are awaited at the end, which would come out at the shell's prompt."""


class TerminalDriver(LinuxDriver, CellDriver):
    """Textual's driver with a guarded way out, and without waits for the clock."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._outlet = Outlet(self._open_file(), self._drained)
        self._file = cast("Any", self._outlet)
        self._wake = Wake()
        self.output: Output | None = None
        """Draws frames; None where they are written as Textual has them."""
        self._is_open = False
        self._uses_mouse_in_tmux = False
        self._is_kind_asked = False

    def open_output(
        self, colours: str | None, look: Look, *, on_slow: Callable[[bool], None]
    ) -> None:
        canvas = Canvas(
            Palette(sgr_parameters(usable_colours(colours, os.environ))),
            has_background_erase=erases_with_background(os.environ),
            is_ascii=look.is_ascii,
        )
        self.output = Output(
            canvas,
            Line(time.monotonic),
            self.write,
            is_drained=lambda: self._outlet.is_drained,
            later=self._loop.call_later,
        )
        self.output.is_low_bandwidth = look.is_low_bandwidth
        self.output.on_slow = on_slow
        self._open_images(canvas, look, has_colours=colours == "truecolor")

    def _open_images(self, canvas: Canvas, look: Look, *, has_colours: bool) -> None:
        found = protocol(look.images, os.environ, has_colours=has_colours)
        if found is not None and not look.is_ascii:
            self.graphics = Graphics(found, self.write, partial(cell_pixels, self.fileno))
        if self.graphics is not None and found is Protocol.ITERM2:
            canvas.strips = Strips(self.graphics)

    def draw(
        self,
        update: object,
        size: tuple[int, int],
        cursor: tuple[int, int],
        *,
        is_synchronized: bool,
    ) -> bool:
        if self.output is None:
            return False
        if not isinstance(update, LayoutUpdate | ChopsUpdate):
            self.output.forget()
            return False
        self.output.show(update, size, cursor, is_synchronized=is_synchronized)
        return True

    def forget(self, *, is_clearing: bool) -> None:
        if self.output is not None:
            self.output.forget(is_clearing=is_clearing)
        if self.graphics is not None and is_clearing:
            self.graphics.restart()

    def write(self, data: str) -> None:
        self._send(guard(data, has_images=self.graphics is not None))

    def copy(self, text: str) -> None:
        # No such sequence gets past `write`.
        for sequence in copy_sequences(text, os.environ):
            self._send(sequence)

    def _request_terminal_sync_mode_support(self) -> None:
        """Begin on a terminal that others have used, or that was just opened."""
        self._outlet.open()
        self._is_open = True
        if self.output is not None:
            self.output.restart()
        if self.graphics is not None:
            self.graphics.restart()
        super()._request_terminal_sync_mode_support()
        if self._uses_mouse_in_tmux:
            self._uses_mouse_in_tmux, self._is_kind_asked = False, True
            # What makes a terminal type does not get past `write`.
            self._send(ASK_KIND)

    def close(self) -> None:
        super().close()
        self._outlet.close()

    def stop_application_mode(self) -> None:
        self._is_open = False
        if self.graphics is not None:
            self.graphics.leave()
        # Without a second screen, as in screen and on the console, the prompt stands on this one.
        self.write(CLEAR)
        super().stop_application_mode()

    def disable_input(self) -> None:
        if self.exit_event.is_set():
            return
        self._wake.set()
        super().disable_input()
        self._wake.clear()

    def process_message(self, message: Message) -> None:
        if isinstance(message, TerminalSupportsSynchronizedOutput) and self.output is not None:
            self._loop.call_soon_threadsafe(self.output.answered)
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read keys until told to stop; wait for the clock only while a key may be unfinished."""
        parser = KeyParser(debug=self._debug, on_kind=self._learn_kind)
        decode = getincrementaldecoder("utf-8")("replace").decode
        seconds = None
        while not self.exit_event.is_set():
            if self._wake.wait(self.fileno, seconds):
                content = taken(self.fileno)
                if not content:
                    # Whoever hears of terminals that are gone ends the app, and keeps its drafts.
                    os.kill(os.getpid(), signal.SIGHUP)
                    return
                text = decode(content)
                self._feed(parser, text)
                seconds = _patience(text)
            elif seconds is not None:
                seconds = None
                parser.give_up()
            for message in parser.tick():
                self.process_message(message)
        self._read_last_answers(parser, decode)

    def _feed(self, parser: XTermParser, text: str) -> None:
        for message in parser.feed(text) if text else ():
            self.process_message(message)

    def _read_last_answers(self, parser: XTermParser, decode: Callable[[bytes], str]) -> None:
        end = time.monotonic() + LAST_ANSWERS_SECONDS
        while self._is_kind_asked or (self.output is not None and self.output.line.is_asked):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fileno], [], [], left)[0]:
                return
            content = taken(self.fileno)
            if not content:
                return
            self._feed(parser, decode(content))

    @property
    def has_mouse(self) -> bool:
        return self._mouse

    def use_mouse(self, is_used: bool) -> None:
        self._disable_mouse_support()
        self._mouse = is_used
        self._enable_mouse_support()

    def use_mouse_in_tmux(self) -> None:
        self._uses_mouse_in_tmux = True

    def _learn_kind(self, number: int) -> None:
        """Take note of what kind of terminal it is: this is called by the reading thread."""
        if self._is_kind_asked and number == TMUX:
            self._loop.call_soon_threadsafe(self._use_mouse_from_now)
        self._is_kind_asked = False

    def _use_mouse_from_now(self) -> None:
        """Use the mouse; once it is open again, where the answer came at its end."""
        self._mouse = True
        if self._is_open:
            self._enable_mouse_support()

    def _enable_mouse_support(self) -> None:
        self._set_mouse("h")

    def _disable_mouse_support(self) -> None:
        self._set_mouse("l")

    def _set_mouse(self, switch: str) -> None:
        if self._mouse:
            self.write("".join(f"\x1b[?{mode}{switch}" for mode in MOUSE_MODES))

    def _send(self, text: str) -> None:
        rest = self._outlet.offer(text)
        if rest is not None:
            self._outlet.announce()
            super().write(rest)

    def _drained(self) -> None:
        """Send what waited, from the loop: this is called by the writing thread."""
        if self.output is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.output.pump)

    def _open_file(self) -> TextIO:
        return sys.__stderr__ or sys.stderr


def taken(descriptor: int) -> bytes:
    """Give what has come from a terminal; nothing where that is gone."""
    try:
        return os.read(descriptor, READ_BYTES)
    except OSError:
        return b""


def _patience(text: str) -> float | None:
    """Tell how long to wait for what belongs to `text`, the last that was read."""
    if not text:
        return None
    return ESCAPE_SECONDS if text.endswith("\x1b") else UNFINISHED_SECONDS
