"""Replacing a value with what is in a file."""

import asyncio
import os
from pathlib import Path

from kvtui.errors import VaultError
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.screens.edit_flow import EditFlow
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.screens.stage import Stage


class FileFlow:
    """Reads a file and saves its bytes as they are, layers and all."""

    def __init__(self, stage: Stage, edits: EditFlow) -> None:
        self._stage = stage
        self._edits = edits

    async def replace(self, opened: OpenNamespace, key: str) -> None:
        """Save the bytes of a file in place of the value."""
        session = await self._edits.begin(opened, key)
        if session is None:
            return
        name = await self._stage.ask(
            Prompt("Replace the value with a file", label="File", problem=_problem)
        )
        if name is not None:
            await session.save_as_stored(await asyncio.to_thread(_read, name))


def _read(name: str) -> bytes:
    try:
        return Path(name).expanduser().read_bytes()
    except OSError as error:
        raise VaultError(f"{name} could not be read: {error.strerror}") from error


def _problem(name: str) -> str | None:
    """Say why a file cannot be a value, or None."""
    path = Path(name).expanduser()
    if not name.strip() or not path.exists():
        return "there is no such file"
    if not path.is_file():
        return "it is no ordinary file"
    if not os.access(path, os.R_OK):
        return "it may not be read"
    size_bytes = path.stat().st_size
    if size_bytes > MAX_VALUE_BYTES:
        return f"it has {size_bytes:,} B, and a value may have {MAX_VALUE_BYTES:,} B"
    return None
