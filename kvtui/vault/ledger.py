"""A private file of JSON lines that appears whole and then grows a line at a time."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Generic, Self, TypeVar

import msgspec

from kvtui.errors import VaultError
from kvtui.vault.files import write_private
from kvtui.vault.private_folder import private_folder

T = TypeVar("T")

_LINE_END: Final = b"\n"


class Ledger(Generic[T]):
    """Lines of one type; what was appended survives the end of the process, however it comes.

    Only one process at a time has a ledger open. A last line that was cut short is dropped.
    """

    def __init__(self, path: Path, decoder: msgspec.json.Decoder[T]) -> None:
        self.path = path
        self._decoder = decoder
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
        except OSError as error:
            raise VaultError(f"{path} cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            raise VaultError(f"{path} is in use by another kvtui") from None
        self.lines = self._read()

    @classmethod
    def create(cls, path: Path, decoder: msgspec.json.Decoder[T], lines: Iterable[T]) -> Self:
        """Write a new file whole, and open it."""
        private_folder(path.parent)
        write_private(path, b"".join(as_line(line) for line in lines))
        return cls(path, decoder)

    def append(self, line: T) -> None:
        content = as_line(line)
        try:
            if os.write(self._descriptor, content) != len(content):
                raise VaultError(f"{self.path} cannot be written: no room")
        except OSError as error:
            raise VaultError(f"{self.path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        os.close(self._descriptor)

    def remove(self) -> None:
        """Close, and take the file away."""
        self.path.unlink(missing_ok=True)
        self.close()

    def _read(self) -> list[T]:
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            content = file.read()
        whole = content[: content.rfind(_LINE_END) + 1]
        try:
            lines = [self._decoder.decode(line) for line in whole.splitlines()]
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self.close()
            raise VaultError(f"{self.path} is not a file that kvtui wrote") from None
        if len(whole) != len(content):
            os.truncate(self._descriptor, len(whole))
        return lines


def as_line(record: object) -> bytes:
    """Write one record as a line of JSON."""
    return msgspec.json.encode(record) + _LINE_END
