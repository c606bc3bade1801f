"""One answer to a question: a button of one line whose focus shows without colour too."""

from typing import Any

from textual.content import Content
from textual.geometry import Size
from textual.widgets import Button


class Choice(Button, inherit_bindings=False):
    """A button that no key presses by itself: the screen that asks decides when one may."""

    DEFAULT_CSS = """
    Choice, Choice.-style-default {
        width: auto; min-width: 0; height: 1; margin: 0 1 0 0;
        border: none; background: $surface; color: $foreground; text-style: none;
        &:focus { background: $primary; color: $button-color-foreground; text-style: bold; }
        &.-danger { color: $text-error; }
        &.-danger:focus { background: $error; color: $button-color-foreground; }
        &:hover { background: $panel; border: none; }
        &.-active { border: none; tint: transparent; }
        &:disabled { color: $text-disabled; text-opacity: 1; }
    }
    """

    def __init__(self, text: str, *, is_danger: bool = False, **options: Any) -> None:
        super().__init__(Content(text), **options)
        self.set_class(is_danger, "-danger")
        self.active_effect_duration = 0

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return super().get_content_width(container, viewport) + 2

    def render(self) -> Content:
        text = Content.from_text(self.label, markup=False)
        opening, closing = "[]" if self.has_focus else "  "
        return Content.assemble(opening, text, closing)
