"""What the terminal and Textual are like, as far as the output layer depends on it."""

import fcntl
import struct
import termios
from collections.abc import Callable, Mapping
from typing import Any, Final

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

_EXPECTED: Final[tuple[tuple[Callable[..., Any], tuple[str, ...]], ...]] = (
    (vars(App)["_display"], ("self", "screen", "renderable")),
    (ChopsUpdate.__init__, ("self", "chops", "spans", "chop_ends")),
    (LayoutUpdate.__init__, ("self", "strips", "region")),
    (vars(Compositor)["_get_renders"], ("self", "crop")),
    (LinuxDriver.run_input_thread, ("self",)),
    (LinuxDriver.disable_input, ("self",)),
    (WriterThread.__init__, ("self", "file")),
    (Strip.crop, ("self", "start", "end")),
    (vars(Timer)["_run"], ("self",)),
    (vars(Timer)["_tick"], ("self",)),
    (Widget.render_lines, ("self", "crop")),
    (vars(XTermParser)["_sequence_to_key_events"], ("self", "sequence", "alt")),
)
"""What is built upon, of what Textual does not promise to keep."""
TMUX: Final = 84
"""So tmux says what kind of terminal it is; screen says 83."""
_USUAL_CELL: Final = (10, 20)
_LARGEST_CELL: Final = (12, 24)
"""More pixels cost more than can be seen of them."""
_ERASES_WITH_BACKGROUND: Final = (
    "xterm", "tmux", "linux", "alacritty", "foot", "kitty", "wezterm", "rxvt", "konsole", "vte",
    "st-", "ghostty", "iterm", "contour", "mintty",
)  # fmt: skip


def is_textual_known() -> bool:
    """Tell whether Textual is built as the output layer expects."""
    return all(
        function.__code__.co_varnames[: function.__code__.co_argcount] == names
        for function, names in _EXPECTED
    )


def erases_with_background(environ: Mapping[str, str]) -> bool:
    """Tell whether what the terminal erases takes the background colour that is set."""
    return "STY" not in environ and environ.get("TERM", "").startswith(_ERASES_WITH_BACKGROUND)


def keeps_escape_back(environ: Mapping[str, str]) -> bool:
    """Tell whether the escape key does not come through while the mouse is used: so in screen.

    screen 4 holds it until another key follows, and sends both as one.
    """
    return "STY" in environ or is_screen_or_tmux(environ)


def is_screen_or_tmux(environ: Mapping[str, str]) -> bool:
    """Tell whether it is one of both, and only the terminal can say which: so at the end of ssh."""
    is_here = "STY" in environ or "TMUX" in environ
    return environ.get("TERM", "").startswith("screen") and not is_here


def cell_pixels(descriptor: int) -> tuple[int, int]:
    """Give how many pixels to draw for a cell, across and down: as it has, up to a bound."""
    try:
        size = fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(8))
    except OSError:
        return _USUAL_CELL
    rows, columns, width, height = struct.unpack("HHHH", size)
    if not (rows and columns and width >= columns and height >= rows):
        return _USUAL_CELL
    return min(width // columns, _LARGEST_CELL[0]), min(height // rows, _LARGEST_CELL[1])


def usable_colours(name: str | None, environ: Mapping[str, str]) -> str | None:
    """Give how many colours to use: screen passes COLORTERM on, but not what it stands for."""
    terminal = environ.get("TERM", "")
    if name != "truecolor" or "STY" not in environ or not terminal.startswith("screen"):
        return name
    return "256" if "256color" in terminal else "standard"


def colour_system(name: str | None) -> ColorSystem:
    """Give how many colours there are, by the name that Rich has for it."""
    return {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}.get(
        name or "", ColorSystem.TRUECOLOR
    )


def sgr_parameters(name: str | None) -> Callable[[Any], str]:
    """Give what tells the SGR parameters of a style."""
    system = colour_system(name)
    return lambda style: Strip.render_ansi(style, system)
