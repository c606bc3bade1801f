"""Walking the keys of a namespace."""

from kvtui.server.options import ServerOptions
from tests.support.driver import driving
from tests.support.server import LocalServer, local_server
from tests.support.stored import put, put_many


async def test_keys_are_folded_at_the_separator(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"user/1": "a", "user/2": "b", "user": "c", "flag": "d"})

    async with driving(server) as app:
        await app.open("my-cache")

        labels = [line.split("  ")[0].strip() for line in app.key_lines()]
        assert labels == ["flag", "user", "▸ user/"]


async def test_opening_a_folder_shows_its_children_and_closing_it_hides_them(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"user/1": "a", "user/2": "b"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("enter")
        opened = [line.split()[0] for line in app.key_lines()]
        await app.press("h")

        assert opened == ["▾", "1", "2"]
        assert len(app.key_lines()) == 1


async def test_a_namespace_opens_with_one_request_and_scrolling_brings_the_next_page(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"k{number:05}" for number in range(3500)])

    async with driving(server) as app:
        await app.open("my-cache")
        listings = [target for target in app.targets() if "/keys?" in target]
        assert len(listings) == 1
        assert "1,000+ keys" in app.breadcrumb()

        await app.press("G")
        assert "2,000+ keys" in app.breadcrumb()

        for _ in range(3):
            await app.press("G")
        assert "3,500 keys" in app.breadcrumb()


async def test_a_filter_hides_what_does_not_match_and_escape_brings_it_back(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"user/1": "a", "user/2": "b", "flag": "c"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("/")
        await app.type("flag")
        filtered = app.key_lines()
        requests = app.request_count()
        await app.press("escape")

        assert [line.split()[0] for line in filtered] == ["flag"]
        assert len(app.key_lines()) == 2
        assert app.request_count() == requests


async def test_a_bad_regular_expression_is_a_field_error(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"user/1": "a"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("/")
        app.fill("re:(")
        await app.settle()

        assert "not a regular expression" in app.screen_text()


async def test_the_server_can_be_asked_for_a_prefix(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a{number:05}" for number in range(3000)] + ["zebra/1", "zoo"])

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("p")
        app.fill("z")
        await app.press("enter")

        assert [line.split("  ")[0] for line in app.key_lines()] == ["▸ zebra/", "zoo"]

        await app.press("escape")
        assert len(app.key_lines()) > 1000


async def test_an_exact_key_opens_without_listing_its_folder(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a{number:05}" for number in range(3000)])
    put(server, state, {"zebra/deep/key": '{"found": true}'})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("o")
        app.fill("zebra/deep/key")
        await app.press("enter")

        assert '"found": true' in app.value_text()
        assert any(line.startswith("key ") for line in app.key_lines())


async def test_the_folders_around_an_exact_key_are_listed_behind_it(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a/{number:05}" for number in range(40_000)])
    put_many(server, state, [f"z/b/{number:05}" for number in range(20_000)])
    put(server, state, {"z/deep/key": "1", "z/deep/other": "2"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("escape", "o")
        app.fill("z/deep/key")
        await app.press("enter")

        assert {"key", "other"} <= {line.split()[0] for line in app.key_lines()}
        row = app.browser.explorer.highlighted
        assert row is not None
        assert row.path == "z/deep/key"
        assert any(target.endswith("prefix=z%2Fdeep%2F") for target in app.targets())


async def test_an_exact_key_outside_the_prefix_shown_is_shown_too(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"user/1": "1", "other/2": "2"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("p")
        app.fill("user/")
        await app.press("enter")
        assert "Keys  my-cache  user/…" in app.screen_lines()[1]
        await app.press("o")
        app.fill("other/2")
        await app.press("enter")

        row = app.browser.explorer.highlighted
        assert row is not None
        assert row.path == "other/2"
        assert "user/…" not in app.screen_lines()[1]


async def test_refreshing_keeps_the_cursor_on_its_key(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"b": "1", "c": "2"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("j")
        put(server, state, {"a": "0"})
        await app.press("r")

        row = app.browser.explorer.highlighted
        assert row is not None
        assert row.path == "c"
        assert len(app.key_lines()) == 3


async def test_awkward_keys_are_shown_and_can_be_read(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a//b": "double", "/lead": "lead", "trail/": "trail"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("enter", "j")

        assert "∅/" in app.key_lines()[0]
        assert app.value_text().endswith("lead")


async def test_a_key_with_a_dot_segment_is_shown_and_never_requested(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, ["a/../b"])

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("enter", "j", "enter", "j")
        listing_only = app.request_count()
        await app.press("D", "e")

        assert any("cannot be addressed" in line for line in app.key_lines())
        assert app.request_count() == listing_only
        assert app.app.screen is app.browser


async def test_empty_places_say_why(server: LocalServer) -> None:
    server.namespace("empty")

    async with driving(server) as app:
        await app.open("empty")

        assert "No keys here yet" in app.screen_text()
        assert "creates one" in app.screen_text()


async def test_an_unready_namespace_says_why_nothing_can_be_listed() -> None:
    with local_server(
        ServerOptions(is_provisioning_failing=True, provisioning_seconds=0)
    ) as server:
        server.namespace("broken")

        async with driving(server) as app:
            await app.open("broken")

            assert "failed" in app.screen_text()
            (listed,) = app.namespace_lines()
            assert (listed[:8], listed[-6:]) == ("✗ broken", "failed")


async def test_sorting_by_size_puts_the_largest_first(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "1", "b": "1" * 500, "c": "1" * 50})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("s", "s")

        assert [line.split()[0] for line in app.key_lines()] == ["b", "c", "a"]


async def test_the_value_shown_is_of_the_row_that_a_filter_leaves_under_the_cursor(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "first", "zebra": "last"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("/")
        await app.type("zebra")

        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ zebra")
        assert app.value_text().endswith("last")


async def test_a_folder_opened_at_the_bottom_of_the_screen_shows_what_is_in_it(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a{number:02}" for number in range(60)])
    put_many(server, state, [f"zoo/animal{number}" for number in range(6)])

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("G", "enter")

        assert all(f"animal{number}" in app.screen_text() for number in range(6))
        row = app.browser.explorer.highlighted
        assert row is not None
        assert row.path == "zoo/"


async def test_a_long_name_is_worth_more_than_its_age(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"numbers-and-duplicates": "1", "short": "2"})

    async with driving(server) as app:
        await app.open("my-cache")

        assert "numbers-and-duplicates" in app.screen_text()
        assert "2 B        now" in app.screen_text() or "1 B        now" in app.screen_text()


async def test_everything_under_a_folder_is_loaded_after_an_estimate(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a/{number:05}" for number in range(40_000)] + ["b"])

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("L")
        assert "a million keys take 1,000 requests" in app.screen_text()
        await app.confirm()

        assert app.key_lines()[0].endswith(" 40,000")
        assert "40,001+ keys" in app.breadcrumb()


async def test_sizes_are_ranked_and_lead_to_the_folder(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a/1": "x" * 10, "b/big/1": "x" * 500, "c": "x" * 100})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("G", "S")
        rows = [line for line in app.screen_lines() if "%" in line]
        assert [row.split()[-1] for row in rows] == ["b/", "c", "a/"]
        assert "82.0%" in rows[0]

        await app.press("enter", "o")
        row = app.browser.explorer.highlighted
        assert row is not None
        assert row.path == "b/big/"


async def test_what_changed_since_the_listing_before_is_marked(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"changed": "1", "gone": "2", "same": "3"})

    async with driving(server) as app:
        await app.open("my-cache")
        put(server, state, {"changed": "22", "new": "4"})
        server.store.delete(state, "gone")
        await app.press("c")

        signs = {line.split()[0]: line for line in app.key_lines()}
        assert "~" in signs["changed"]
        assert "-" in signs["gone"]
        assert "+" in signs["new"]
        assert "1 new, 1 changed, 1 gone" in app.screen_text()

        await app.press("r")
        assert [line.split()[0] for line in app.key_lines()] == ["changed", "new", "same"]
        assert not any(sign in line for line in app.key_lines() for sign in "~+")


TREE = {"alpha": "1", "beta/x/one": "2", "beta/x/two": "3", "gamma": "4", "zeta": "5"}


async def test_a_filter_goes_to_the_first_key_it_leaves_and_escape_back_to_where_it_was(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), TREE)
    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("G")
        await app.press("/")
        await app.type("beta")
        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ beta/ ▸ x/ ▸ one")
        await app.type("x")
        assert app.browser.explorer.highlighted is None
        await app.press("escape")
        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ zeta")
        assert [line.split()[-2:] for line in app.key_lines()][1:2] == [["beta/", "2"]]


async def test_what_was_chosen_in_a_filter_stays_under_the_cursor_when_the_filter_goes(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), TREE)
    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("G")
        await app.press("/")
        await app.type("beta")
        await app.press("enter")
        await app.press("j")
        await app.press("escape")
        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ beta/ ▸ x/ ▸ two")
        assert [line.split()[0] for line in app.key_lines()] == [
            "alpha", "▾", "▾", "one", "two", "gamma", "zeta",
        ]  # fmt: skip
