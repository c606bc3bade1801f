"""Changing one node of a value that is JSON."""

from collections.abc import Callable
from functools import partial
from typing import Final

from kvtui.session.namespace import OpenNamespace
from kvtui.ui.screens.edit_flow import EditFlow, EditSession
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.screens.menu import Menu, MenuRow
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.values.detection import Format
from kvtui.values.editing import EditableText
from kvtui.values.json_check import json_problem
from kvtui.values.json_edit import (
    JsonEditError,
    Node,
    added,
    changed,
    deleted,
    find_node,
    is_container,
    renamed,
)

_ONE_LINE: Final = 200
"""Longer nodes, and those of several lines, are edited in the editor."""
_FORMATS: Final = frozenset({Format.JSON, Format.JSON_LINES})


class NodeFlow:
    """Asks which node and what to do with it; everything else of the value stays as stored."""

    def __init__(self, stage: Stage, value: ValueFlow, edits: EditFlow) -> None:
        self._stage = stage
        self._value = value
        self._edits = edits

    async def edit(self, opened: OpenNamespace, key: str) -> None:
        """Change, rename, delete or add a node."""
        session = await self._edits.begin(opened, key)
        if session is None:
            return
        checked = session.checked
        if session.found.format not in _FORMATS or not isinstance(checked, EditableText):
            self._stage.tell(f"{key} is not JSON: it has no nodes")
            return
        find = partial(
            find_node, checked.text, is_sequence=session.found.format is Format.JSON_LINES
        )
        path = await self._stage.ask(
            Prompt(
                "Edit a node",
                label='Path, as in $.users[3]["odd name"]',
                initial=self._path_in_view(key),
                problem=lambda path: _problem_of(partial(find, path)),
            )
        )
        if path is not None:
            await self._change(session, checked, path, find(path))

    def _path_in_view(self, key: str) -> str:
        view = self._stage.value
        if self._value.stored is None or self._value.key != key:
            return "$"
        if view.lines is not view.json_view or view.is_filtered:
            return "$"
        return view.json_view.path

    async def _change(
        self, session: EditSession, checked: EditableText, path: str, node: Node
    ) -> None:
        text = checked.text
        what = await self._stage.ask(Menu(f"Node {path}", _rows(text, node)))
        if what == "delete":
            await self._save(session, checked, deleted(text, node))
        elif what == "rename":
            name = await self._ask_name(text, node)
            if name is not None:
                await self._save(session, checked, renamed(text, node, name))
        elif what == "add":
            await self._add(session, checked, node)
        elif what == "change":
            await self._change_value(session, checked, path, node)

    async def _change_value(
        self, session: EditSession, checked: EditableText, path: str, node: Node
    ) -> None:
        old = checked.text[node.start : node.end]
        if len(old) > _ONE_LINE or not old.isprintable():
            await self._change_in_editor(session, checked, path, node)
            return
        new = await self._ask_value(f"Change {path}", old)
        if new is not None:
            await self._save(session, checked, changed(checked.text, node, new))

    async def _change_in_editor(
        self, session: EditSession, checked: EditableText, path: str, node: Node
    ) -> None:
        text = checked.text

        async def save(new: str) -> bool:
            if problem := json_problem(new, "json"):
                self._stage.tell(f"Not saved: {problem}", is_problem=True)
                return False
            return await session.save(checked.to_bytes(changed(text, node, new)))

        left = await self._stage.ask(
            EditorScreen(
                title=f"{session.title}  {path}",
                editable=EditableText(text[node.start : node.end], "json", checked.encoding),
                on_save=save,
            )
        )
        if left is not None:
            self._edits.keep(session, text[: node.start] + left + text[node.end :])

    async def _add(self, session: EditSession, checked: EditableText, node: Node) -> None:
        text, name = checked.text, None
        if text[node.start] == "{":
            name = await self._stage.ask(
                Prompt(
                    "Add a member",
                    label="Name, without quotes",
                    problem=lambda name: _problem_of(partial(added, text, node, "null", name)),
                )
            )
            if name is None:
                return
        new = await self._ask_value("Add a member" if name is not None else "Add an item", "")
        if new is not None:
            await self._save(session, checked, added(text, node, new, name))

    async def _ask_value(self, title: str, initial: str) -> str | None:
        return await self._stage.ask(
            Prompt(
                title,
                label="JSON, text in double quotes",
                initial=initial,
                problem=lambda text: json_problem(text, "json"),
            )
        )

    async def _ask_name(self, text: str, node: Node) -> str | None:
        return await self._stage.ask(
            Prompt(
                "Rename a member",
                label="New name, without quotes",
                problem=lambda name: _problem_of(partial(renamed, text, node, name)),
            )
        )

    async def _save(self, session: EditSession, checked: EditableText, text: str) -> None:
        """Save the whole text; what was not saved is kept as a draft."""
        problem = checked.problem(text)
        if problem or not await session.save(checked.to_bytes(text)):
            self._edits.keep(session, text)
        if problem:
            self._stage.tell(f"Not saved: {problem}", is_problem=True)


def _rows(text: str, node: Node) -> list[MenuRow]:
    rows: list[MenuRow] = [("c", "Change it", "change")]
    if is_container(text, node):
        is_object = text[node.start] == "{"
        rows.append(("a", "Add a member" if is_object else "Add an item", "add"))
    if node.name is not None:
        rows.append(("r", "Rename it", "rename"))
    if node.container is not None:
        rows.append(("d", "Delete it", "delete"))
    return rows


def _problem_of(act: Callable[[], object]) -> str | None:
    try:
        act()
    except JsonEditError as error:
        return str(error)
    return None
