import pytest
from msgspec.structs import replace

from kvtui.records import TraceEntry
from kvtui.ui.screens.request_log import RequestLogScreen
from kvtui.ui.widgets.request_rows import RequestRows
from tests.support.host import Host, hosting

ID = "0198c2d1-3b1a-7cc2-9a55-0c2f6a1b2c3d"
READ = TraceEntry(
    1, 0.0, "GET", f"/v2/storage/kvs/{ID}/keys/user/123", 1, 200, 0.153, 0, 2210, "req-1"
)
WRITE = TraceEntry(
    2,
    1.0,
    "PUT",
    f"/v2/storage/kvs/{ID}/keys/user/123",
    2,
    503,
    0.9,
    412,
    97,
    "req-2",
    "the server failed [/]",
    "application/json",
)
PENDING = TraceEntry(3, 2.0, "GET", f"/v2/storage/kvs/{ID}/keys/slow", 1)


class Trace:
    """Requests that grow while the log is open."""

    def __init__(self, *entries: TraceEntry) -> None:
        self.entries = list(entries)

    def screen(self, copied: list[str] | None = None) -> RequestLogScreen:
        return RequestLogScreen(
            entries=lambda: self.entries,
            curl=lambda entry: f"curl -X {entry.method} {entry.target}",
            copy=(copied if copied is not None else []).append,
        )


def row_with(host: Host, text: str) -> str:
    return next(line for line in host.lines()[2:] if text in line)


async def refresh(host: Host) -> None:
    assert isinstance(host.screen, RequestLogScreen)
    host.screen.refresh_entries()
    await host.settle()


async def test_each_request_is_a_row_of_what_went_and_came() -> None:
    async with hosting(Trace(READ, WRITE, PENDING).screen, size=(120, 24)) as host:
        assert "3 requests" in host.lines()[0]
        assert row_with(host, "GET").split()[1:5] == ["GET", "200", "153", "2210"]
        assert row_with(host, "PUT").split()[1:7] == ["PUT", "503", "900", "412", "97", "2"]
        assert "…" in row_with(host, "keys/slow")


async def test_the_selected_request_is_told_in_full_below() -> None:
    async with hosting(Trace(READ, WRITE, PENDING).screen) as host:
        await host.press("k")
        below = "\n".join(host.lines()[-5:])
        assert f"PUT /v2/storage/kvs/{ID}/keys/user/123" in below
        assert "request 2, attempt 2 · id req-2 · sent as application/json" in below
        assert "the server failed [/]" in below


async def test_the_key_is_seen_in_80_columns() -> None:
    async with hosting(Trace(READ).screen) as host:
        assert "0198c2d1…/keys/user/123" in host.lines()[2]


async def test_of_a_long_listing_the_prefix_is_seen_rather_than_the_cursor() -> None:
    target = f"/v2/storage/kvs/{ID}/keys?prefix=user%2F&cursor={'c' * 200}"
    async with hosting(Trace(replace(READ, target=target)).screen) as host:
        assert "…/0198c2d1…/keys?prefix=" in host.lines()[2]
        assert host.lines()[2].endswith("…")


async def test_new_requests_are_followed_until_the_cursor_is_moved_away() -> None:
    trace = Trace(READ, WRITE)
    async with hosting(trace.screen) as host:
        trace.entries.append(PENDING)
        await refresh(host)
        assert "keys/slow" in host.lines()[-3]
        await host.press("k")
        trace.entries.append(replace(READ, number=4))
        await refresh(host)
        assert "request 2," in host.text()
        await host.press("G")
        trace.entries.append(replace(READ, number=5))
        await refresh(host)
        assert "request 5," in host.text()


async def test_an_answer_that_comes_later_is_shown_in_its_row() -> None:
    trace = Trace(PENDING)
    async with hosting(trace.screen) as host:
        trace.entries[0] = replace(PENDING, status=200, duration_seconds=1.5)
        await refresh(host)
        assert row_with(host, "keys/slow").split()[2:4] == ["200", "1500"]


async def test_the_cursor_stays_on_its_request_when_older_ones_are_forgotten() -> None:
    trace = Trace(READ, WRITE, PENDING)
    async with hosting(trace.screen) as host:
        await host.press("k")
        del trace.entries[0]
        await refresh(host)
        assert "request 2," in host.text()
        assert host.screen.query_one(RequestRows).cursor == 0


async def test_w_shows_writes_only_and_all_again() -> None:
    async with hosting(Trace(READ, WRITE, PENDING).screen) as host:
        await host.press("w")
        assert "1 write" in host.lines()[0]
        assert "GET" not in host.text()
        await host.press("w")
        assert "3 requests" in host.lines()[0]


async def test_y_copies_the_selected_request_as_curl() -> None:
    copied: list[str] = []
    async with hosting(lambda: Trace(READ, WRITE).screen(copied)) as host:
        await host.press("y", "g", "y")
        assert [text.split()[2] for text in copied] == ["PUT", "GET"]


async def test_an_empty_log_says_so_and_copies_nothing() -> None:
    copied: list[str] = []
    async with hosting(lambda: Trace().screen(copied)) as host:
        assert "0 requests" in host.lines()[0]
        assert "No requests" in host.text()
        await host.press("y", "j", "G")
        assert copied == []


async def test_a_hostile_target_is_harmless() -> None:
    entry = replace(READ, target="/\x1b]52;c;AA\x07[/]", error="\x1b[2J[/]")
    async with hosting(Trace(entry).screen) as host:
        assert "␛]52;c;AA␇[/]" in host.text()
        assert "␛[2J[/]" in host.text()


@pytest.mark.parametrize("key", ["escape", "q", "@"])
async def test_it_closes(key: str) -> None:
    async with hosting(Trace(READ).screen) as host:
        await host.press(key)
        assert host.answers == [None]


async def test_it_works_in_a_tiny_terminal() -> None:
    async with hosting(Trace(READ, WRITE).screen, size=(20, 5)) as host:
        await host.press("k", "w", "y", "escape")
        assert host.answers == [None]
