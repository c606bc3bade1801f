"""Texts that drive a terminal, or an interface, wherever they are shown as they are."""

import random
import re
import unicodedata

ATTACKS = (
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]0;title\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]22;wait\x07",
    "\x1b]1337;File=:AA==\x07",
    "\x1bPq#0;2;0;0;0\x1b\\",
    "\x1b_Ga=T;AAAA\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b[?1049l",
    "\x1b[6n",
    "\x1bc",
    "\x9b31m",
    "\x9d52;c;aGk=\x9c",
    "\x90payload\x9c",
    "\u202enimda\u202c",
    "\u2066x\u2069",
    "\r\x0b\x0c\x08\x07\x7f",
    "[red]x[/red][@click=app.quit]y[/]",
)
STRANGE = [
    *map(chr, [*range(10), *range(11, 32), *range(127, 160)]),
    *map(chr, [0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x2800, 0x3164, 0xFEFF, 0xFFA0, 0xFFFE]),
    *map(chr, [*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]),
    *map(chr, [0xE000, 0xF8FF, 0xE0001, 0xE0041, 0xE007F, 0xE0100, 0xF0000, 0x10FFFF, 0xFE0F]),
    *("a" + "\u0301" * 12, "\u0e49" * 5, "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    *("\U0001f1e9\U0001f1ea", "\u6f22\u5b57", "\u1100\u1161", "\u0644\u0627", "\u2764\ufe0f"),
    *("[/]", "[/red]", "[@click=app.quit]", "[link=https://evil.example]", "[$primary]", "["),
]
"""Of each kind some: controls, format, bidi, private, unassigned, stacked, wide, joined, markup."""
ALLOWED = re.compile(
    r"\x0b{1,3}\x08{1,4}"  # down, and back to the left
    r"|\x1b\[[\d;]*[ABCDGHJKXdm]"  # moves, erasing, colours
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1049|2004|2026)[hl]"  # modes
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[>\d+u|\x1b\[<u"  # what can you do; keyboard protocol
    r"|\x1b\]22;default\x07"  # shape of the pointer
    r"|\r\n"  # between the rows of a whole screen
)
"""What the interface itself says to a terminal."""
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def hostile_text(source: random.Random) -> str:
    """Make one line with an attack, and something strange before and after it."""
    before, after = source.choices(STRANGE, k=source.randrange(4)), source.choices(STRANGE, k=2)
    return "".join([*before, "x", source.choice(ATTACKS), "y", *after])


def harm_in(written: bytes) -> list[str]:
    """Give what a program wrote to its terminal that is neither its own words nor plain text."""
    text = ALLOWED.sub("", written.decode())
    return [
        ascii(text[max(0, at - 20) : at + 40])
        for at, character in enumerate(text)
        if ord(character) > 0x7E or character < " "
        if unicodedata.category(character) in _HIDDEN
    ]
