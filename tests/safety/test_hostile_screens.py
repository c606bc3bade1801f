"""Hostile keys, values, names and answers on every screen: only text, and word for word."""

import json
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from textual.screen import Screen

from kvtui.server.app import LocalApi
from kvtui.server.store import NewEntry
from kvtui.server.timestamps import key_timestamp
from kvtui.ui.screens.conflict import ConflictScreen
from kvtui.ui.screens.diff import DiffScreen
from kvtui.ui.screens.draft_screen import DraftScreen
from kvtui.ui.screens.menu import Menu
from tests.support.dose import Dose
from tests.support.driver import AppDriver, driving
from tests.support.server import AT_ONCE, LocalServer, local_server
from tests.support.stored import put

ATTACKS = (
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]0;title\x1b\\",
    "\x1b[2J\x1b[H\x1b[31m",
    "\x1bP+q544e\x1b\\\x1bc",
    "\x9b31m\x9d52;c;aGk=\x9c",
    "\u202enimda\u202c\u2066x\u2069",
    "a\u200b\ufeff\u00ad\u2028b",
    "\r\x0b\x0c\x08\x07\x7f\x00",
)
MARKUP = (
    "[/]",
    "[/red]",
    "[",
    "[red]x",
    "[@click=app.quit]x[/]",
    "[link=https://evil.example]x[/]",
    "[b][/i]",
    "[/",
    "[]",
    "[[]]",
    "[$primary]x",
    "[on red]x[/]",
    "[#ff0000]x",
    "[bold not bold]",
    "[@click=screen.dismiss]x",
    "[link='x'",
    "\\[/]",
    "[true,false]",
    '{"a":[/]}',
    "[reverse]x[/reverse]",
    "[/link]",
    "[@]",
)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def harm_in(text: str) -> list[str]:
    """Give what no cell of a screen may hold."""
    return [
        ascii(character)
        for character in text
        if character != "\n" and unicodedata.category(character) in HIDDEN
    ]


class Walk:
    """Looks at every screen it comes to."""

    def __init__(self, app: AppDriver) -> None:
        self.app = app
        self.look_count = 0

    async def look(self, *keys: str) -> str:
        """Press keys, and look at what comes."""
        await self.app.press(*keys)
        text = self.app.screen_text()
        assert harm_in(text) == [], text
        assert self.app.live_parts() == []
        self.look_count += 1
        return text

    def is_on(self, kind: type[Screen[Any]]) -> bool:
        return isinstance(self.app.app.screen, kind)

    async def count(self, text: str, *keys: str) -> int:
        """Press keys, and count how often a text is on the screen that comes."""
        return (await self.look(*keys)).count(text)

    async def look_into(self, *keys: str) -> str:
        """Look at what keys open, and close it."""
        text = await self.look(*keys)
        await self.look("escape")
        return text


NAME = "n[/]\x1b[2J\u202e"


def fill(server: LocalServer, source: random.Random, count: int) -> None:
    """Store hostile keys, and hostile values under keys that can be read."""
    state = server.namespace(NAME)
    now = key_timestamp(int(server.store.clock() * 1e9))
    hostile = [*ATTACKS, *MARKUP]
    entries = [NewEntry(f"evil{text}/k{text}", b"", now) for text in hostile]
    entries += [NewEntry(f"z{text}", b"", now) for text in hostile]
    server.store.insert(state, entries)
    for number in range(count):
        text = "\n".join(f"{text} {source.choice(hostile)}" for text in source.sample(hostile, 6))
        value = json.dumps({text: [text]}, ensure_ascii=False) if number % 2 else text
        put(server, state, {f"a{number:05}": value})


async def test_every_screen_shows_hostile_keys_and_names_as_text(server: LocalServer) -> None:
    fill(server, random.Random(1), 2)

    async with driving(server, size=(80, 24)) as app:
        walk = Walk(app)
        assert "n[/]␛[2J⟨202E⟩" in app.namespace_lines()[0]
        assert "[/]" in await walk.look_into("i")
        assert "[/]␛[2J" in await walk.look("D")
        await walk.look("escape")
        await app.open(NAME)
        keys = app.key_lines()
        assert harm_in("\n".join(keys)) == []
        for text in MARKUP:
            folder = text.partition("/")[0]
            assert [key for key in keys if f"z{folder}" in key], text
        for move in ("g", "G", "k"):
            await walk.look(move)
            for key in ("y", "D", "R", "p"):
                await walk.look_into(key)
        await app.select("evil[@click=app.quit]x[")
        assert "[@click=app.quit]x[" in await walk.look("l")
        for key in ("@", "S", "/", "e", "b", "c"):
            await walk.look_into(key)
        assert app.browser.is_current
        assert [notice for notice in app.notices() if harm_in(notice)] == []
    assert walk.look_count > 40


@pytest.mark.parametrize(
    "count", [6, pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.timeout(3600)])]
)
async def test_every_view_shows_hostile_values_as_text(count: int) -> None:
    dose = Dose("hostile-values", count)
    is_full = count >= 100
    while part := list(islice(dose.rounds_left() if is_full else range(count), 50)):
        with local_server() as server:
            fill(server, random.Random(part[0]), len(part))
            async with driving(server, size=(80, 24), namespace=NAME) as app:
                walk = Walk(app)
                for _ in part:
                    shown = {await walk.look(*keys) for keys in ((), "]", "]", "]")}
                    assert len(shown) > 1
                    if is_full:
                        dose.add(looks=4)
                    await app.press("j")
        if not is_full:
            break


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "texts", [MARKUP[::5], pytest.param(MARKUP, marks=pytest.mark.full)], ids=["some", "all"]
)
async def test_editors_diffs_conflicts_and_drafts_show_markup_letter_by_letter(
    server: LocalServer, texts: Sequence[str]
) -> None:
    state = server.namespace(NAME)
    values = {f"k{number:02}": f"{text}\n{text}" for number, text in enumerate(texts)}
    put(server, state, dict(values))

    async with driving(server, size=(120, 24), namespace=NAME) as app:
        walk = Walk(app)
        for (key, value), text in zip(values.items(), texts, strict=True):
            assert await walk.count(text, "e") >= 2
            assert await walk.count(text, "X", "ctrl+s") >= 2
            assert walk.is_on(DiffScreen)
            put(server, state, {key: f"theirs {value}"})
            await app.confirm()
            assert walk.is_on(ConflictScreen)
            assert await walk.count(text) >= 6
            await walk.look("escape", "escape")
            await app.press("j")
        assert [notice for notice in app.notices() if harm_in(notice)] == []

    async with driving(server, size=(120, 24), namespace=NAME) as app:
        walk = Walk(app)
        assert walk.is_on(Menu)
        await walk.look("escape")
        for text in texts:
            assert await walk.count(text, "e") >= 2
            assert walk.is_on(DraftScreen)
            await walk.look("escape", "escape")
            await app.press("j")


class HostileErrors(LocalApi):
    """Refuses to give a value, in the worst words that HTTP lets through."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "/keys/" not in scope.get("path", ""):
            await super().__call__(scope, receive, send)
            return
        words = "".join([*ATTACKS, *MARKUP])
        error = {"code": words, "title": words, "detail": words}
        headers = {"x-request-id": "[/]\x9b31m[@click=app.quit]", "retry-after": "[/]"}
        await JSONResponse({"errors": [error]}, 400, headers)(scope, receive, send)


async def test_hostile_errors_and_headers_are_shown_as_text(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1", "b": "2"})
    hostile = replace(server, app=HostileErrors(server.store, AT_ONCE, server.token))

    async with driving(hostile, size=(80, 24)) as app:
        walk = Walk(app)
        await app.open("my-cache")
        assert "[/]" in await walk.look()
        assert "[/]" in await walk.look_into("@")
        for key in ("r", "D", "e", "y"):
            await walk.look_into(key)
        assert [notice for notice in app.notices() if harm_in(notice)] == []
