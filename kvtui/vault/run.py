"""One run of kvtui among others on the same machine: who still lives is told by a lock."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvtui.errors import VaultError
from kvtui.vault.private_folder import private_file, private_folder

_SUFFIX: Final = ".run"


class Run:
    """Holds a lock until it is closed or its process ends, in whatever way.

    `id` marks what belongs to the run; nothing of a living run is taken over by another.
    """

    def __init__(self, folder: Path) -> None:
        self.id = secrets.token_hex(8)
        self._folder = private_folder(folder)
        path = private_file(self._path(self.id))
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise VaultError(f"{path} cannot be locked: {error.strerror}") from error
        self._forget_dead()

    def is_alive(self, run_id: str) -> bool:
        """Tell whether the process of a run, this one included, has not ended."""
        if run_id == self.id:
            return True
        try:
            descriptor = os.open(self._path(run_id), os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def close(self) -> None:
        with suppress(OSError):
            self._path(self.id).unlink()
            os.close(self._descriptor)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}{_SUFFIX}"

    def _forget_dead(self) -> None:
        for path in self._folder.glob(f"*{_SUFFIX}"):
            if not self.is_alive(path.stem):
                path.unlink(missing_ok=True)
