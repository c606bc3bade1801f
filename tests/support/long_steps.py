"""Steps of the event loop that held up the app in a test, as a run reports them at its end."""

import re
from collections.abc import Iterable

from kvtui.ui.watchdog import LongStep, Watchdog

PROPERTY = "long step"
MOST_SHOWN = 12
FAILING_SECONDS = 1.0
"""Of processor time: far above what is meant, so that no slow machine fails a test by it."""

_FRAME = re.compile(r'  File "([^"]+)", line (\d+), in (\S+)')
_OWN = re.compile(r".*/(kvtui/(?!server/|ui/watchdog)\S+)")
_OTHERS = re.compile(r".*/tests/\S+|.*/kvtui/server/\S+|<frozen importlib\S+")

WATCHDOG = Watchdog()


def take_steps() -> list[LongStep]:
    """Give the long steps since the last time, without those of tests, server and imports."""
    steps = [step for step in WATCHDOG.steps if _is_of_the_app(step)]
    WATCHDOG.steps.clear()
    return steps


def line(step: LongStep) -> str:
    """Say in one line how long a step was, and where."""
    own = [found for place in step.stack if (found := _OWN.match(_file(place)))]
    inner = _FRAME.match(step.stack[-1])
    where = inner[3] if inner else step.stack[-1].strip()
    if own:
        frame = [_FRAME.match(place) for place in step.stack if _OWN.match(_file(place))][-1]
        where = f"{own[-1][1]}:{frame[2]} {frame[3]}" if frame else where
    return f"{step.seconds * 1000:4.0f} ms  {where}"


def longest(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Give the longest step of each place, with the test it was in."""
    seen: dict[str, str] = {}
    for text, test in sorted(lines, reverse=True):
        seen.setdefault(text.split(" ms  ")[1], f"{text}  ({test})")
    return list(seen.values())[:MOST_SHOWN]


def _is_of_the_app(step: LongStep) -> bool:
    return not any(_OTHERS.match(_file(place)) for place in step.stack)


def _file(place: str) -> str:
    found = _FRAME.match(place)
    return found[1] if found else ""
