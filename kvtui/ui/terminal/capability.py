"""What the terminal and Textual are like, as far as the output layer depends on it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.strip import Strip

_EXPECTED: Final[tuple[tuple[Callable[..., Any], tuple[str, ...]], ...]] = (
    (vars(App)["_display"], ("self", "screen", "renderable")),
    (ChopsUpdate.__init__, ("self", "chops", "spans", "chop_ends")),
    (LayoutUpdate.__init__, ("self", "strips", "region")),
    (LinuxDriver.run_input_thread, ("self",)),
    (LinuxDriver.disable_input, ("self",)),
    (WriterThread.__init__, ("self", "file")),
    (Strip.crop, ("self", "start", "end")),
)
"""What is built upon, of what Textual does not promise to keep."""
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


def colour_system(name: str | None) -> ColorSystem:
    """Give how many colours there are, by the name that Rich has for it."""
    return {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}.get(
        name or "", ColorSystem.TRUECOLOR
    )


def sgr_parameters(name: str | None) -> Callable[[Any], str]:
    """Give what tells the SGR parameters of a style."""
    system = colour_system(name)
    return lambda style: Strip.render_ansi(style, system)
