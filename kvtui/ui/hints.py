"""Which hints the bottom line shows: the commands at hand, with the keys in force."""

from typing import Any

from textual.content import Content
from textual.screen import Screen

from kvtui.ui.commands import hinted


def hints(screen: Screen[Any]) -> tuple[tuple[str, str], ...]:
    """Give (key, word) of every command that has a hint and can be given now, in table order."""
    in_force: dict[str, str] = {}
    for active in screen.active_bindings.values():
        if active.binding.id and active.enabled:
            in_force.setdefault(active.binding.id, screen.app.get_key_display(active.binding))
    return tuple((in_force[name], word) for name, word in hinted().items() if name in in_force)


def hint_line(screen: Screen[Any]) -> Content:
    """Give the hints as one line, for the frame of a dialog."""
    return Content("   ").join(
        Content.assemble((key, "bold"), f" {word}") for key, word in hints(screen)
    )
