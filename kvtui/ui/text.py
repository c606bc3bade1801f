"""The door from data to widgets: whatever came from outside becomes plain, harmless content."""

from textual.content import Content

from kvtui.values.display import show


def plain(text: str) -> Content:
    """Give `text` as content that is never read as markup and holds no control character.

    Line feeds are kept.
    """
    return Content("\n".join(show(line) for line in text.split("\n")))


def line(text: str) -> str:
    """Give `text` as one harmless line, for places that take a string and read no markup."""
    return show(text)
