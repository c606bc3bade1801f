"""Text, and every view that is laid out like it."""

from typing import ClassVar

from textual.binding import BindingType

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.line_view import LineView


class TextView(LineView):
    """Shows a value as text."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE, Scope.TEXT)]
