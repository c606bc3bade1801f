"""Whatever reads bytes that it may not have written understands them, or says that it does not."""

import gzip
import json
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from kvtui.api import wire
from kvtui.errors import KvtuiError
from kvtui.records import KeyEntry, StoredValue
from kvtui.settings import read_config
from kvtui.settings.binding import read_bindings
from kvtui.settings.surroundings import CONFIG_VARIABLE, Surroundings
from kvtui.values.detect import detect
from kvtui.values.editing import EditableText, editable
from kvtui.values.formats.info import Circumstances
from kvtui.values.rewrap import rewrapped
from kvtui.values.view import ValueViews
from kvtui.vault.drafts import Draft, Drafts, Form
from kvtui.vault.export_folder import UNFINISHED, ExportFolder, ExportHead
from kvtui.vault.journal import FILE_NAME, Journal
from kvtui.vault.journal_row import Place, RowState, Write
from kvtui.vault.plans import DeletionPlan, PlanHead
from tests.support.dose import Dose
from tests.support.hostile import hostile_text
from tests.support.values import KINDS, NASTY_JSON

FEW = 150
BLOCK = 200
FULL_SECONDS = 600
PLACE = Place("p", "127.0.0.1", "id", "my-cache", "k")
ODD = (b"\0", b"\xff", b"\n", b"[", b"{", b'"', b"-1", b"1e999", b"null", b"\xed\xa0\x80", b"\xf4")

Read = Callable[[bytes, Path], None]


def damage(content: bytearray, source: random.Random, samples: list[bytes]) -> None:
    """Change, put in or take out something, at any place."""
    at = source.randrange(len(content) + 1)
    other = source.choice(samples)
    piece = other[source.randrange(len(other) + 1) :][:500]
    odd = source.choice(ODD) * source.choice([1, 1, 3, 2_000])
    any_byte = bytes([source.randrange(256)])
    length, new = source.choice(
        [
            (1, any_byte),
            (0, odd),
            (1, b""),
            (100, b""),
            (len(content), b""),
            (0, piece),
            (len(piece), piece),
            (0, hostile_text(source).encode()),
        ]
    )
    content[at : at + length] = new


def mutated(source: random.Random, samples: list[bytes]) -> bytes:
    """Take a sample and damage it, some times."""
    content = bytearray(source.choice(samples))
    for _ in range(source.choice([0, 1, 1, 2, 4, 16])):
        damage(content, source, samples)
    return bytes(content[:200_000])


def read_value(content: bytes, _: Path) -> None:
    """Find out what it is, and look at all of it that a screen would show."""
    views = ValueViews(content, Circumstances("text/plain", 0.0, []))
    for view in views.available:
        lines = views.lines(view, 60)
        views.describe(view)
        for row in range(min(len(lines), 40)):
            lines.row(row)
    found = detect(content)
    checked = editable(found)
    if isinstance(checked, EditableText):
        rewrapped(found, checked.to_bytes(checked.text))


def read_answer(content: bytes, _: Path) -> None:
    for read in (wire.read_keys, wire.read_namespaces, wire.read_namespace, wire.read_problem):
        try:
            read(content)
        except KvtuiError:
            continue


def read_journal(content: bytes, folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(content)
    for beside in folder.glob(f"{FILE_NAME}-*"):
        beside.unlink()
    journal = Journal(folder)
    try:
        for row in journal.rows(limit=20):
            journal.old_value(row)
        journal.in_flight("p", "127.0.0.1")
        journal.settle(journal.intend(Write(PLACE, None, b"new")), RowState.DONE)
    except KvtuiError:
        return
    finally:
        journal.close()


def read_drafts(content: bytes, folder: Path) -> None:
    (folder / "drafts").mkdir(exist_ok=True)
    (folder / "drafts" / "1-x.draft").write_bytes(content)
    drafts = Drafts(folder / "drafts")
    try:
        for left in drafts.left_behind("p", "127.0.0.1"):
            assert isinstance(left.draft.text if left.draft.form is Form.TEXT else "", str)
            assert isinstance(left.draft.depth, int | None)
            assert isinstance(left.draft.place.key, str)
    finally:
        drafts.close()


def read_plan(content: bytes, folder: Path) -> None:
    path = folder / "plan.jsonl"
    path.write_bytes(content)
    plan = DeletionPlan.open(path)
    assert plan.tally.total == len(plan)
    plan.close()


def read_export(content: bytes, folder: Path) -> None:
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / UNFINISHED).write_bytes(content)
    export = ExportFolder(folder / "out", EXPORT)
    export.has(KeyEntry("k", 1, "2026-01-01T00:00:00Z"))
    export.close()


def read_settings(content: bytes, folder: Path) -> None:
    (folder / "config.toml").write_bytes(content)
    (folder / "func.toml").write_bytes(content)
    environ = {CONFIG_VARIABLE: str(folder / "config.toml")}
    surroundings = Surroundings(environ, folder, folder, folder)
    read_bindings(surroundings)
    read_config(surroundings)


EXPORT = ExportHead("id", "my-cache", "http://127.0.0.1/v2", "", "2026-01-01T00:00:00Z")
SETTINGS = b"""
[profiles.prod]
base_url = "https://api.example/v2"
production = true
colour = "#ff0000"
api_key_file = "~/key"
[keys]
quit = ["q", "ctrl+q"]
"screen.load_all" = "L"
[ui]
theme = "nord"
mouse = false
images = "kitty"
[[kv_namespaces]]
binding = "CACHE"
id = "550e8400-e29b-41d4-a716-446655440000"
[env.prod.kv]
X = 1
"""
ANSWERS = [
    json.dumps(answer).encode()
    for answer in (
        {"data": [{"key": "a", "size_bytes": 1, "updated_at": "x"}], "meta": {"has_more": False}},
        {"data": [], "meta": {"has_more": True, "cursor": "abc"}},
        {"data": {"id": "1", "name": "n", "status": "provision_ok"}},
        {"data": [{"id": "1"}], "meta": {"total_pages": 3}},
        {"errors": [{"code": 10007, "title": "t", "detail": "d"}]},
    )
]


def samples_of_a_journal(folder: Path) -> list[bytes]:
    journal = Journal(folder)
    for number in range(3):
        old = StoredValue(b"old value %d" % number, "text/plain")
        journal.settle(journal.intend(Write(PLACE, old, b"new")), RowState.DONE)
    journal.close()
    return [(folder / FILE_NAME).read_bytes()]


def samples_of_drafts(folder: Path) -> list[bytes]:
    drafts = Drafts(folder / "drafts")
    for base in (None, StoredValue(b"base", "text/plain")):
        drafts.write(Draft(PLACE, base, b"typed", depth=None if base is None else 1))
    contents = [path.read_bytes() for path in (folder / "drafts").glob("*.draft")]
    drafts.close()
    return contents


def samples_of_a_plan(folder: Path) -> list[bytes]:
    head = PlanHead("id", "my-cache", "http://127.0.0.1/v2", "a/", "2026-01-01T00:00:00")
    plan = DeletionPlan.create(folder, head, [KeyEntry(f"a/{n}", n, "x") for n in range(3)])
    content = plan.path.read_bytes()
    plan.close()
    return [content]


def samples_of_an_export(folder: Path) -> list[bytes]:
    export = ExportFolder(folder / "out", EXPORT)
    export.keep(KeyEntry("k", 1, "2026-01-01T00:00:00Z"), StoredValue(b"v"))
    content = (folder / "out" / UNFINISHED).read_bytes()
    export.close()
    return [content]


def samples_of_values(_: Path) -> list[bytes]:
    whole = [*KINDS.values(), *NASTY_JSON.values()]
    return [*whole, *map(gzip.compress, whole)]


READERS: dict[str, tuple[Read, Callable[[Path], Iterable[bytes]]]] = {
    "values": (read_value, samples_of_values),
    "answers": (read_answer, lambda _: ANSWERS),
    "journal": (read_journal, samples_of_a_journal),
    "drafts": (read_drafts, samples_of_drafts),
    "plans": (read_plan, samples_of_a_plan),
    "exports": (read_export, samples_of_an_export),
    "settings": (read_settings, lambda _: [SETTINGS]),
}


def feed(reader: str, folder: Path, source: random.Random, count: int) -> None:
    """Give damaged samples to a reader: it may refuse them in words of its own."""
    read, make = READERS[reader]
    (folder / "samples").mkdir()
    samples = list(make(folder / "samples"))
    (folder / "fed").mkdir(mode=0o700)
    for _ in range(count):
        content = mutated(source, samples)
        (folder / "last").write_bytes(content)
        try:
            read(content, folder / "fed")
        except KvtuiError:
            continue


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("reader", READERS)
def test_damaged_bytes_are_understood_or_refused(tmp_path: Path, reader: str) -> None:
    before = open_files()
    feed(reader, tmp_path, random.Random(reader), FEW)
    assert open_files() <= before + 1


@pytest.mark.full
@pytest.mark.timeout(0)
@pytest.mark.parametrize("reader", READERS)
def test_ten_minutes_of_damaged_bytes_break_no_reader(tmp_path: Path, reader: str) -> None:
    dose = Dose(f"reader-{reader}", 1_000_000)
    for number in dose.rounds_left():
        if dose.totals["milliseconds"] >= 1_000 * FULL_SECONDS:
            break
        began_at = time.process_time()
        (tmp_path / str(number)).mkdir()
        feed(reader, tmp_path / str(number), random.Random(number), BLOCK)
        spent = round(1_000 * (time.process_time() - began_at))
        dose.add(inputs=BLOCK, milliseconds=spent)
    assert dose.totals["inputs"] > 0
