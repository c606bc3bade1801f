"""Values as private files with a manifest: written whole, and gone on with after a stop."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from kvtui.errors import VaultError
from kvtui.records import KeyEntry, StoredValue
from kvtui.vault.files import write_private
from kvtui.vault.ledger import Ledger, as_line
from kvtui.vault.private_folder import private_folder

VALUES: Final = "values"
MANIFEST: Final = "manifest.jsonl"
UNFINISHED: Final = "unfinished.jsonl"
CONSISTENCY: Final = (
    "The API has no snapshots: each value is as it was at some moment between started_at and"
    " finished_at, updated_at is from the listing before it was read, and keys written meanwhile"
    " may be missing."
)

MAX_NAME_LENGTH: Final = 200
_KEPT_LENGTH: Final = 120
_UNSAFE: Final = re.compile(rb"[^-a-z0-9_=.]|^\.|\.$")


class ExportHead(msgspec.Struct, frozen=True, tag_field="line", tag="export"):
    """What was exported; the first line of the manifest."""

    namespace_id: str
    namespace: str
    base_url: str
    prefix: str
    started_at: str
    consistency: str = CONSISTENCY


class ExportedKey(msgspec.Struct, frozen=True, tag_field="line", tag="key"):
    """A key whose value is in a file."""

    key: str
    file: str
    """Below the export's folder."""
    size_bytes: int
    content_type: str | None
    sha256: str
    updated_at: str | None


class MissingKey(msgspec.Struct, frozen=True, tag_field="line", tag="missing"):
    """A key that was listed and whose value could not be had, for good."""

    key: str
    reason: str


class ExportEnd(msgspec.Struct, frozen=True, tag_field="line", tag="end"):
    """The last line: only a whole export has it."""

    finished_at: str
    key_count: int
    size_bytes: int
    missing_count: int


ExportLine = ExportHead | ExportedKey | MissingKey | ExportEnd
_LINES: Final[msgspec.json.Decoder[ExportLine]] = msgspec.json.Decoder(ExportLine)


class ExportFolder:
    """One export, new or begun before; raises VaultError where the folder is something else."""

    def __init__(self, path: Path, head: ExportHead) -> None:
        self.path = path
        self._ledger = _open(path, head)
        begun = self._ledger.lines[0] if self._ledger.lines else None
        if not isinstance(begun, ExportHead) or not _is_same(begun, head):
            self._ledger.close()
            raise VaultError(f"{path} holds the beginning of another export")
        self._head = begun
        self._keys = {
            line.key: line
            for line in self._ledger.lines
            if isinstance(line, ExportedKey) and line.file == _place(line.key)
        }
        """Without lines that somebody changed: a path of theirs is never followed."""
        self._missing: dict[str, MissingKey] = {}
        self._values = private_folder(path / VALUES)
        for leftover in self._values.glob(".*"):
            leftover.unlink(missing_ok=True)

    def has(self, entry: KeyEntry) -> bool:
        """Tell whether the value of a listed key is here already, unchanged since."""
        known = self._keys.get(entry.key)
        if known is None or known.updated_at is None or known.updated_at != entry.updated_at:
            return False
        return (self.path / known.file).is_file()

    def keep(self, entry: KeyEntry, value: StoredValue) -> None:
        """Write a value to its file; it appears whole or not at all."""
        place = _place(entry.key)
        write_private(self.path / place, value.content, may_replace=True)
        exported = ExportedKey(
            entry.key,
            place,
            len(value.content),
            value.content_type,
            hashlib.sha256(value.content).hexdigest(),
            entry.updated_at,
        )
        self._ledger.append(exported)
        self._keys[entry.key] = exported

    def note_missing(self, key: str, reason: str) -> None:
        self._missing[key] = MissingKey(key, reason)

    def finish(self, listed: Iterable[str], finished_at: str) -> ExportEnd:
        """Write the manifest of what was listed, and take away what was only needed to go on."""
        keys = [self._keys[key] for key in sorted(listed) if key in self._keys]
        end = ExportEnd(
            finished_at, len(keys), sum(key.size_bytes for key in keys), len(self._missing)
        )
        lines = [self._head, *keys, *self._missing.values(), end]
        write_private(self.path / MANIFEST, b"".join(as_line(line) for line in lines))
        kept = {key.file.removeprefix(f"{VALUES}/") for key in keys}
        for path in self._values.iterdir():
            if path.name not in kept:
                path.unlink()
        self._ledger.remove()
        return end

    def close(self) -> None:
        """Leave it as it is, to be gone on with."""
        self._ledger.close()


def file_name(key: str) -> str:
    """Give a name that no other key has, on any file system, and that is never a path."""
    raw = key.encode()
    name = _UNSAFE.sub(lambda found: b"%%%02x" % found[0][0], raw).decode()
    if len(name) <= MAX_NAME_LENGTH:
        return name
    return f"{name[:_KEPT_LENGTH]}~{hashlib.sha256(raw).hexdigest()}"


def _place(key: str) -> str:
    return f"{VALUES}/{file_name(key)}"


def _open(path: Path, head: ExportHead) -> Ledger[ExportLine]:
    if (path / MANIFEST).exists():
        raise VaultError(f"{path} holds a whole export already")
    unfinished = path / UNFINISHED
    if unfinished.exists():
        return Ledger(unfinished, _LINES)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise VaultError(f"{path} is not an empty folder")
    private_folder(path)
    return Ledger.create(unfinished, _LINES, [head])


def _is_same(begun: ExportHead, head: ExportHead) -> bool:
    return (begun.namespace_id, begun.base_url, begun.prefix) == (
        head.namespace_id,
        head.base_url,
        head.prefix,
    )
