"""What is kept of an exception that nobody foresaw: where it happened, and nothing of the data."""

import platform
import secrets
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kvtui import __version__
from kvtui.vault.files import write_private
from kvtui.vault.private_folder import private_folder

FOLDER: Final = "reports"
"""In the state directory."""


def keep_report(folder: Path, error: BaseException, *, at: float) -> Path:
    """Write a report into a folder of its kind and return its path; may raise VaultError."""
    moment = datetime.fromtimestamp(at, UTC)
    path = private_folder(folder) / f"bug-{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}.txt"
    write_private(path, f"{moment.isoformat(timespec='seconds')}\n{report(error)}".encode())
    return path


def report(error: BaseException) -> str:
    """Describe an exception by its types and places alone.

    Its text is left out, and local variables are: either can hold an API key or a value.
    """
    system = f"{platform.system()} {platform.release()}"
    head = f"kvtui {__version__}, Python {platform.python_version()}, {system}"
    return "\n".join([head, *_described(error)]) + "\n"


def _described(error: BaseException, depth: int = 0) -> Iterator[str]:
    indent = "  " * depth
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _described(earlier, depth)
        yield f"{indent}then:"
    yield f"{indent}{type(error).__module__}.{type(error).__qualname__}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{indent}  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _described(part, depth + 1)
