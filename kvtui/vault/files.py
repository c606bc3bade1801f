"""Private files, written whole or not at all."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kvtui.errors import VaultError

PRIVATE_MODE: Final = 0o600


def write_private(path: Path, content: bytes, *, may_replace: bool = False) -> None:
    """Write `content` to a file that only its owner may read; it appears complete or not at all.

    Raises VaultError where the file exists and may not be replaced, or cannot be written.
    """
    if path.is_symlink() or (path.exists() and not may_replace):
        raise VaultError(f"{path} exists already: nothing was written")
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write_new(unfinished, content)
        if may_replace:
            unfinished.replace(path)
        else:
            path.hardlink_to(unfinished)
            unfinished.unlink()
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise VaultError(f"{path} could not be written: {error.strerror}") from error


@contextmanager
def private_copy(content: bytes, *, name: str) -> Iterator[Path]:
    """Lend a file of the given name that holds `content`, in a directory of its own.

    Both are private; both are removed afterwards. Raises VaultError where there is no room.
    """
    try:
        directory = Path(tempfile.mkdtemp(prefix="kvtui-"))
        path = directory / name
        _write_new(path, content)
    except OSError as error:
        raise VaultError(f"a temporary file could not be written: {error.strerror}") from error
    try:
        yield path
    finally:
        with suppress(OSError):
            for leftover in directory.iterdir():
                leftover.unlink()
            directory.rmdir()


def _write_new(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, PRIVATE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
