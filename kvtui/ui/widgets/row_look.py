"""How the runs of a row look, made once for as long as the styles hold."""

from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from kvtui.ui.widgets.component_style import component_style


class RowLook(dict[str, Style]):
    """By component class: what to write a run with, colours as the terminal shall have them.

    Textual filters the colours of every run of every row that it draws: here it is once a style.
    """

    def __init__(self, widget: Widget, base: Style) -> None:
        super().__init__()
        self._widget = widget
        self._base = base

    def __missing__(self, name: str) -> Style:
        look = self._base + component_style(self._widget, name) if name else self._base
        background = self._widget.background_colors[1]
        for line_filter in self._widget.get_line_filters():
            filtered = line_filter.apply([Segment(" ", look)], background)[0].style
            # A style that says nothing is falsy, and still the answer where colours are taken out.
            look = look if filtered is None else filtered
        self[name] = look
        return look
