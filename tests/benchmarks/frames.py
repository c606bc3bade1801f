"""What a key costs, down to the bytes that a terminal would get for it."""

import asyncio
import statistics
import time
from itertools import cycle, islice

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot

from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.terminal.palette import Palette


class DrawnApp(CellDisplay):
    """Draws its frames as the driver would, and counts what it would send."""

    def __init__(self) -> None:
        super().__init__()
        self._canvas = Canvas(Palette(sgr_parameters("truecolor")), has_background_erase=True)
        self.sent_characters = 0

    def _display(self, *arguments: object) -> None:
        _, renderable = arguments
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            self._canvas.fit(*self.size)
            self._canvas.take(renderable)
            self.sent_characters += len(self._canvas.frame())


async def at_rest(app: App[None], pilot: Pilot[None]) -> None:
    """Wait until all that is under way is done and drawn."""
    for _ in range(2):
        drawn = asyncio.Event()
        app.screen.call_after_refresh(drawn.set)
        await drawn.wait()
        await pilot.pause()


async def key_ms(app: DrawnApp, pilot: Pilot[None], *keys: str, rounds: int = 12) -> float:
    """Give the processor time of a key, or of one of some; what waiting costs is taken off."""
    costs, waits = [], []
    for key in islice(cycle(keys), rounds):
        await at_rest(app, pilot)
        started, sent = time.process_time(), app.sent_characters
        await at_rest(app, pilot)
        waits.append((time.process_time() - started) * 1000)
        assert app.sent_characters == sent, "the app was not at rest"
        started = time.process_time()
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else None))
        await at_rest(app, pilot)
        costs.append((time.process_time() - started) * 1000)
        assert app.sent_characters > sent, f"{key} was not drawn"
    return statistics.median(costs) - statistics.median(waits)


def machine_ms() -> float:
    """Give what a million squares cost now: whether the machine is as quick as it was."""
    started = time.process_time()
    sum(number * number for number in range(1_000_000))
    return (time.process_time() - started) * 1000
