"""Component classes: their styles made when they are first drawn, and laid over that of a row."""

from functools import lru_cache

from rich.style import Style
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.scroll_view import ScrollView
from textual.widget import Widget


def component_style(widget: Widget, name: str) -> Style:
    """Give what the component sets, its colour blended into the widget's background.

    Textual's partial styles leave blending out: muted text would be as bright as any other.
    """
    style = widget.get_component_rich_style(name, partial=True)
    if style.color is None:
        return style
    return style + Style(color=widget.get_component_rich_style(name).color)


class LateComponents(ScrollView):
    """A view whose component classes are styled when they are first drawn.

    Textual styles all of them with every change of the widget, such as the focus: for a viewer
    with a colour for each kind of text that is most of what opening the browser would take.
    """

    @classmethod
    @lru_cache(maxsize=1)
    def _get_component_classes(cls) -> frozenset[str]:
        """Leave nothing for the style sheet to do ahead."""
        return frozenset()

    def get_component_styles(self, *names: str) -> RenderStyles:
        for name in names:
            if name not in self._component_styles and name in super()._get_component_classes():
                self._component_styles[name] = _Component(self, name).styles
        return super().get_component_styles(*names)

    def notify_style_update(self) -> None:
        self._component_styles.clear()
        super().notify_style_update()


class _Component(DOMNode):
    """Stands in the style sheet for one component class of a widget."""

    def __init__(self, widget: Widget, name: str) -> None:
        super().__init__(classes=name)
        self._attach(widget)
        widget.app.stylesheet.apply(self)
