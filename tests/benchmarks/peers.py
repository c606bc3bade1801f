"""Programs to compare with: those of PyPI in environments of their own, the others as installed.

    python -m tests.benchmarks.peers

makes the environments, in the user's cache folder. The others come from the system's packages:
mc, ranger, ncdu and htop.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ENVIRONMENTS = platformdirs.user_cache_path("kvtui-benchmarks")
PACKAGES = {
    "posting": ("posting", "tree-sitter<0.26"),  # which it crashes with
    "harlequin": ("harlequin",),
    "toolong": ("toolong",),
}
ROWS = 300
"""So many rows are there to go through."""
ROW = b"key-"
"""What every row begins with."""
DOWN, DOWN_IN_APPLICATION_MODE, PAGE_DOWN, HOME = b"\x1b[B", b"\x1bOB", b"\x1b[6~", b"\x1b[H"


@dataclass(frozen=True)
class Program:
    """Something to measure: how it starts, what shows that it stands, how it goes."""

    name: str
    argv: Sequence[str | Path]
    frame: bytes
    """What shows that the first real frame has come."""
    listed: bytes = b""
    """What shows that the first data has come, where that is later."""
    before: Sequence[bytes] = ()
    """Keys that lead to the rows."""
    down: bytes = DOWN
    suspend: bytes = b""
    quit: bytes = b"q"


class Rows:
    """The same rows, as whatever the programs show."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self.names = sorted(names)[:ROWS]
        self.files = folder / "files"
        self.requests = folder / "requests"
        self.log = folder / "rows.log"
        self.database = folder / "rows.sqlite3"
        self.files.mkdir(parents=True)
        self.requests.mkdir()
        self.log.write_text("".join(f"{name}\n" for name in self.names))
        for number, name in enumerate(self.names):
            (self.files / name).write_bytes(b"x" * number)
            request = f"name: {name}\nmethod: GET\nurl: http://127.0.0.1/\n"
            (self.requests / f"{name}.posting.yaml").write_text(request)
        with closing(sqlite3.connect(self.database)) as database:
            for name in self.names:
                database.execute(f'create table "{name}" (a integer)')
            database.commit()


def installed_peers(rows: Rows) -> Iterator[Program]:
    """Give the peers that are installed, on the same rows."""
    for name, program in (
        ("toolong", "tl"),
        ("posting", "posting"),
        ("harlequin", "harlequin"),
    ):
        path = ENVIRONMENTS / name / "bin" / program
        if path.exists():
            yield _of_pypi(name, path, rows)
    down = DOWN_IN_APPLICATION_MODE
    peers: tuple[tuple[str, list[str | Path], bytes, bytes], ...] = (
        ("ncdu", ["-0", rows.files], ROW, b"q"),
        ("mc", ["-u", rows.files], ROW, b"\x1b[21~\r"),
        ("ranger", [rows.files], ROW, b"q"),
        ("htop", [], b"PID", b"q"),
    )
    for name, options, frame, leave in peers:
        found = shutil.which(name)
        if found is not None:
            yield Program(name, [found, *options], frame, down=down, quit=leave)


def _of_pypi(name: str, path: Path, rows: Rows) -> Program:
    if name == "toolong":
        return Program(name, [path, rows.log], b"Help", ROW, (HOME,), quit=b"\x03")
    if name == "posting":
        argv: list[str | Path] = [path, "--collection", rows.requests]
        return Program(name, argv, b"Collection", ROW, (b"\x0f", b"\t"), quit=b"\x03")
    argv = [path, "-a", "sqlite", rows.database]
    before = (b"\x1b[17~", b"\r", b"\x1b[C", DOWN)
    return Program(name, argv, b"Data Catalog", b"main", before, quit=b"\x11")


def make_environments() -> None:
    for name, packages in PACKAGES.items():
        folder = ENVIRONMENTS / name
        if not (folder / "bin" / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *packages], check=True)


if __name__ == "__main__":
    make_environments()
