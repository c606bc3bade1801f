"""The top line: where you are on the left, what it costs on the right."""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from kvtui.ui.formatting import count, shorten_left
from kvtui.ui.text import line

LEAST_PATH_CELLS: Final = 32
"""Room for the path that is worth more than what stands on the right."""
UNLIMITED: Final = 10_000
REQUESTS, HOST, KEYS = "requests", "host", "keys"
LESS_AND_LESS: Final[tuple[Collection[str], ...]] = (
    (),
    (REQUESTS,),
    (REQUESTS, HOST),
    (REQUESTS, HOST, KEYS),
)
"""What is left out on the right, for want of room."""


class Place(msgspec.Struct, frozen=True):
    """What the top line shows."""

    profile: str = ""
    namespace: str = ""
    path: tuple[str, ...] = ()
    """Folders and the key, outermost first."""
    host: str = ""
    colour: str | None = None
    """Of the profile."""
    is_production: bool = False
    is_masked: bool = False
    """Whether every value is hidden."""
    is_read_only: bool = False
    armed_seconds: int = 0
    """How long writes stay armed; 0 where they are not, or need not be."""
    is_journaled: bool = True
    """Whether what is overwritten is kept for undo."""
    key_count: int | None = None
    """Keys seen in the open namespace; None before any listing."""
    is_count_exact: bool = False
    request_count: int = 0
    in_flight_count: int = 0
    wait_seconds: int = 0
    """For how long a rate limit holds requests back."""
    banner: str = ""
    """Something that is wrong until it is put right, such as a rejected API key."""


class Breadcrumb(Widget):
    """One line; what does not fit is cut from the left of the path."""

    DEFAULT_CSS = """
    Breadcrumb { height: 1; background: $panel; color: $foreground; }
    Breadcrumb.-banner { background: $error-muted; }
    Breadcrumb.-production { background: $error 60%; color: $foreground; }
    """

    place: reactive[Place] = reactive(Place())
    is_ascii = reactive(False)
    is_line_slow = reactive(False)
    """Whether the line to the terminal is what everything waits for."""

    def __init__(self, *, is_ascii: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.set_reactive(Breadcrumb.is_ascii, is_ascii)

    def watch_place(self, place: Place) -> None:
        self.set_class(bool(place.banner), "-banner")
        self.set_class(place.is_production, "-production")

    def render(self) -> Content:
        wanted = self._path(UNLIMITED).cell_length
        if not self.place.banner:
            wanted = min(wanted, LEAST_PATH_CELLS)
        right, room = Content(""), 0
        for left_out in LESS_AND_LESS:
            right = self._state(left_out)
            room = max(0, self.size.width - right.cell_length - 2)
            if room >= wanted:
                break
        left = self._path(room)
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right).truncate(self.size.width)

    def _path(self, room: int) -> Content:
        place = self.place
        if place.banner:
            return Content.styled(f" {line(place.banner)}", "bold $text-error").truncate(
                room, ellipsis=True
            )
        arrow = ">" if self.is_ascii else "▸"
        profile = self._profile(arrow)
        head = f" {line(place.namespace)} {arrow}" if place.namespace else ""
        path = f" {arrow} ".join(line(part) for part in place.path)
        if not path:
            head = head.removesuffix(arrow)
            profile = profile if head else profile[: -len(arrow)]
            return Content.assemble(profile, (head, "bold")).truncate(room)
        path = shorten_left(f" {path}", max(0, room - len(head) - profile.cell_length))
        return Content.assemble(profile, (head, "bold"), path).truncate(room)

    def _profile(self, arrow: str) -> Content:
        """Give the profile's word in its colour; what is production says so in a word too."""
        place = self.place
        words = [line(place.profile)] if place.profile else []
        words += ["PRODUCTION"] if place.is_production else []
        if not words:
            return Content("")
        style = f"bold auto on {place.colour}" if place.colour else "bold"
        return Content.assemble((f" {' '.join(words)} ", style), (arrow, "bold"))

    def _writes(self) -> Content:
        """Tell whether writes are possible, and for how long."""
        place = self.place
        if place.is_read_only:
            return Content.styled("RO", "bold" if place.is_production else "bold $text-warning")
        if not place.armed_seconds:
            return Content.styled("RW", "$text-success")
        minutes, seconds = divmod(place.armed_seconds, 60)
        return Content.styled(f"RW armed {minutes}:{seconds:02}", "bold reverse")

    def _state(self, left_out: Collection[str]) -> Content:
        place = self.place
        parts: list[Content] = []
        if place.wait_seconds:
            parts.append(
                Content.styled(f"rate limit: {place.wait_seconds} s", "bold $text-warning")
            )
        if self.is_line_slow:
            parts.append(Content.styled("slow line", "bold $text-warning"))
        if place.is_masked:
            parts.append(Content.styled("masked", "bold"))
        parts.append(self._writes())
        if not place.is_journaled:
            parts.append(Content.styled("no undo journal", "bold $text-warning"))
        if HOST not in left_out:
            parts.append(Content(line(place.host)))
        if place.key_count is not None and KEYS not in left_out:
            seen = count(place.key_count, is_exact=place.is_count_exact)
            parts.append(Content(f"{seen} key" if seen == "1" else f"{seen} keys"))
        if REQUESTS not in left_out:
            parts.append(Content(f"{place.request_count:,} req"))
        busy = "~" if self.is_ascii else "⟳"
        flight = f"{busy} {place.in_flight_count}" if place.in_flight_count else "   "
        parts.append(Content(flight))
        return Content("  ").join(parts).append(" ")
