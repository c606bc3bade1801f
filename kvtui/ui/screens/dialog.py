"""The ground of every screen that lies over another and is closed with an answer."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Closes once: a second answer, typed before the first one took effect, closes nothing else."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_current else AwaitComplete()
