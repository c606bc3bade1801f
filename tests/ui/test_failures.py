"""What a person sees when something is wrong."""

from kvtui.server.options import RateLimit, ServerOptions
from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from tests.support.driver import AppDriver, driving, workspace_on
from tests.support.server import LocalServer, local_server
from tests.support.stored import put


async def test_without_a_key_the_welcome_says_how_to_give_one_and_d_opens_the_demo(
    server: LocalServer,
) -> None:
    server.namespace("sample")

    async def start_demo() -> Workspace:
        return workspace_on(server)

    app = KvtuiApp(Opening(connect=None, start_demo=start_demo))
    async with app.run_test(size=(80, 24)) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        assert "TELNYX_API_KEY" in driver.screen_text()

        await driver.press("d")
        assert "sample" in driver.screen_text()


async def test_a_rejected_key_is_a_banner(server: LocalServer) -> None:
    async with driving(server, token="KEYwrong") as app:
        assert "API key rejected" in app.breadcrumb()
        assert "KEYwrong" not in app.screen_text()


async def test_a_key_that_is_gone_says_so_and_is_marked(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "1", "b": "2"})

    async with driving(server) as app:
        await app.open("my-cache")
        server.store.delete(state, "b")
        await app.press("j")

        assert "deleted or has expired" in app.browser.value.message
        assert app.key_lines()[1].split()[1] == "-"
        assert app.app.screen is app.browser


async def test_server_failures_are_one_sentence_and_r_tries_again() -> None:
    with local_server(ServerOptions(provisioning_seconds=0, fail_percent=100)) as server:
        server.namespace("my-cache")
        async with driving(server) as app:
            assert "Traceback" not in app.screen_text()
            assert "500" in app.screen_text() or "failed" in app.screen_text()
            await app.press("r")
            assert app.app.screen is app.browser


async def test_hostile_text_reaches_the_screen_only_as_symbols(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    hostile = "\x1b]52;c;aGk=\x07\x1b[2J[/red][@click=app.quit]x[/]\u202e\u009b"
    put(server, state, {"k": hostile})

    async with driving(server) as app:
        await app.open("my-cache")
        shown = app.screen_text()

        assert "␛]52;c;aGk=␇␛[2J[/red][" in shown
        assert not any(char in shown for char in "\x1b\x07\u202e\u009b")


async def test_a_rate_limit_is_waited_out() -> None:
    options = ServerOptions(provisioning_seconds=0, rate_limit=RateLimit(3, 1.0))
    with local_server(options) as server:
        state = server.namespace("my-cache")
        put(server, state, {"a": "1", "b": "2", "c": "3"})
        async with driving(server) as app:
            await app.open("my-cache")
            await app.press("j")
            await app.press("j")

            assert app.value_text().endswith("3")
