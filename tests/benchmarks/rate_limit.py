"""What the client makes of a rate limit: its share, refusals, and how long a click takes.

The real client asks `kvtui serve` for sixteen pages at once, all the time, as a scan does, and now
and then for a value, as a click does. Every answer comes 80 ms late. Windows of a minute are
measured as windows of ten seconds with as many requests a second.

Run: python -m tests.benchmarks.rate_limit [--seconds SECONDS] [LIMIT ...]
"""

import argparse
import asyncio
import math
import random
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from kvtui.api.client import KvClient
from kvtui.errors import RateLimitedError
from kvtui.records import Priority, StoredValue
from kvtui.secret import Secret
from tests.support.installed import COMMAND, environ

LIMITS = ("20/1", "50/1", "100/1", "50/10", "200/10")
"""The last two stand for 300 and 1,200 in a minute."""
LATENCY_MS = 80
MARGIN_MS = 50
AT_ONCE = 16
LEAST_SECONDS, LEAST_WINDOWS = 60.0, 3
CLICK_PAUSE_SECONDS = (2.0, 4.0)


@contextmanager
def serving(limit: str) -> Iterator[str]:
    """Run the command, and give its base URL."""
    options = ["--port", "0", "--provisioning", "0", "--latency", str(LATENCY_MS)]
    process = subprocess.Popen(
        [COMMAND, "serve", *options, "--rate-limit", limit],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environ(),
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


@dataclass
class Session:
    """A scan and somebody who clicks, until the time is over."""

    client: KvClient
    namespace_id: str
    ends_at: float
    click_seconds: list[float] = field(default_factory=list)
    refused_clicks: int = 0

    async def scan(self) -> None:
        while time.monotonic() < self.ends_at:
            await self.client.list_keys(self.namespace_id, priority=Priority.BACKGROUND)

    async def click(self) -> None:
        while time.monotonic() < self.ends_at:
            await asyncio.sleep(random.uniform(*CLICK_PAUSE_SECONDS))
            began = time.monotonic()
            try:
                await self.client.get_value(self.namespace_id, "a")
            except RateLimitedError:
                self.refused_clicks += 1
            finally:
                self.click_seconds.append(time.monotonic() - began)


async def measure(base_url: str, count: int, window_seconds: float, least_seconds: float) -> None:
    client = KvClient(base_url, Secret("any"))
    namespace = await client.create_namespace("benchmark")
    await client.put_value(namespace.id, "a", StoredValue(b"1"))
    await asyncio.sleep(window_seconds)
    windows = max(LEAST_WINDOWS, math.ceil(least_seconds / window_seconds))
    began, seconds = time.monotonic(), windows * window_seconds
    session = Session(client, namespace.id, began + seconds)
    first = max(entry.number for entry in client.trace.entries)
    work = [session.click(), *(session.scan() for _ in range(AT_ONCE))]
    tasks = [asyncio.ensure_future(doing) for doing in work]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    statuses = [entry.status for entry in client.trace.entries if entry.number > first]
    await client.aclose()
    report(count, window_seconds, windows, statuses, session)


def report(
    count: int, window_seconds: float, windows: int, statuses: list[int | None], session: Session
) -> None:
    used = sum(status == 200 for status in statuses) / (count * windows)
    refused = statuses.count(429) / len(statuses)
    clicks = [1000 * seconds for seconds in session.click_seconds]
    slow = statistics.quantiles(clicks, n=20, method="inclusive")[-1]
    rate = f"{count}/{window_seconds:g} s"
    print(
        f"{rate:<12}{used:>8.1%}{refused:>10.2%}{statistics.median(clicks):>12.0f}{slow:>10.0f}"
        f"{session.refused_clicks:>10}{len(clicks):>9}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("limits", nargs="*", default=LIMITS)
    parser.add_argument("--seconds", type=float, default=LEAST_SECONDS)
    options = parser.parse_args()
    headings = f"{'limit':<12}{'used':>8}{'429':>10}{'click, ms':>12}{'p95':>10}"
    print(f"{headings}{'refused':>10}{'clicks':>9}")
    slowest = f"<= {LATENCY_MS + MARGIN_MS}"
    print(f"{'target':<12}{'>= 90 %':>8}{'< 0.5 %':>10}{'':>12}{slowest:>10}")
    for limit in options.limits:
        count, _, seconds = limit.partition("/")
        with serving(limit) as base_url:
            asyncio.run(measure(base_url, int(count), float(seconds), options.seconds))


if __name__ == "__main__":
    main()
