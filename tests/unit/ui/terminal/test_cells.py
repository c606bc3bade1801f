"""Texts are cut into cells as the layout counts them, by a short way where there is one."""

from rich.cells import split_graphemes

from kvtui.ui.terminal.cells import cells

JOINING = ("\N{COMBINING ACUTE ACCENT}", "\N{VARIATION SELECTOR-16}", "\N{ZERO WIDTH JOINER}")


def test_characters_of_one_cell_are_cut_apart_as_the_layout_counts_them() -> None:
    printable = [chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable()]
    for character in printable:
        text = f"a{character}b{character}{character}"
        widths = [width for _, _, width in split_graphemes(text)[0]]
        assert len(cells(text)) == sum(widths), ascii(character)
        if widths == [1] * len(text):
            assert list(cells(text)) == list(text), ascii(character)


def test_what_joins_a_character_stays_with_it() -> None:
    for joining in JOINING:
        for character in "aé▸✓":
            assert cells(f"x{character}{joining}")[1].startswith(character)
            assert joining not in cells(f"x{character}{joining}y")
