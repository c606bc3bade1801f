"""What looking at values costs: `python -m tests.benchmarks.values [--frames] [--static]`.

Bytes are in hand; figures are medians of processor time, all threads together. Textual's own
widgets are measured in the same run; Static takes long, so only when it is asked for. `--frames`
measures keys alone.
"""

import asyncio
import gc
import json
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Static, TextArea

from kvtui.ui.widgets.value_view import ValueView
from kvtui.values.formats.info import Circumstances
from kvtui.values.looks import View
from kvtui.values.view import ValueViews
from tests.benchmarks.frames import DrawnApp, key_ms, machine_ms

MIB = 1024 * 1024
SMALL, LARGE = (80, 24), (200, 50)
ROUNDS = 5
ROW = {"id": 12345, "name": "user", "tags": ["a", "b"], "ok": True, "x": 1.5}


def one_line(size_bytes: int) -> bytes:
    item = json.dumps(ROW).encode()
    return b"[" + b",".join([item] * (size_bytes // (len(item) + 1))) + b"]"


def pretty(size_bytes: int) -> bytes:
    count = size_bytes // len(json.dumps([ROW], indent=2))
    return json.dumps([ROW] * count, indent=2).encode()


class HostApp(DrawnApp):
    """One widget over the whole screen."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget

    def compose(self) -> ComposeResult:
        yield self._widget


async def painted(app: App[None]) -> None:
    """Wait until what is under way is on the screen."""
    for _ in range(2):
        drawn = asyncio.Event()
        app.screen.call_after_refresh(drawn.set)
        await drawn.wait()


async def laid_out(value: ValueView) -> None:
    """Wait for the thread that lays a large value out, and for what it sends."""
    under_way = [worker for worker in value.app.workers if not worker.is_cancelled]
    await value.app.workers.wait_for_complete(under_way)
    await painted(value.app)


async def show(value: ValueView, content: bytes, view: View | None) -> None:
    """Do what the browser does with bytes that came, large ones beside the screen."""

    def found_out() -> ValueViews:
        views = ValueViews(content, Circumstances("application/json", time.time()))
        views.prepare()
        return views

    views = await asyncio.to_thread(found_out)
    value.show_value("k", "", views, is_same_key=False)
    if view is not None and view is not value.view:
        value.choose_view(view)
    await laid_out(value)
    assert value.lines.lines_shown is not None


async def opening_ms(content: bytes, rounds: int = 1) -> float:
    value = ValueView()
    app = HostApp(value)
    times = []
    async with app.run_test(size=SMALL) as pilot:
        await show(value, b'{"warm": "up"}', None)
        for _ in range(rounds):
            value.show_message("k", "")
            await pilot.pause()
            gc.collect()
            started = time.process_time()
            await show(value, content, None)
            times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


async def textual_opening_ms(make: Callable[[], Widget], fill: Callable[[Widget], None]) -> float:
    widget = make()
    app = HostApp(widget)
    async with app.run_test(size=SMALL):
        await painted(app)
        started = time.process_time()
        fill(widget)
        await painted(app)
        return (time.process_time() - started) * 1000


async def frames_ms(content: bytes, view: View | None, size: tuple[int, int]) -> list[float]:
    value = ValueView()
    app = HostApp(value)
    async with app.run_test(size=size) as pilot:
        await show(value, content, view)
        value.lines.focus()
        await pilot.pause()
        # After pages the cursor is in the last row on screen, so that the next ones scroll.
        page = await key_ms(app, pilot, "pagedown")
        before = value.lines.scroll_offset.y
        row = await key_ms(app, pilot, "j")
        assert value.lines.scroll_offset.y > before, "the rows did not scroll"
        return [row, page, await key_ms(app, pilot, "g", "G")]


async def textual_frames_ms(text: str, size: tuple[int, int]) -> list[float]:
    area = TextArea(text, read_only=True, soft_wrap=False)
    app = HostApp(area)
    async with app.run_test(size=size) as pilot:
        area.focus()
        await pilot.pause()
        page = await key_ms(app, pilot, "pagedown")
        row = await key_ms(app, pilot, "down")
        return [row, page]


@contextmanager
def steps() -> Iterator[list[float]]:
    """Collect the processor time of every step of the loop, in milliseconds."""
    costs: list[float] = []
    run = asyncio.Handle._run  # noqa: SLF001

    def timed(handle: asyncio.Handle) -> None:
        started = time.thread_time()
        run(handle)
        costs.append((time.thread_time() - started) * 1000)

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]  # noqa: SLF001
    try:
        yield costs
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001


async def longest_step_ms(content: bytes) -> tuple[float, float]:
    """Give the longest step, and the longest of 999 in 1,000, while values are opened."""
    value = ValueView()
    app = HostApp(value)
    async with app.run_test(size=SMALL) as pilot:
        await show(value, b'{"warm": "up"}', None)
        with steps() as costs:
            for _ in range(ROUNDS if len(content) < 2 * MIB else 1):
                value.show_message("k", "")
                await show(value, content, None)
                await pilot.pause()
    costs.sort()
    return costs[-1], costs[int(len(costs) * 0.999)]


async def memory_bytes(content: bytes) -> int:
    """Give what viewing holds above the value itself."""
    value = ValueView()
    app = HostApp(value)
    async with app.run_test(size=SMALL):
        await show(value, b'{"warm": "up"}', None)
        gc.collect()
        tracemalloc.start()
        await show(value, content, None)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return held


async def measure(*, has_static: bool) -> None:
    values = {"one line": one_line(MIB), "pretty": pretty(MIB)}
    large = one_line(25 * MIB)
    text = values["pretty"].decode()
    for name, content in values.items():
        print(f"open 1 MiB of JSON, {name}: {await opening_ms(content, ROUNDS):.0f} ms CPU")
    print(f"open 25 MiB of JSON on one line: {await opening_ms(large):.0f} ms CPU")
    for size in (1, 25):
        content = random.Random(1).randbytes(size * MIB)
        print(f"open {size} MiB of bytes: {await opening_ms(content, ROUNDS):.0f} ms CPU")
    area = await textual_opening_ms(
        lambda: TextArea(read_only=True, soft_wrap=False), lambda widget: _load(widget, text)
    )
    print(f"open 1 MiB of JSON, pretty, TextArea without colours: {area:.0f} ms CPU")
    if has_static:
        static = await textual_opening_ms(
            lambda: Static(markup=False), lambda widget: _update(widget, text)
        )
        print(f"open 1 MiB of JSON, pretty, Static without colours: {static:.0f} ms CPU")
    await measure_frames(values["one line"], text)
    for name, content in (("1 MiB", values["one line"]), ("25 MiB", large)):
        longest, most = await longest_step_ms(content)
        print(f"longest step of the loop, {name}: {longest:.1f} ms, p99.9 {most:.1f} ms")
        held = await memory_bytes(content)
        print(f"memory above the value, {name}: {held / MIB:.1f} MiB")


async def measure_frames(content: bytes, text: str) -> None:
    for terminal in (SMALL, LARGE):
        for view in (None, View.TEXT, View.HEX):
            costs = await frames_ms(content, view, terminal)
            _print_frames(str(view or View.JSON), terminal, costs)
        _print_frames("TextArea", terminal, await textual_frames_ms(text, terminal))


def _load(widget: Widget, text: str) -> None:
    assert isinstance(widget, TextArea)
    widget.text = text


def _update(widget: Widget, text: str) -> None:
    assert isinstance(widget, Static)
    widget.update(text)


def _print_frames(name: str, size: tuple[int, int], costs: list[float]) -> None:
    words = zip(("row", "page", "jump"), costs, strict=False)
    told = ", ".join(f"{word} {cost:.1f}" for word, cost in words)
    print(f"{name} at {size[0]}x{size[1]}: {told} ms CPU; a million squares {machine_ms():.0f} ms")


if __name__ == "__main__":
    if "--frames" in sys.argv:
        asyncio.run(measure_frames(one_line(MIB), pretty(MIB).decode()))
    else:
        asyncio.run(measure(has_static="--static" in sys.argv))
