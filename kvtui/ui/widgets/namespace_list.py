"""The sidebar: namespaces with their live status."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.formatting import fit, glyph
from kvtui.ui.text import line
from kvtui.ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from kvtui.records import Namespace


class NamespaceList(RowView):
    """One row for each namespace: shape, name, binding, status word."""

    COMPONENT_CLASSES = {
        "status--ok",
        "status--waiting",
        "status--failed",
        "namespace--open",
        "namespace--binding",
    }
    DEFAULT_CSS = """
    NamespaceList > .status--ok { color: $text-success; }
    NamespaceList > .status--waiting { color: $text-warning; }
    NamespaceList > .status--failed { color: $text-error; }
    NamespaceList > .namespace--open { text-style: bold; }
    NamespaceList > .namespace--binding { color: $text-accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.NAMESPACES)]

    def __init__(self, *, is_ascii: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._namespaces: Sequence[Namespace] = ()
        self._bound_names: Mapping[str, Sequence[str]] = {}
        self._open_id: str | None = None
        self._is_ascii = is_ascii

    @property
    def row_count(self) -> int:
        return len(self._namespaces)

    @property
    def highlighted(self) -> "Namespace | None":
        """The namespace under the cursor."""
        return self._namespaces[self.cursor] if self._namespaces else None

    def show_namespaces(
        self,
        namespaces: Sequence["Namespace"],
        bound_names: Mapping[str, Sequence[str]],
        open_id: str | None,
    ) -> None:
        """Show `namespaces`, keeping the cursor on the same one; `bound_names` are by id."""
        kept = self.highlighted
        self._namespaces = namespaces
        self._bound_names = bound_names
        self._open_id = open_id
        self.rows_changed()
        if kept is not None:
            self.select(kept.id)

    def select(self, namespace_id: str) -> None:
        """Put the cursor on a namespace, if it is in the list."""
        for row, namespace in enumerate(self._namespaces):
            if namespace.id == namespace_id:
                self.cursor = row

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        namespace = self._namespaces[row]
        sign = glyph(namespace.status)
        word = line(sign.word)
        binding = "".join(f" @{line(name)}" for name in self._bound_names.get(namespace.id, ()))
        room = max(4, width - len(word) - 5)
        name = fit(line(namespace.name), room)
        binding = binding[: max(0, room - len(name))]
        shape = sign.ascii_shape if self._is_ascii else sign.shape
        return [
            (f" {shape} ", sign.style),
            (name, "namespace--open" if namespace.id == self._open_id else ""),
            (binding, "namespace--binding"),
            (" " * (room - len(name) - len(binding) + 1), ""),
            (f"{word} ", sign.style),
        ]
