"""What is known of terminals."""

import pytest

from kvtui.ui.terminal.capability import erases_with_background, usable_colours


@pytest.mark.parametrize(
    ("variables", "usable"),
    [
        ({"TERM": "xterm-256color"}, "truecolor"),
        ({"TERM": "screen-256color", "TMUX": "1"}, "truecolor"),
        ({"TERM": "tmux-256color", "TMUX": "1", "STY": "1"}, "truecolor"),
        ({"TERM": "screen", "STY": "1", "TMUX": "1"}, "standard"),
        ({"TERM": "screen.xterm-256color", "STY": "1"}, "256"),
    ],
)
def test_screen_gets_no_more_colours_than_it_has(variables: dict[str, str], usable: str) -> None:
    assert usable_colours("truecolor", variables) == usable
    assert usable_colours("standard", variables) == "standard"


def test_screen_is_not_trusted_to_erase_with_a_background() -> None:
    assert erases_with_background({"TERM": "xterm-256color"})
    assert not erases_with_background({"TERM": "xterm-256color", "STY": "1"})
    assert not erases_with_background({"TERM": "vt100"})
