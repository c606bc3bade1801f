"""No control sequence but the program's own leaves for the terminal, whatever a widget draws."""

import random
import re
from base64 import b64encode

import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from kvtui.ui.terminal.barrier import BELL, guard
from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.clipboard import copy_sequences
from kvtui.ui.terminal.palette import Palette
from tests.support.emulator import Emulator

PAYLOADS = [
    *(chr(code) for code in range(0x20) if code not in {0x0A, 0x0D}),
    *map(chr, range(0x7F, 0xA0)),
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x9d52;c;cm0gLXJmIH4=\x9c",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\",
    "\x1b]1337;File=:AAAA\x07",
    "\x1bP$qm\x1b\\",
    "\x1bPtmux;\x1b\x1b]52;c;AAAA\x07\x1b\\",
    "\x1b_Gf=32;AAAA\x1b\\",
    "\x1b[5n",
    "\x1b[c",
    "\x1b[21t",
    "\x1b[?1049$p",
    "\x1b[?69h",
    "\x1b[4h",
    "\x1b[2;5r",
    "\x1b[3L",
    "\x1b[20b",
    "\x1bc",
    "\x1b7",
    "\x1b(0",
    "\x1b#8",
    "\x1b]22;wheel\x07",
    "\x1b]",
    "\x1b",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\xad",
    "\U000e0041",
]
OWN = [
    *(
        "\x1b[0m",
        "\x1b[1;38;2;1;2;3;48;5;7m",
        "\x1b[H",
        "\x1b[3;4H",
        "\x1b[5C",
        "\v\v\b\b",
        "\x1b[K",
        "\x1b[7X",
    ),
    *("\x1b[?1049h", "\x1b[?1049l", "\x1b[?25l", "\x1b[?1004h", "\x1b[?2004h", "\x1b[?2026h"),
    *("\x1b[?2026$p", "\x1b[?2048$p", "\x1b[>25u", "\x1b[<u", "\x1b]22;default\x07"),
    *("\x1b[?1000h\x1b[?1002h\x1b[?1006h", "\x1b[0m\x1b[2J", "text ▸ 日本語\n"),
]
SENT_BY_FRAMES = re.compile(r"\x0b{1,3}\x08{1,4}|\x1b\[[0-9;]*[mHCBDXK]")


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_what_the_program_has_no_use_for_does_not_get_out(payload: str) -> None:
    if payload == BELL:
        payload = "text\a"
    written = guard(f"before{payload}after")
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202e\u2066]", written)
    assert written.startswith("before")
    assert written.endswith("after")


@pytest.mark.parametrize("sequence", OWN, ids=ascii)
def test_what_the_program_writes_gets_out_unchanged(sequence: str) -> None:
    assert guard(sequence) == sequence


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_a_hostile_strip_draws_cells_and_nothing_else(payload: str) -> None:
    plain, hostile = Emulator(40, 3), Emulator(40, 3)
    frame = _frame([Strip([Segment(f"a{payload}", Style(bold=True)), Segment("|end")])])
    assert SENT_BY_FRAMES.sub("", frame).isprintable()
    plain.feed(_frame([Strip([Segment("a", Style(bold=True)), Segment("|end")])]))
    hostile.feed(frame)
    assert "|end" in hostile.text
    assert hostile.rows()[1:] == plain.rows()[1:]


def test_random_hostile_text_never_leaves_a_sequence() -> None:
    dice = random.Random(5)
    for _ in range(300):
        parts = [dice.choice([*PAYLOADS, "abc", "日本", "e\u0301", "\U0001f469\u200d\U0001f4bb"])]
        parts += [dice.choice(PAYLOADS) + chr(dice.randrange(0x110000)) for _ in range(8)]
        frame = _frame([Strip([Segment("".join(parts))])])
        assert SENT_BY_FRAMES.sub("", frame).replace("\xa0", "").replace("\u3000", "").isprintable()
        assert guard(frame) == frame


def test_ascii_terminals_get_nothing_else() -> None:
    frame = _frame([Strip([Segment("╭─ ▸ 日本 é …─╮")])], is_ascii=True)
    assert frame.isascii()
    seen = Emulator(40, 3)
    seen.feed(frame)
    assert seen.text.splitlines()[0].rstrip() == "+- > ? ?  ? ~-+"


def test_a_copy_is_all_that_reaches_the_clipboard() -> None:
    text = "päth/\x1b]52;c;AAAA\x07"
    encoded = b64encode(text.encode()).decode()
    assert copy_sequences(text, {}) == (f"\x1b]52;c;{encoded}\x07",)


def test_a_copy_inside_tmux_is_also_passed_on() -> None:
    plain, passed = copy_sequences("k", {"TMUX": "socket,1,0"})
    assert plain == "\x1b]52;c;aw==\x07"
    assert passed == "\x1bPtmux;\x1b\x1b]52;c;aw==\x07\x1b\\"


def test_a_copy_inside_screen_is_passed_on_in_pieces() -> None:
    pieces = copy_sequences("x" * 3000, {"STY": "1.pts"})
    assert all(piece.startswith("\x1bP") and piece.endswith("\x1b\\") for piece in pieces)
    whole = "".join(piece.removeprefix("\x1bP").removesuffix("\x1b\\") for piece in pieces)
    assert copy_sequences("x" * 3000, {}) == (whole,)
    assert max(map(len, pieces)) < 768


def _frame(strips: list[Strip], *, is_ascii: bool = False) -> str:
    canvas = Canvas(
        Palette(sgr_parameters("truecolor")), has_background_erase=True, is_ascii=is_ascii
    )
    canvas.fit(40, 3)
    canvas.take(LayoutUpdate([[strip] for strip in strips], Region(0, 0, 40, len(strips))))
    return canvas.frame()
