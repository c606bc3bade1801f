"""What is typed survives the end of a run, and is offered to the next one."""

import platformdirs

from kvtui.records import StoredValue
from kvtui.server.store import NamespaceState
from kvtui.ui.screens.conflict import ConflictScreen
from kvtui.ui.screens.draft_screen import DraftScreen
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.screens.hex_editor import HexEditorScreen
from kvtui.ui.screens.menu import Menu
from kvtui.vault.draft_keeper import DraftKeeper
from kvtui.vault.drafts import FOLDER, Draft, Drafts, Form, LeftDraft
from kvtui.vault.journal_row import Place
from tests.support.client import client_on
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import content, put


def folder_of_drafts() -> Drafts:
    return Drafts(platformdirs.user_state_path("kvtui") / FOLDER)


def left_of(server: LocalServer) -> list[LeftDraft]:
    drafts = folder_of_drafts()
    found = drafts.left_behind("test", client_on(server).host)
    drafts.close()
    return found


def leave_draft(
    server: LocalServer,
    state: NamespaceState,
    key: str,
    base: bytes | None,
    text: bytes,
    form: Form = Form.TEXT,
) -> None:
    """Do as a run that was killed while somebody typed."""
    drafts = folder_of_drafts()
    place = Place("test", client_on(server).host, state.namespace.id, "my-cache", key)
    stored = None if base is None else StoredValue(base, "application/octet-stream")
    drafts.write(Draft(place, stored, text, form))
    drafts.close()


async def recover(app: AppDriver) -> None:
    await app.press("tab", "enter")


async def test_what_was_typed_is_kept_and_goes_when_it_is_saved(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.type("typed ")
        keeper: DraftKeeper | None = app.browser.workspace.drafts
        assert keeper is not None
        keeper.flush()
        (path,) = (platformdirs.user_state_path("kvtui") / FOLDER).iterdir()
        kept = path.read_bytes()
        await app.press("ctrl+s")
        await app.confirm()
        keeper.flush()

        assert b"typed base" in kept
        assert content(server, state, "k") == b"typed base"
        assert not path.exists()


async def test_a_draft_that_was_closed_is_offered_at_the_next_start(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.type("typed ")
        await app.press("escape")

    async with driving(server) as app:
        assert isinstance(app.app.screen, DraftScreen)
        assert "typed base" in app.screen_text()
        await recover(app)
        assert isinstance(app.app.screen, EditorScreen)
        assert app.editor_text() == "typed base"
        await app.press("ctrl+s")
        await app.confirm()
        assert content(server, state, "k") == b"typed base"

    assert left_of(server) == []


async def test_the_draft_of_a_run_that_was_killed_is_offered_and_can_be_discarded(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base"})
    leave_draft(server, state, "k", b"base", b"typed")

    async with driving(server) as app:
        assert isinstance(app.app.screen, DraftScreen)
        await app.press("tab", "tab", "enter")

        assert app.notices()[-1] == "The draft of k was discarded"
    assert left_of(server) == []


async def test_a_draft_left_for_later_is_offered_again_when_its_key_is_edited(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base"})
    leave_draft(server, state, "k", b"base", b"typed")

    async with driving(server) as app:
        await app.press("escape")
        assert len(left_of(server)) == 1
        await app.open("my-cache")
        await app.press("e")
        assert isinstance(app.app.screen, DraftScreen)
        await recover(app)

        assert app.editor_text() == "typed"
        assert content(server, state, "k") == b"base"


async def test_a_recovered_draft_meets_what_was_written_since_as_a_conflict(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "theirs"})
    leave_draft(server, state, "k", b"base", b"typed")

    async with driving(server) as app:
        await recover(app)
        await app.press("ctrl+s")
        await app.confirm()

        assert isinstance(app.app.screen, ConflictScreen)
        assert content(server, state, "k") == b"theirs"


async def test_a_draft_of_bytes_goes_on_as_bytes(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": b"\x00\x01\xff\x00\x01\xff"})
    leave_draft(server, state, "k", b"\x00\x01\xff\x00\x01\xff", b"\x00\x02\xff", Form.BYTES)

    async with driving(server) as app:
        await recover(app)
        assert isinstance(app.app.screen, HexEditorScreen)
        await app.press("ctrl+s")
        await app.confirm()

        assert content(server, state, "k") == b"\x00\x02\xff"


async def test_of_several_drafts_one_is_chosen_and_the_others_stay(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base", "other": "base"})
    leave_draft(server, state, "k", b"base", b"typed")
    leave_draft(server, state, "other", b"base", b"typed too")
    leave_draft(server, state, "fresh", None, b"a new key")

    async with driving(server) as app:
        assert isinstance(app.app.screen, Menu)
        assert "3 drafts of an earlier run" in app.screen_text()
        await app.press("1")
        assert isinstance(app.app.screen, DraftScreen)
        await recover(app)
        assert app.editor_text() == "a new key"

    assert len(left_of(server)) == 3


async def test_drafts_wait_while_writing_is_switched_off(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    leave_draft(server, state, "k", b"base", b"typed")

    async with driving(server, is_read_only=True) as app:
        assert app.notices() == ["1 draft of an earlier run: offered when writing is allowed"]
    assert len(left_of(server)) == 1
