"""Screen states worth defending. CONTRIBUTING says how they are renewed."""

import pytest

from kvtui.records import StoredValue
from kvtui.ui.app import LIGHT
from kvtui.ui.screens.conflict import ConflictScreen
from kvtui.ui.screens.editor import EditorScreen
from kvtui.values.looks import View
from tests.snapshots.conftest import JSON, PROFILE, LooksAsBefore, Shop
from tests.support.driver import AppDriver


async def go_to(app: AppDriver, key: str) -> None:
    await app.press("o")
    app.fill(key)
    await app.press("enter", "2")


async def show_profile(app: AppDriver) -> None:
    await app.open("my-cache")
    await go_to(app, "user/1/profile")


async def edit_profile(app: AppDriver) -> None:
    await show_profile(app)
    await app.press("e")
    await app.write(app.editor_text().replace("42", "43"))


def test_browser(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(show_profile)


def test_browser_in_light(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(show_profile, theme=LIGHT)


def test_browser_in_ascii(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(show_profile, is_ascii=True)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (20, 5)], ids=["80x24", "60x20", "20x5"])
def test_browser_in_small(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(show_profile, size=size)


def test_namespaces_over_the_panes(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await show_profile(app)
        await app.press("1")

    assert looks_as_before(steps, size=(80, 24))


def test_hex(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await app.open("my-cache")
        await go_to(app, "user/1/picture")
        await app.press("3", "f")
        while app.browser.value.view != View.HEX:
            await app.press("]")

    assert looks_as_before(steps)


def test_info(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await show_profile(app)
        await app.press("[")

    assert looks_as_before(steps)


def test_hostile_text(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await app.open("my-cache")
        await go_to(app, "hostile")

    assert looks_as_before(steps)


def test_editor(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await edit_profile(app)
        assert isinstance(app.app.screen, EditorScreen)
        app.app.screen.look_at_text()
        await app.settle()

    assert looks_as_before(steps)


def test_diff(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await edit_profile(app)
        await app.press("ctrl+s")

    assert looks_as_before(steps)


def test_conflict(looks_as_before: LooksAsBefore, shop: Shop) -> None:
    async def steps(app: AppDriver) -> None:
        await edit_profile(app)
        theirs = StoredValue(PROFILE.replace(b"42", b"41"), JSON)
        shop.server.store.put(shop.cache, "user/1/profile", theirs)
        await app.press("ctrl+s")
        await app.confirm()
        assert isinstance(app.app.screen, ConflictScreen)

    assert looks_as_before(steps)


def test_deleting_a_namespace(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await app.open("my-cache")
        await app.press("1", "D")

    assert looks_as_before(steps, size=(80, 24))


def test_request_log(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await show_profile(app)
        await app.press("@")

    assert looks_as_before(steps)


def test_help(looks_as_before: LooksAsBefore) -> None:
    async def steps(app: AppDriver) -> None:
        await app.press("?")

    assert looks_as_before(steps, size=(80, 24))


def test_welcome(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(size=(80, 24), connect=None)


def test_rejected_key(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(size=(80, 24), token="KEYwrong")


@pytest.mark.parametrize("name", ["new", "staging"], ids=["empty", "pending"])
def test_nothing_to_list(looks_as_before: LooksAsBefore, name: str) -> None:
    async def steps(app: AppDriver) -> None:
        await app.open(name)

    assert looks_as_before(steps)
