"""Copies the key, the value, the path or a curl command; also prints and saves to a file."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from kvtui.errors import VaultError
from kvtui.keyspace.row import Row, RowKind
from kvtui.records import Namespace
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.screens.menu import Menu, MenuRow
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.values.lines import Kind, Span
from kvtui.vault.files import write_private

MAX_CLIPBOARD_BYTES: Final = 74_994
"""What terminals and tmux take in one OSC 52 sequence, as other tools found out."""

UNBROKEN_CELLS: Final = 10_000_000
"""So wide that a printed line is broken by the terminal alone, and can be selected whole."""


class CopyFlow:
    """Gets text out of the program, also over SSH."""

    def __init__(
        self,
        stage: Stage,
        value: ValueFlow,
        *,
        to_clipboard: Callable[[str], None],
        suspend: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._stage = stage
        self._value = value
        self._to_clipboard = to_clipboard
        self._suspend = suspend

    async def choose(self, opened: OpenNamespace, row: Row) -> None:
        """Ask what to copy of a key or a folder."""
        path = row.path
        rows = [
            ("k", "Key", "key"),
            ("p", "Path: namespace and key", "path"),
            ("c", "curl command", "curl"),
        ]
        if self._value.key == path and self._value.stored is not None:
            rows += [
                ("v", "Value", "value"),
                ("o", "Print the value to the terminal", "print"),
                ("s", "Save the value to a file", "save"),
                *self._rows_inside(),
                *self._rows_of_node(),
            ]
        chosen = await self._stage.ask(Menu("Copy", rows))
        stored, views = self._value.stored, self._stage.value.views
        if chosen == "print":
            self._print()
        elif chosen in {"save", "value"} and stored is not None:
            await self._put_out(chosen, stored.content)
        elif chosen in {"save inside", "inside"} and views is not None:
            await self._put_out(chosen, views.detection.content)
        elif chosen is not None:
            self.copy(self._text(opened, row, chosen))

    def _rows_inside(self) -> list[MenuRow]:
        """Offer what is inside the layers, as far in as it is looked at."""
        name = self._name_inside()
        if not name:
            return []
        return [
            ("i", f"Inside: {name}", "inside"),
            ("S", f"Save to a file: {name}", "save inside"),
        ]

    def _name_inside(self) -> str:
        """Name the layers that are off and what is then there; empty where none is off."""
        views = self._stage.value.views
        depth = len(views.detection.layers) if views is not None else 0
        if views is None or not depth:
            return ""
        is_all = depth == len(views.whole.layers)
        return views.detection.breadcrumb if is_all else views.whole.path_to(depth)

    def _rows_of_node(self) -> list[MenuRow]:
        """Offer the node under the cursor, where there is one."""
        value = self._stage.value
        if value.lines is not value.json_view:
            return []
        node = ("n", "JSON node under the cursor", "node")
        return [node] if value.is_filtered else [node, ("j", "JSON path of the node", "node path")]

    async def _put_out(self, how: str, content: bytes) -> None:
        if how.startswith("save"):
            what = "the value" if how == "save" else self._name_inside()
            await self._save(content, what)
        else:
            self._copy_bytes(content)

    async def choose_of(self, namespace: Namespace) -> None:
        """Ask what to copy of a namespace."""
        workspace = self._stage.workspace
        rows = [
            ("n", "Name", namespace.name),
            ("i", "Id", namespace.id),
            ("b", "Binding for func.toml", workspace.account.binding_snippet(namespace)),
            ("c", "curl command", workspace.curl_of_folder(namespace, "")),
        ]
        chosen = await self._stage.ask(Menu("Copy", rows))
        if chosen is not None:
            self.copy(chosen)

    def copy(self, text: str) -> None:
        """Send `text` to the terminal's clipboard, if the terminal can be expected to take it."""
        size_bytes = len(text.encode())
        if not text:
            self._stage.tell("Nothing to copy")
        elif size_bytes > MAX_CLIPBOARD_BYTES:
            self._stage.tell(
                f"Too large for the clipboard ({size_bytes:,} B): save it to a file instead",
                is_problem=True,
            )
        else:
            self._to_clipboard(text)
            self._stage.tell(f"Sent to the terminal's clipboard ({size_bytes:,} B)")

    def _text(self, opened: OpenNamespace, row: Row, what: str) -> str:
        workspace = self._stage.workspace
        if what == "node path":
            return self._stage.value.json_view.path
        if what == "node":
            return self._stage.value.json_view.node_text
        if what == "curl" and row.kind is RowKind.KEY:
            return workspace.curl_of_value(opened.namespace, row.path)
        if what == "curl":
            return workspace.curl_of_folder(opened.namespace, row.path)
        return row.path if what == "key" else f"{opened.namespace.name}/{row.path}"

    def _copy_bytes(self, content: bytes) -> None:
        text = self._decoded(content)
        if text is None:
            self._stage.tell("The value is not text: save it to a file instead", is_problem=True)
        else:
            self.copy(text)

    def _decoded(self, content: bytes) -> str | None:
        """Give bytes as the text that they are in UTF-8, or in the encoding that was found."""
        try:
            return content.decode()
        except UnicodeDecodeError:
            views = self._stage.value.views
            is_read = views is not None and views.detection.content == content
            return views.detection.text if views is not None and is_read else None

    def _print(self) -> None:
        views, view = self._stage.value.views, self._stage.value.view
        if views is None or view is None:
            return
        lines = views.lines(view, UNBROKEN_CELLS)
        with self._suspend():
            sys.stdout.writelines(f"{_unnumbered(lines.row(row))}\n" for row in range(len(lines)))
            sys.stdout.write("\nEnter goes back ")
            sys.stdout.flush()
            sys.stdin.readline()

    async def _save(self, content: bytes, what: str) -> None:
        name = (self._value.key or "").rsplit("/", 1)[-1] or "value"
        answer = await self._stage.ask(
            Prompt(f"Save to a file: {what}", label="File", initial=name)
        )
        if answer:
            self._write(Path(answer), content)

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_private(path.expanduser(), content)
        except VaultError as error:
            self._stage.tell(f"Not saved: {error}", is_problem=True)
        else:
            self._stage.tell(f"{len(content):,} B written to {path}")


def _unnumbered(row: list[Span]) -> str:
    return "".join(span.text for span in row if span.kind is not Kind.LINE_NUMBER)
