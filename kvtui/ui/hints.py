"""Which hints the bottom line shows: the commands at hand, with the keys in force."""

from collections.abc import Collection
from typing import Any, Final

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from kvtui.ui.commands import hinted

ARROWS: Final = frozenset({"up", "down", "left", "right"})


def hints(
    screen: Screen[Any], without: Collection[str] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """Give (key, word) of every command that has a hint and can be given now, in table order.

    Commands `without` which there is more room for the others are named by their ids.
    """
    in_force: dict[str, list[Binding]] = {}
    for active in screen.active_bindings.values():
        if active.binding.id and active.enabled:
            in_force.setdefault(active.binding.id, []).append(active.binding)
    return tuple(
        (screen.app.get_key_display(_first(in_force[name])), word)
        for name, word in hinted().items()
        if name in in_force and name not in without
    )


def _first(at_hand: list[Binding]) -> Binding:
    """Choose, of the keys of one command, a plain word or letter over an arrow."""
    return min(at_hand, key=lambda binding: binding.key in ARROWS)


def hint_line(screen: Screen[Any]) -> Content:
    """Give the hints as one line, for the frame of a dialog."""
    return Content("   ").join(
        Content.assemble((key, "bold"), f" {word}") for key, word in hints(screen)
    )
