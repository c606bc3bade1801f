"""Edits in progress as private files: what was typed, and the bytes it began from."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from kvtui.errors import VaultError
from kvtui.records import StoredValue
from kvtui.vault.files import write_private
from kvtui.vault.journal_row import Place
from kvtui.vault.private_folder import private_folder
from kvtui.vault.run import Run

FOLDER: Final = "drafts"
_SUFFIX: Final = ".draft"
_VERSION: Final = 1


class Form(StrEnum):
    """What the content of a draft is."""

    TEXT = "text"
    """The text of the editor, as UTF-8 (lone surrogates allowed)."""
    BYTES = "bytes"
    """What is inside the layers of the value."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit that was not saved."""

    place: Place
    base: StoredValue | None
    """What the edit began from; None for a new key."""
    content: bytes
    form: Form = Form.TEXT
    at: float = 0.0
    """Seconds since the epoch, when it was kept."""
    depth: int | None = None
    """Inside how many layers the content belongs; None for all there are."""

    @property
    def text(self) -> str:
        return self.content.decode(errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """A draft that a run which is over left behind."""

    path: Path
    draft: Draft


class Drafts:
    """The drafts in `folder`; every file belongs to one run and one key. All of it blocks."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._run: Run | None = None

    def write(self, draft: Draft) -> None:
        """Keep a draft in place of the one before: the file is the old one or the new one."""
        base = b"" if draft.base is None else draft.base.content
        body = base + draft.content
        head = {
            "version": _VERSION,
            "at": self._clock(),
            "place": asdict(draft.place),
            "form": draft.form,
            "depth": draft.depth,
            "base_size": None if draft.base is None else len(base),
            "base_type": None if draft.base is None else draft.base.content_type,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        run = self._open_run()
        name = f"{run.id}-{_hash_of(draft.place)}{_SUFFIX}"
        private_folder(self._folder)
        content = json.dumps(head).encode() + b"\n" + body
        write_private(self._folder / name, content, may_replace=True)

    def discard(self, place: Place) -> None:
        """Forget this run's draft of a key."""
        if self._run is not None:
            self.remove(self._folder / f"{self._run.id}-{_hash_of(place)}{_SUFFIX}")

    def remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise VaultError(f"{path} cannot be removed: {error.strerror}") from error

    def left_behind(self, profile: str, endpoint: str) -> list[LeftDraft]:
        """Give the readable drafts of runs that are over, newest first."""
        found = [
            left
            for left in self._left()
            if (left.draft.place.profile, left.draft.place.endpoint) == (profile, endpoint)
        ]
        return sorted(found, key=lambda left: left.draft.at, reverse=True)

    def close(self) -> None:
        if self._run is not None:
            self._run.close()
            self._run = None

    def _left(self) -> Iterator[LeftDraft]:
        if not self._folder.is_dir():
            return
        run = self._open_run()
        for path in list(self._folder.iterdir()):
            if run.is_alive(path.name.removeprefix(".").partition("-")[0]):
                continue
            if path.name.startswith("."):
                path.unlink(missing_ok=True)
            elif path.suffix == _SUFFIX and (draft := _read(path)) is not None:
                yield LeftDraft(path, draft)

    def _open_run(self) -> Run:
        if self._run is None:
            private_folder(self._folder.parent)
            self._run = Run(self._folder.parent / "runs")
        return self._run


def _read(path: Path) -> Draft | None:
    """Read a draft; None where the file is none, or is not whole."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        head_line, _, body = path.read_bytes().partition(b"\n")
        head = json.loads(head_line)
        is_whole = hashlib.sha256(body).hexdigest() == head["sha256"]
        if head["version"] == _VERSION and is_whole:
            size = head["base_size"]
            base = None if size is None else StoredValue(body[:size], head["base_type"])
            place = Place(**head["place"])
            form, at, depth = Form(head["form"]), float(head["at"]), head.get("depth")
            if not isinstance(depth, int | None):
                return None
            return Draft(place, base, body[size or 0 :], form, at, depth)
    return None


def _hash_of(place: Place) -> str:
    spelled = json.dumps([place.profile, place.endpoint, place.namespace_id, place.key])
    return hashlib.sha256(spelled.encode()).hexdigest()[:24]
