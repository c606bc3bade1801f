"""What is known of terminals."""

import pytest

from kvtui.ui.terminal.capability import (
    erases_with_background,
    keeps_escape_back,
    usable_colours,
)


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


@pytest.mark.parametrize(
    ("variables", "is_kept"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "tmux-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "1"}, False),
        ({"TERM": "screen.xterm-256color"}, True),
        ({"TERM": "screen", "STY": "1"}, True),
        ({"TERM": "tmux-256color", "TMUX": "1", "STY": "1"}, True),
    ],
)
def test_screen_keeps_the_escape_key_back_wherever_it_is_on_the_way(
    variables: dict[str, str], is_kept: bool
) -> None:
    assert keeps_escape_back(variables) is is_kept
