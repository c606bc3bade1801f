"""What stands above a value: its facts, the way through its layers, the names of its views."""

import re
from typing import TYPE_CHECKING, Final

from textual.content import Content

from kvtui.ui.text import line
from kvtui.values.detection import ARROW

if TYPE_CHECKING:
    from kvtui.values.looks import View
    from kvtui.values.view import ValueViews


_EXACT_SIZE: Final = re.compile(r" \([\d,]+ B\)")


def facts_line(facts: str, width: int) -> Content:
    """Give size, type and age; the exact size gives way to the age where it is narrow."""
    text = f" {line(facts)}"
    return Content(text if len(text) <= width else _EXACT_SIZE.sub("", text, count=1))


def view_names(views: "ValueViews", shown: "View", width: int) -> Content:
    """Name the views that a value has, closer where it is narrow; the one shown stands out."""
    names = views.available
    is_narrow = sum(len(name) + 3 for name in names) - 1 > width
    side = "" if is_narrow else " "
    return Content(" ").join(
        Content.styled(f"[{view}]", "bold $text-accent")
        if view is shown
        else Content.styled(f"{side}{view}{side}", "$text-muted")
        for view in names
    )


def layer_path(views: "ValueViews") -> Content:
    """Name the layers from the outside in; where what is shown lies stands out."""
    whole, depth = views.whole, len(views.detection.layers)
    names = [*whole.layers, whole.format]
    if depth == len(whole.layers):
        names[-1] = views.detection.format
    parts = [
        Content.styled(f"[{name}]", "bold") if place == depth else Content(name)
        for place, name in enumerate(names)
    ]
    return Content(" ") + Content(ARROW).join(parts)
