"""The bottom line: what the focused pane can do, with the keys in force."""

from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from kvtui.ui.text import line

MAX_HINTS: Final = 8


class HintBar(Widget):
    """Shows (key, word) pairs, as many as fit and never more than eight."""

    DEFAULT_CSS = """
    HintBar { height: 1; background: $panel; color: $foreground; }
    """

    hints: reactive[tuple[tuple[str, str], ...]] = reactive(())
    message = reactive("")
    """Takes the place of the hints while there is something to say."""

    def render(self) -> Content:
        if self.message:
            return Content.styled(f" {line(self.message)}", "bold").truncate(self.size.width)
        hints = [
            Content.assemble(" ", (key, "bold $text-accent"), f" {word} ")
            for key, word in self.hints
        ]
        return Content("").join(self._fitting(hints))

    def _fitting(self, hints: list[Content]) -> list[Content]:
        """Choose as many as fit; the last one, which leads to all the others, always stays."""
        *others, last = hints or [Content("")]
        room = self.size.width - last.cell_length
        chosen: list[Content] = []
        for hint in others[: MAX_HINTS - 1]:
            room -= hint.cell_length
            if room < 0:
                break
            chosen.append(hint)
        return [*chosen, last]
