"""The style of a component class, to be laid over that of a row."""

from rich.style import Style
from textual.widget import Widget


def component_style(widget: Widget, name: str) -> Style:
    """Give what the component sets, its colour blended into the widget's background.

    Textual's partial styles leave blending out: muted text would be as bright as any other.
    """
    style = widget.get_component_rich_style(name, partial=True)
    if style.color is None:
        return style
    return style + Style(color=widget.get_component_rich_style(name).color)
