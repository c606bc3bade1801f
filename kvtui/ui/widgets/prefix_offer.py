"""The first line above filtered keys: a filter sees only what is loaded, the server sees all."""

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from kvtui.protocol import key_problem
from kvtui.ui.text import line


class PrefixOffer(Widget):
    """Offers to ask the server for the keys that begin with the filter's text."""

    DEFAULT_CSS = """
    PrefixOffer { height: 1; color: $text-accent; display: none; }
    """

    class Taken(Message):
        """The offer was clicked."""

    _prefix = ""

    def render(self) -> Content:
        return Content.assemble((" p", "bold"), f"  asks the server for {line(self._prefix)}…")

    def offer(self, text: str) -> None:
        """Make the offer for a filter, unless no key can begin with its text."""
        self.display = key_problem(text) is None
        if text != self._prefix:
            self._prefix = text
            self.refresh()

    def on_click(self) -> None:
        self.post_message(self.Taken())
