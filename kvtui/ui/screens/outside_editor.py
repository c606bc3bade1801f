"""Lends a value to the editor of the user's own choice."""

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final

from textual.app import SuspendNotSupported

from kvtui.errors import VaultError
from kvtui.values.detect import detect
from kvtui.values.hex_text import HexTextError, bytes_of, hex_text, with_problem
from kvtui.values.suffix import suffix
from kvtui.vault.files import private_copy

FALLBACK: Final = "vi"
HEX: Final = ".xxd"
"""The ending of a hex dump."""


class OutsideEditor:
    """Runs $VISUAL or $EDITOR on a private file while the terminal is lent to it.

    `suspend` gives the terminal away and takes it back; `tell` says what happened.
    """

    def __init__(
        self,
        suspend: Callable[[], AbstractContextManager[None]],
        tell: Callable[[str], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._suspend = suspend
        self._tell = tell
        self._environment = environment
        self._unread: tuple[bytes, str] | None = None
        """The last hex dump that could not be read, and the bytes that it was a dump of."""

    async def edit(self, content: bytes, *, name: str) -> bytes | None:
        """Give what the editor left, or None where it changed nothing or failed."""
        return await self._edit(content, _file_name(name) + suffix(detect(content, None)))

    async def edit_as_hex(self, content: bytes, *, name: str) -> bytes | None:
        """Do as `edit`, with a hex dump; what cannot be read comes back with the reason."""
        text = hex_text(content)
        if self._unread is not None and self._unread[0] == content:
            text = self._unread[1]
        while (edited := await self._edit(text.encode(), _file_name(name) + HEX)) is not None:
            text = edited.decode(errors="replace")
            try:
                changed = bytes_of(text, content)
            except HexTextError as error:
                text = with_problem(text, str(error))
                self._unread = content, text
                continue
            self._unread = None
            return changed
        return None

    async def _edit(self, content: bytes, file_name: str) -> bytes | None:
        command = self._command()
        with private_copy(content, name=file_name) as path:
            if (problem := self._run([*command, str(path)])) is not None:
                self._tell(problem)
                return None
            try:
                edited = path.read_bytes()
            except OSError as error:
                raise VaultError(f"the edited file is gone: {error.strerror}") from error
        return self._compare(content, edited)

    def _run(self, command: list[str]) -> str | None:
        """Run the editor while it has the terminal; give what went wrong."""
        try:
            with self._suspend():
                status = subprocess.run(command, check=False).returncode
        except SuspendNotSupported:
            return "This terminal cannot be lent to another program"
        except OSError as error:
            return f"{command[0]} could not be started: {error.strerror}"
        return f"{command[0]} ended with status {status}: nothing was saved" if status else None

    def _compare(self, content: bytes, edited: bytes) -> bytes | None:
        if edited == content + b"\n" and not content.endswith(b"\n"):
            edited = content
        if edited == content:
            self._tell("Nothing was changed: nothing to save")
            return None
        if edited.endswith(b"\n") and content and not content.endswith(b"\n"):
            self._tell("The line feed that editors add at the end was left out")
            return edited.removesuffix(b"\n")
        return edited

    def _command(self) -> list[str]:
        for variable in ("VISUAL", "EDITOR"):
            if command := shlex.split(self._environment.get(variable, "")):
                return command
        return [FALLBACK]


def _file_name(key: str) -> str:
    """Make a file name that hints at the key and can be no path."""
    return "".join(char if char.isalnum() or char in "-_=" else "_" for char in key)[-60:]
