"""What the editors of text and of bytes have in common: finding, saving, closing."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import BindingType
from textual.widgets import Input

from kvtui.errors import KvtuiError
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hints
from kvtui.ui.reporting import problem_title, sentence
from kvtui.ui.screens.problem import Problem
from kvtui.ui.screens.swift_screen import SwiftScreen
from kvtui.ui.text import line
from kvtui.ui.widgets.field import Field
from kvtui.ui.widgets.hex_editor import HexEditor
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.text_editor import TextEditor

Edited = TypeVar("Edited", bound=str | bytes)


class EditingScreen(SwiftScreen[Edited | None]):
    """Gives what is in the editor when it is closed with changes that were not saved, else None.

    `on_save` does whatever saving takes and tells whether the editor may close. Subclasses give
    `editor`, `edited`, `is_changed`, `problem` and `show_state`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EDITOR)]
    DEFAULT_CSS = """
    EditingScreen { background: $background; }
    EditingScreen .title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    EditingScreen #find { display: none; }
    EditingScreen #find.-open { display: block; }
    """

    def __init__(self, *, title: str, on_save: Callable[[Edited], Awaitable[bool]]) -> None:
        super().__init__()
        self._title = title
        self._on_save = on_save
        self.is_saving = False

    def on_mount(self) -> None:
        self.editor.focus()
        self.call_after_refresh(self._show_hints)

    def _show_hints(self) -> None:
        self.query_one(HintBar).hints = hints(self)

    @property
    def editor(self) -> TextEditor | HexEditor:
        """The widget that edits."""
        raise NotImplementedError

    @property
    def edited(self) -> Edited:
        """What is in the editor now."""
        raise NotImplementedError

    @property
    def is_changed(self) -> bool:
        """Whether closing now would leave something unsaved."""
        raise NotImplementedError

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What would be lost by quitting now, in words."""
        return (f"changes to {line(self._title)}",) if self.is_changed else ()

    def problem(self, edited: Edited) -> str | None:
        """Say why something cannot be saved, or None."""
        raise NotImplementedError

    def show_state(self) -> None:
        """Bring what is said of the editor up to date."""
        raise NotImplementedError

    # Finding

    def action_find(self) -> None:
        find = self.query_one("#find", Field)
        find.add_class("-open")
        find.focus()

    def action_find_again(self) -> None:
        needle = self.query_one("#find", Field).value
        if needle and not self.editor.find(needle):
            self.notify(f"Not found: {line(needle)}", markup=False)

    @on(Input.Submitted, "#find")
    def _find(self) -> None:
        self.action_find_again()

    # Ending

    def action_save(self) -> None:
        if self.is_saving:
            return
        edited = self.edited
        if problem := self.problem(edited):
            self.notify(f"Not saved: {line(problem)}.", severity="error", markup=False)
        else:
            self._save(edited)

    @work(exclusive=True, group="save")
    async def _save(self, edited: Edited) -> None:
        """Keep the editor as it is while it is being saved: what is typed then would be lost."""
        self._hold(is_saving=True)
        may_close, problem = False, None
        try:
            may_close = await self._on_save(edited)
        except KvtuiError as error:
            problem = Problem(problem_title(error, "Not saved"), sentence(error))
        self._hold(is_saving=False)
        if problem is not None:
            await self.app.push_screen_wait(problem)
        if may_close:
            self.dismiss(None)

    def _hold(self, *, is_saving: bool) -> None:
        self.editor.read_only = self.is_saving = is_saving
        self.show_state()

    def action_close(self) -> None:
        find = self.query_one("#find", Field)
        if find.has_class("-open"):
            find.remove_class("-open")
            self.editor.focus()
        elif self.is_saving:
            self.notify("Saving is under way.", markup=False)
        else:
            self.dismiss(self.edited if self.is_changed else None)
