"""Uses the installed browser at random in a terminal, and looks for cells that were left over.

    python -m tests.support.leftovers SECONDS [SEED [pyte|tmux|screen]]

Whenever the program rests, what the terminal shows is held against what it shows after `ctrl+l`, by
which everything is drawn anew: a cell that looks different was left over. tmux and screen are fed
the same bytes as the terminal, and must be installed. A line is printed for every difference, and
one with the counts for each round; a round is one run of the program in one kind of terminal.
"""

import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from kvtui.records import StoredValue
from kvtui.server.sample import load_sample
from kvtui.server.store import NewEntry
from kvtui.server.timestamps import key_timestamp
from tests.support.emulator import Seen
from tests.support.hostile import hostile_text
from tests.support.installed import COMMAND, environ
from tests.support.mirrors import Mirror, PyteMirror, ScreenMirror, TmuxMirror
from tests.support.server import TOKEN, local_server
from tests.support.server_process import ServerProcess
from tests.support.terminal import Terminal
from tests.support.wanderer import Wanderer

REDRAW = "\x0c"
CLEAR = b"\x1b[?2026h\x1b[0m\x1b[2J"
END = b"\x1b[?2026l"
SIZES = [(80, 24), (40, 10), (120, 32), (20, 5), (200, 50), (81, 25)]
GESTURES_AT_REST = 4
QUIET_SECONDS = 0.6
"""By then what changes twice a second has changed on the screen, too."""
IDLE_SECONDS = 0.05
MOST_REST_SECONDS = 15.0
SHORT_SECONDS = 0.05
ESCAPE_SECONDS = 0.12
ROUND_SECONDS = 180.0
MIRRORS: dict[str, Callable[[Path, int, int], Mirror]] = {
    "pyte": lambda _, columns, rows: PyteMirror(columns, rows),
    "tmux": TmuxMirror,
    "screen": ScreenMirror,
}
KINDS: dict[str, dict[str, str]] = {
    "truecolor": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256 colours": {"TERM": "screen-256color"},
    "16 colours": {"TERM": "xterm"},
    "linux": {"TERM": "linux"},
    "no colours": {"TERM": "xterm-256color", "NO_COLOR": "1"},
    "ASCII": {"TERM": "xterm", "PYTHONIOENCODING": "ascii"},
}
KINDS_FOR = {"screen": ["256 colours"]}
"""screen knows fewer colours, and erases without a background."""
NOTICE = "▌"
"""Stands left of a notice."""
STRANGE_KEYS = 3_000
DAYS_NS = 3 * 86_400 * 10**9
"""So old that no age changes while somebody looks."""


class Round:
    """One run of the program, in one kind of terminal."""

    def __init__(self, terminal: Terminal, mirror: Mirror, dice: random.Random) -> None:
        self._terminal = terminal
        self._mirror = mirror
        self._dice = dice
        self._wanderer = Wanderer(dice)
        self._size = SIZES[0]
        self.typed: list[str] = []
        self.counts: Counter[str] = Counter()
        self.differences: list[str] = []

    def run(self, seconds: float) -> None:
        """Use the program for so long, or until it ends."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at and not self._terminal.has_ended:
            for _ in range(self._dice.randint(1, GESTURES_AT_REST)):
                self._gesture()
            if self._dice.random() < 0.15:
                self._resize(*self._dice.choice(SIZES))
            self._rest()
            if not self._terminal.has_ended:
                self._compare()

    def _gesture(self) -> None:
        waits = self._dice.choice([0.0, 0.0, 0.02, 0.1])
        for piece in self._wanderer.gesture(*self._size):
            self.typed.append(piece)
            self.counts["keys"] += 1
            self._terminal.type(piece)
            wait = ESCAPE_SECONDS if piece == "\x1b" else waits
            if wait:
                self._terminal.rest(wait)

    def _rest(self) -> None:
        """Wait until nothing is drawn and nothing is done: keys may still be on their way."""
        self._come_back()
        worked = -1.0
        ends_at = time.monotonic() + MOST_REST_SECONDS
        while worked + IDLE_SECONDS < (now := self._terminal.processor_seconds):
            worked = now
            self._terminal.rest(QUIET_SECONDS)
            if time.monotonic() > ends_at:
                self.counts["restless"] += 1
                return

    def _come_back(self) -> None:
        """Let it go on where it was suspended, or waits on the screen of the shell for Enter."""
        self._terminal.rest(QUIET_SECONDS)
        if self._terminal.has_ended:
            return
        if self._terminal.is_stopped:
            self._terminal.send(signal.SIGCONT)
            self.counts["suspended"] += 1
        elif not self._terminal.is_raw:
            self._terminal.type("\r")
            self.counts["lent"] += 1

    def _resize(self, columns: int, rows: int) -> None:
        self._feed(self._terminal.take())
        self._size = columns, rows
        self._terminal.resize(columns, rows)
        self._mirror.resize(columns, rows)
        self.counts["resizes"] += 1

    def _feed(self, output: bytes) -> None:
        self.counts["bytes"] += len(output)
        self._mirror.feed(output)

    def _compare(self) -> None:
        """Hold what is shown against what is shown once everything was drawn anew.

        What the program draws by itself before that counts as shown: only a change in the very
        moment of drawing everything could be taken for something left over.
        """
        self._feed(self._terminal.take())
        self._terminal.type(REDRAW)
        self._terminal.wait_for(lambda: END in self._drawn_anew or self._terminal.has_ended)
        self._terminal.rest(SHORT_SECONDS)
        before, clear, after = self._terminal.take().partition(CLEAR)
        self._feed(before)
        shown = self._mirror.rows()
        frame, end, later = after.partition(END)
        self._feed(clear + frame + end)
        anew = self._mirror.rows()
        self._feed(later)
        self.counts["comparisons"] += 1
        self.counts["cells"] += self._size[0] * self._size[1]
        if shown == anew:
            pass
        elif _is_live(shown, anew):
            self.counts["live"] += 1
        else:
            self.counts["differences"] += 1
            self.differences.append(self._told(shown, anew))
        self.typed.clear()

    @property
    def _drawn_anew(self) -> bytes:
        return self._terminal.output.partition(CLEAR)[2]

    def _told(self, shown: list[list[Seen]], anew: list[list[Seen]]) -> str:
        rows = [f"{self._size}, after {self.typed[-30:]}:"]
        for y, (old, new) in enumerate(zip(shown, anew, strict=True)):
            if old != new:
                pairs = enumerate(zip_longest(old, new))
                at = [x for x, (one, other) in pairs if one != other]
                texts = ("".join(cell.text for cell in row).rstrip() for row in (old, new))
                rows += [f"line {y}, cells {at[:8]}:", *(f"  {text!r}" for text in texts)]
                rows += [f"  {old[x : x + 1]} for {new[x : x + 1]}" for x in at[:1]]
        return "\n".join(rows)


def _is_live(shown: list[list[Seen]], anew: list[list[Seen]]) -> bool:
    """Tell whether all that differs is notices, which go by themselves, and counted requests."""
    return all(
        _is_notice(old, new) or _without_digits(old) == _without_digits(new)
        for old, new in zip(shown, anew, strict=True)
        if old != new
    )


def _is_notice(old: list[Seen], new: list[Seen]) -> bool:
    pairs = enumerate(zip_longest(old, new))
    first = next(x for x, (one, other) in pairs if one != other)
    return any(cell.text == NOTICE for row in (old, new) for cell in row[: first + 1])


def _without_digits(row: list[Seen]) -> list[Seen]:
    return [replace(cell, text="0") if cell.text.isdecimal() else cell for cell in row]


def fill(path: Path, dice: random.Random) -> None:
    """Write the data of a server: the sample, and keys and values that are hard to draw."""
    with local_server(path=path) as server:
        load_sample(server.store)
        now = int(server.store.clock() * 1e9)
        texts = [hostile_text(dice) for _ in range(STRANGE_KEYS)]
        keys = {
            f"{dice.choice('漢字🎉é👩abc')}{text[:300]}/{n % 50}" for n, text in enumerate(texts)
        }
        keys = {key.encode(errors="replace").decode()[:200] for key in keys}
        state = next(it for it in server.store.namespaces() if it.namespace.name == "my-cache")
        entries = [
            NewEntry(
                key,
                "\n".join(dice.choices(texts, k=30)).encode(errors="replace"),
                key_timestamp(now - DAYS_NS + at),
            )
            for at, key in enumerate(sorted(keys))
        ]
        server.store.insert(state, entries)
        wide = json.dumps({text: [text, "漢" * 60] for text in texts[:40]}, ensure_ascii=False)
        content = wide.encode(errors="replace")
        server.store.put(state, "0 wide", StoredValue(content, "application/json"))


def play(base_url: str, folder: Path, kind: str, mirror: str, seed: str, seconds: float) -> Round:
    """Start the program and use it; what it ended with, if it did, is a difference too."""
    dice = random.Random(seed)
    columns, rows = SIZES[0]
    variables = {"COLORTERM": "", "NO_COLOR": "", "EDITOR": "true", **KINDS[kind]}
    with Terminal(
        COMMAND,
        "--namespace",
        "my-cache",
        environ=environ(
            TELNYX_BASE_URL=base_url,
            TELNYX_API_KEY=TOKEN,
            XDG_STATE_HOME=str(folder / f"state {seed}"),
            **variables,
        ),
        folder=folder,
        columns=columns,
        rows=rows,
        is_answering=True,
    ) as terminal:
        shows = MIRRORS[mirror](folder, columns, rows)
        playing = Round(terminal, shows, dice)
        try:
            terminal.wait_for("0 wide")
            playing.run(seconds)
        except AssertionError as error:
            playing.counts["stuck"] += 1
            playing.differences.append(f"{playing.typed}: {error}")
        finally:
            shows.close()
        if terminal.has_ended and terminal.end() != 0:
            playing.counts["crashes"] += 1
            playing.differences.append("\n".join(terminal.lines))
    return playing


def main(seconds: str, seed: str = "0", mirror: str = "pyte") -> None:
    ends_at = time.monotonic() + float(seconds)
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "data.sqlite3", random.Random(seed))
        with ServerProcess(folder / "data.sqlite3") as server:
            number = 0
            while (left := ends_at - time.monotonic()) > 0:
                kinds = KINDS_FOR.get(mirror, [*KINDS])
                kind = kinds[number % len(kinds)]
                lasts = min(left, ROUND_SECONDS)
                what = f"{seed}/{number}"
                playing = play(server.base_url, folder, kind, mirror, what, lasts)
                totals += playing.counts
                for difference in playing.differences:
                    sys.stdout.write(f"{difference}\n")
                sys.stdout.write(f"{what}, {kind}: {dict(playing.counts)}; all: {dict(totals)}\n")
                sys.stdout.flush()
                number += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
