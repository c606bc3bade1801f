"""Production profiles, arming, and going over to another profile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import platformdirs

from kvtui.api.client import KvClient
from kvtui.errors import SettingsError
from kvtui.records import StoredValue
from kvtui.secret import Secret
from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening, ProfileChoice
from kvtui.ui.screens.browser import BrowserScreen
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.draft_screen import DraftScreen
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.screens.problem import Problem
from kvtui.vault.draft_keeper import DraftKeeper
from kvtui.vault.drafts import FOLDER, Draft, Drafts
from kvtui.vault.journal_row import Place
from tests.support.clock import VirtualClock
from tests.support.driver import AppDriver
from tests.support.server import BASE_URL, TOKEN, LocalServer
from tests.support.stored import content, put


class Town:
    """Two profiles on two servers: one production, one not; a third cannot be opened."""

    def __init__(self, server: LocalServer, *, is_read_only: bool = False) -> None:
        self.server = server
        self.state = server.namespace("my-cache")
        put(server, self.state, {"k": "value"})
        self.clock = VirtualClock()
        self._is_read_only = is_read_only

    def opening(self, name: str) -> Opening:
        if name == "broken":
            raise SettingsError("others can read the key file")
        is_production = name == "prod"

        async def connect() -> Workspace:
            client = KvClient(
                BASE_URL,
                Secret(TOKEN),
                transport=httpx.ASGITransport(self.server.app),
                is_read_only=self._is_read_only,
                clock=self.clock,
            )
            client.needs_arming = is_production
            folder = platformdirs.user_state_path("kvtui")
            return Workspace(
                client,
                profile=name,
                state_folder=folder,
                drafts=lambda: DraftKeeper(Drafts(folder / FOLDER)),
            )

        return Opening(
            connect,
            connect,
            profile=name,
            host=f"{name}.example",
            is_production=is_production,
            colour="red" if is_production else None,
            profiles=tuple(ProfileChoice(other, "") for other in ("prod", "dev", "broken")),
            switch=self.opening,
        )


@asynccontextmanager
async def at(town: Town, profile: str) -> AsyncIterator[AppDriver]:
    app = KvtuiApp(town.opening(profile))
    async with app.run_test(size=(120, 32)) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        yield driver


async def delete_key(app: AppDriver) -> None:
    await app.press("D")
    if isinstance(app.app.screen, Confirm):
        await app.confirm()


async def test_production_says_so_and_refuses_writes_until_they_are_armed(
    server: LocalServer,
) -> None:
    town = Town(server)
    async with at(town, "prod") as app:
        assert "prod PRODUCTION" in app.breadcrumb()
        assert " RO " in app.breadcrumb()
        await app.open("my-cache")
        await delete_key(app)
        assert app.writes() == []
        assert any("W arms writes" in notice for notice in app.notices())

        await app.press("W")
        await app.confirm()
        assert "RW armed 10:00" in app.breadcrumb()
        await delete_key(app)
        assert content(server, town.state, "k") is None


async def test_drafts_that_waited_are_offered_once_writes_are_armed(server: LocalServer) -> None:
    town = Town(server)
    left = Drafts(platformdirs.user_state_path("kvtui") / FOLDER)
    namespace = town.state.namespace
    place = Place("prod", urlsplit(BASE_URL).netloc, namespace.id, namespace.name, "k")
    left.write(Draft(place, StoredValue(b"value"), b"typed"))
    left.close()

    async with at(town, "prod") as app:
        await app.press("W", "escape")
        assert isinstance(app.app.screen, BrowserScreen)
        await app.press("W")
        await app.confirm()
        assert isinstance(app.app.screen, DraftScreen)
        await app.press("tab", "enter")
        assert app.editor_text() == "typed"


async def test_enter_alone_does_not_arm(server: LocalServer) -> None:
    async with at(Town(server), "prod") as app:
        await app.press("W", "enter")
        assert " RO " in app.breadcrumb()


async def test_arming_ends_by_itself_also_for_a_question_that_is_open(server: LocalServer) -> None:
    town = Town(server)
    async with at(town, "prod") as app:
        await app.open("my-cache")
        await app.press("W")
        await app.confirm()
        town.clock.advance(240)
        app.browser.place_changed()
        assert "RW armed 6:00" in app.breadcrumb()
        await app.press("D")
        town.clock.advance(400)
        await app.confirm()

        assert content(server, town.state, "k") == b"value"
        assert app.writes() == []
        assert isinstance(app.app.screen, Problem)
        await app.press("escape")
        assert " RO " in app.breadcrumb()


async def test_w_disarms_what_is_armed(server: LocalServer) -> None:
    async with at(Town(server), "prod") as app:
        await app.press("W")
        await app.confirm()
        await app.press("W")
        assert " RO " in app.breadcrumb()


async def test_what_is_read_only_cannot_be_armed(server: LocalServer) -> None:
    town = Town(server, is_read_only=True)
    async with at(town, "dev") as app:
        await app.press("W")
        assert any("cannot be armed" in notice for notice in app.notices())


async def test_another_profile_is_chosen_from_a_menu(server: LocalServer) -> None:
    async with at(Town(server), "dev") as app:
        await app.press("P", "1")
        await app.until(lambda: "prod PRODUCTION" in app.breadcrumb())
        await app.settle()
        assert " RO " in app.breadcrumb()
        assert len(app.app.screen_stack) == 1
        await app.open("my-cache")
        assert app.key_lines()[0].startswith("k")


async def test_a_profile_that_cannot_be_opened_leaves_everything_as_it_was(
    server: LocalServer,
) -> None:
    async with at(Town(server), "dev") as app:
        await app.press("P", "3")
        await app.until(lambda: isinstance(app.app.screen, Problem))
        assert "others can read the key file" in app.screen_text()
        await app.press("escape")
        assert " dev " in app.breadcrumb()


async def test_an_edit_outlives_the_end_of_arming(server: LocalServer) -> None:
    town = Town(server)
    async with at(town, "prod") as app:
        await app.open("my-cache")
        await app.press("W")
        await app.confirm()
        await app.press("e")
        await app.write("mine")
        town.clock.advance(700)
        await app.press("ctrl+s")
        await app.confirm()
        while isinstance(app.app.screen, Problem):
            await app.press("escape")

        assert content(server, town.state, "k") == b"value"
        assert app.writes() == []
        if not isinstance(app.app.screen, EditorScreen):
            await app.press("W")
            await app.confirm()
            await app.press("e")
        assert app.editor_text() == "mine"


async def test_a_draft_waits_for_whoever_goes_to_another_profile_and_comes_back(
    server: LocalServer,
) -> None:
    async with at(Town(server), "dev") as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("half done")
        await app.press("escape", "P", "1")
        assert "a draft of k" in app.screen_text()
        assert "lost" not in app.screen_text()
        await app.confirm()
        await app.until(lambda: "prod PRODUCTION" in app.breadcrumb())
        await app.settle()
        await app.press("P", "2")
        await app.until(lambda: isinstance(app.app.screen, DraftScreen))
        await app.settle()
        assert "half done" in app.screen_text()
