"""What one key costs in an editor that holds a value of the largest size."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable

import pytest
from textual import events
from textual.app import App, ComposeResult

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.widgets.text_editor import TextEditor

ROWS = [{"id": number, "name": f"user {number}"} for number in range(60_000)]
LAYOUTS: dict[str, Callable[[], str]] = {
    "many lines": lambda: json.dumps(ROWS, indent=2),
    "one line": lambda: json.dumps(ROWS),
}
GOALS_MS = {"x": 12.0, "enter": 30.0, "backspace": 30.0, "down": 12.0, "pagedown": 12.0}
ROUNDS = 15


class EditorApp(App[None]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield TextEditor(self._text, syntax="json")


async def key_ms(app: EditorApp, key: str) -> float:
    """Give the processor time from a key to the screen that shows what it did."""
    started = time.process_time()
    app.post_message(events.Key(key, key if len(key) == 1 else None))
    for _ in range(2):
        drawn = asyncio.Event()
        app.screen.call_after_refresh(drawn.set)
        await drawn.wait()
    return (time.process_time() - started) * 1000


@pytest.mark.benchmark
@pytest.mark.parametrize("layout", LAYOUTS)
async def test_a_key_costs_little_at_the_largest_size(layout: str) -> None:
    text = LAYOUTS[layout]()[:MAX_VALUE_BYTES]
    started = time.process_time()
    app = EditorApp(text)
    async with app.run_test(size=(80, 24)) as pilot:
        editor = app.query_one(TextEditor)
        editor.focus()
        await pilot.pause()
        print(f"\n{layout}: opened in {(time.process_time() - started) * 1000:.0f} ms")
        line = editor.document.line_count // 2
        editor.move_cursor((line, len(editor.document[line]) // 2))
        await pilot.pause()
        for key, goal in GOALS_MS.items():
            median = statistics.median([await key_ms(app, key) for _ in range(ROUNDS)])
            print(f"  {key:10} {median:6.1f} ms   goal {goal:.0f}")
            assert median <= goal
