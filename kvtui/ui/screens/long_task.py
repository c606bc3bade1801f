"""A task over many keys: how far it came, a way to stop it, and what can be done afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.worker import Worker

from kvtui.errors import KvtuiError
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hint_line
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.screens.stage import Work
from kvtui.ui.text import line, plain

DRAW_SECONDS: Final = 0.25
BAR_CELLS: Final = 40
MOST_NOTES: Final = 5


@dataclass(frozen=True, slots=True)
class TaskState:
    """How far a task came, in words and (where the end is known) as a fraction."""

    lines: Sequence[str]
    fraction: float | None = None
    notes: Sequence[str] = ()
    """What a person should know of single keys; the last few are shown."""


class LongTask(Dialog[bool]):
    """Runs `work`; gives whether it came to its end.

    `state` is asked a few times a second. With `stays`, the screen stays when the task has ended,
    and `again` gives the work that tries once more what was not done, None where all is done.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.TASK)]
    DEFAULT_CSS = """
    LongTask { align: center middle; }
    LongTask .dialog {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $background; padding: 0 1;
    }
    LongTask Static { height: auto; }
    LongTask .problem { color: $text-error; }
    """

    def __init__(
        self,
        title: str,
        work: Work,
        state: Callable[[], TaskState],
        *,
        stays: bool = False,
        again: Callable[[], Work | None] = lambda: None,
        is_ascii: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._work = work
        self._state = state
        self._stays = stays
        self._again = again
        self._is_ascii = is_ascii
        self._worker: Worker[None] | None = None
        self._problem = ""
        self._has_ended = False
        self._is_whole = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(id="task-state")
            yield Static(id="task-problem", classes="problem")

    def on_mount(self) -> None:
        self.query_one(".dialog").border_title = Content(line(self._title))
        self.set_interval(DRAW_SECONDS, self._draw)
        self._begin(self._work)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return not self._has_ended
        if action == "try_again":
            return self._has_ended and self._again() is not None
        return self._has_ended if action == "close" else True

    def action_stop(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
        self._end("stopped by you")

    def action_try_again(self) -> None:
        work = self._again()
        if work is not None:
            self._begin(work)

    def action_close(self) -> None:
        self.dismiss(self._is_whole)

    def _begin(self, work: Work) -> None:
        self._has_ended, self._problem = False, ""
        self._worker = self.run_worker(partial(self._run, work), group="task", exclusive=True)
        self._draw()

    async def _run(self, work: Work) -> None:
        try:
            await work()
        except KvtuiError as error:
            self._end(sentence(error))
        else:
            self._is_whole = True
            self._end("")

    def _end(self, problem: str) -> None:
        self._has_ended, self._problem = True, problem
        if self._stays or problem not in {"", "stopped by you"}:
            self._draw()
        else:
            self.dismiss(self._is_whole)

    def _draw(self) -> None:
        state = self._state()
        lines = [line(text) for text in state.lines]
        if state.fraction is not None:
            lines.insert(0, self._bar(state.fraction))
        lines += ["", *(line(note) for note in state.notes[-MOST_NOTES:])] if state.notes else []
        self.query_one("#task-state", Static).update(plain("\n".join(lines)))
        self.query_one("#task-problem", Static).update(plain(self._problem))
        self.query_one(".dialog").border_subtitle = hint_line(self)
        self.refresh_bindings()

    def _bar(self, fraction: float) -> str:
        full, empty = ("#", ".") if self._is_ascii else ("█", "░")
        done = round(fraction * BAR_CELLS)
        return f"{full * done}{empty * (BAR_CELLS - done)} {fraction:4.0%}"
