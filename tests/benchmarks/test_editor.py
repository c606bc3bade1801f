"""What one key costs in an editor that holds a value of the largest size, beside Textual's own."""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Callable

import pytest
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static, TextArea

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.widgets.hex_editor import HexEditor
from kvtui.ui.widgets.text_editor import TextEditor
from tests.benchmarks.frames import DrawnApp, key_ms

ROWS = [{"id": number, "name": f"user {number}"} for number in range(60_000)]
LAYOUTS: dict[str, Callable[[], str]] = {
    "many lines": lambda: json.dumps(ROWS, indent=2)[:MAX_VALUE_BYTES],
    "one line of 900,000": lambda: json.dumps(ROWS)[:900_000],
}
GOALS_MS = {"x": 12.0, "enter": 30.0, "backspace": 30.0, "down": 12.0, "pagedown": 12.0}
LONG_LINE_GOAL_MS = 30.0
HEX_GOALS_MS = {
    "a": 12.0,
    "delete": 12.0,
    "down": 12.0,
    "pagedown": 12.0,
    "ctrl+home,ctrl+end": 12.0,
}
HEX_OPEN_GOAL_MS = 25.0
ROUNDS = 15
OPENINGS = 7
PEER_ROUNDS = 3
"""The stock widget takes seconds for a key in a long line."""


class EditorApp(DrawnApp):
    """Shows one widget, mounted when it is asked for."""

    def compose(self) -> ComposeResult:
        return []


async def drawn(app: EditorApp) -> None:
    for _ in range(2):
        is_drawn = asyncio.Event()
        app.screen.call_after_refresh(is_drawn.set)
        await is_drawn.wait()


async def opened_ms(app: EditorApp, make: Callable[[], Widget]) -> float:
    """Give the processor time from the bytes in hand to the widget on screen."""
    await drawn(app)
    started = time.process_time()
    widget = make()
    await app.mount(widget)
    widget.focus()
    await drawn(app)
    return (time.process_time() - started) * 1000


async def text_figures(make: Callable[[], TextArea], rounds: int) -> dict[str, float]:
    app = EditorApp()
    async with app.run_test(size=(80, 24)) as pilot:
        figures = {"open": await opened_ms(app, make)}
        area = app.query_one(TextArea)
        line = area.document.line_count // 2
        area.move_cursor((line, len(area.document[line]) // 2))
        await drawn(app)
        for key in GOALS_MS:
            figures[key] = await key_ms(app, pilot, key, rounds=rounds)
    return figures


@pytest.mark.benchmark
@pytest.mark.parametrize("layout", LAYOUTS)
async def test_a_key_costs_little_at_the_largest_size(layout: str) -> None:
    text = LAYOUTS[layout]()
    ours = await text_figures(lambda: TextEditor(text, syntax="json"), ROUNDS)
    peer = await text_figures(lambda: TextArea(text, soft_wrap=True), PEER_ROUNDS)

    is_long = layout != "many lines"
    print(f"\n{layout:22}   editor    goal   Textual's TextArea")
    for name, figure in ours.items():
        goal = LONG_LINE_GOAL_MS if is_long else GOALS_MS.get(name, float("inf"))
        goal = float("inf") if name == "open" else goal
        print(f"  {name:20} {figure:7.1f} ms {goal:6.0f} {peer[name]:12.1f} ms")
        assert figure <= goal


@pytest.mark.benchmark
@pytest.mark.parametrize("size_mib", [1, 25])
async def test_bytes_open_and_change_at_once_at_any_size(size_mib: int) -> None:
    content = os.urandom(size_mib << 20)
    app = EditorApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await median_open_ms(app, lambda: HexEditor(b"what is loaded once is not what is measured"))
        opened = await median_open_ms(app, lambda: HexEditor(content))
        peer = await median_open_ms(app, lambda: Static("one line"))
        print(f"\nhex editor, {size_mib} MiB     goal   Textual's Static of one line")
        print(f"  open       {opened:6.1f} ms {HEX_OPEN_GOAL_MS:6.0f} {peer:12.1f} ms")
        assert opened <= HEX_OPEN_GOAL_MS

        editor = HexEditor(content)
        await opened_ms(app, lambda: editor)
        editor.is_insert = True
        for key, goal in HEX_GOALS_MS.items():
            median = await key_ms(app, pilot, *key.split(","), rounds=ROUNDS)
            print(f"  {key:10} {median:6.1f} ms {goal:6.0f}")
            assert median <= goal


async def median_open_ms(app: EditorApp, make: Callable[[], Widget]) -> float:
    figures = []
    for _ in range(OPENINGS):
        figures.append(await opened_ms(app, make))
        await app.screen.query("HexEditor, Static").remove()
    return statistics.median(figures)
