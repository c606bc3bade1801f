"""What is done with each program, and what is measured of it."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.figures import Figures
from tests.benchmarks.peers import PAGE_DOWN, Program
from tests.benchmarks.pty_session import PtySession

KEYS, PAGES = 8, 4
KEYS_TO_THE_LAST_ROW = 30
KEYS_HELD, KEY_SECONDS = 90, 1 / 30
OWN_REPAINT_SECONDS = 0.05
"""So much later than the last byte for a key begins what is drawn for another reason."""
MOST_DRAWING_SECONDS = 20.0


def start_and_quit(program: Program, environ: Mapping[str, str], figures: Figures) -> None:
    """Measure from exec to what is shown first, memory at rest, and the ways out."""
    with PtySession(program.argv, environ) as session:
        name = program.name
        figures.add(name, "first frame", session.until(lambda shown: program.frame in shown))
        if program.listed:
            listed = session.until(lambda shown: program.listed in shown)
            figures.add(name, "listed", listed)
        session.settle(0.5)
        figures.add(name, "opening", len(session.output))
        figures.add(name, "memory", session.resident_bytes() / 2**20)
        if program.suspend:
            figures.add(name, "suspend", _suspend(session, program))
        figures.add(name, "quit", session.end(program.quit))


def go_through(program: Program, rows: str, environ: Mapping[str, str], figures: Figures) -> None:
    """Move the cursor, scroll and page, and measure the time and the bytes of each key."""
    with _at_rows(program, environ) as session:
        for _ in range(KEYS):
            _key(session, program, ("cursor", rows), figures)
        for _ in range(KEYS_TO_THE_LAST_ROW):
            session.type(program.down)
        session.settle(0.4)
        for _ in range(KEYS):
            _key(session, program, ("scroll", rows), figures)
        for _ in range(PAGES):
            _, _, size = session.gesture(PAGE_DOWN, OWN_REPAINT_SECONDS)
            figures.add(program.name, f"page, {rows}", size or None)
            _settle_apart(session, program, figures)


def hold(
    program: Program, bytes_per_second: float, environ: Mapping[str, str], figures: Figures
) -> None:
    """Hold a key on a slow line, and see for how long drawing goes on after its release."""
    with _at_rows(program, environ) as session:
        for _ in range(KEYS_TO_THE_LAST_ROW):
            session.type(program.down)
        session.settle(0.4)
        session.slow_down(bytes_per_second)
        for _ in range(KEYS_HELD):
            end = time.perf_counter() + KEY_SECONDS
            session.type(program.down)
            while (left := end - time.perf_counter()) > 0:
                session.read(left)
        released = time.perf_counter()
        before = session.last_byte
        session.settle(OWN_REPAINT_SECONDS, MOST_DRAWING_SECONDS)
        last = session.last_byte if session.last_byte > before else released
        figures.add(program.name, f"lag, {bytes_per_second:.0f}", max(0.0, last - released))


def run_to_the_end(
    name: str, what: str, argv: Sequence[str | Path], environ: Mapping[str, str], figures: Figures
) -> None:
    """Measure from exec to the exit of a command that needs no terminal."""
    start = time.perf_counter()
    subprocess.run(argv, env=dict(environ), check=True, stdout=subprocess.DEVNULL)
    figures.add(name, what, time.perf_counter() - start)


def _at_rows(program: Program, environ: Mapping[str, str]) -> PtySession:
    session = PtySession(program.argv, environ)
    session.until(lambda shown: (program.listed or program.frame) in shown)
    session.settle(0.5)
    for keys in program.before:
        session.gesture(keys, 0.4)
    session.settle(0.5)
    return session


def _key(session: PtySession, program: Program, what: tuple[str, str], figures: Figures) -> None:
    gesture, rows = what
    first, last, size = session.gesture(program.down, OWN_REPAINT_SECONDS)
    if size:
        figures.add(program.name, "first byte", first)
        figures.add(program.name, "settled", last)
        figures.add(program.name, f"{gesture}, {rows}", size)
    _settle_apart(session, program, figures)


def _settle_apart(session: PtySession, program: Program, figures: Figures) -> None:
    """Count what is drawn later, such as the value under the cursor."""
    before = len(session.output)
    session.settle(0.25)
    figures.add(program.name, "drawn later", len(session.output) - before)


def _suspend(session: PtySession, program: Program) -> float | None:
    """Give the seconds until the program is stopped, and let it go on."""
    start = time.perf_counter()
    session.type(program.suspend)
    how = os.WSTOPPED | os.WNOHANG
    while os.waitid(os.P_PID, session.process_id, how) is None:
        if time.perf_counter() - start > MOST_DRAWING_SECONDS:
            return None
        session.read(0.002)
    took = time.perf_counter() - start
    os.kill(session.process_id, signal.SIGCONT)
    session.settle(0.5)
    return took
