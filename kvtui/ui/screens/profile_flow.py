"""Profiles in the browser: arming writes for a while, and going over to another profile."""

import asyncio
from collections.abc import Callable
from typing import Final

from textual.content import Content

from kvtui.errors import KvtuiError
from kvtui.ui.opening import Opening
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.menu import Menu
from kvtui.ui.screens.problem import Problem
from kvtui.ui.screens.stage import Stage
from kvtui.ui.text import line, plain

ARMED_SECONDS: Final = 600.0
_LETTERS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


class ProfileFlow:
    """Asks before anything becomes possible that was not."""

    def __init__(self, stage: Stage, opening: Opening) -> None:
        self._stage = stage
        self._opening = opening

    async def arm(self) -> None:
        """Arm writes on a production profile, or disarm them."""
        workspace = self._stage.workspace
        if not workspace.needs_arming:
            off = "Read-only: it cannot be armed here"
            self._stage.tell(off if workspace.is_read_only else "Nothing to arm: writes are on")
            return
        if workspace.armed_seconds:
            workspace.disarm()
            self._stage.tell("Writes are disarmed")
        elif await self._stage.ask(self._confirm()):
            workspace.arm(ARMED_SECONDS)
            self._stage.tell(f"Writes are armed for {ARMED_SECONDS / 60:.0f} minutes · W disarms")
        self._stage.place_changed()

    async def switch(
        self, unsaved: Callable[[], tuple[str, ...]], go: Callable[[Opening], None]
    ) -> None:
        """Choose another profile; `go` goes over to it."""
        switch = self._opening.switch
        if switch is None or not self._opening.profiles:
            self._stage.tell("There are no profiles: config.toml can hold some, [profiles.NAME]")
            return
        rows = [
            (letter, f"{profile.name}  {profile.words}", profile.name)
            for letter, profile in zip(_LETTERS, self._opening.profiles, strict=False)
        ]
        name = await self._stage.ask(Menu("Switch profile", rows))
        if name is None or not await self._may_leave(unsaved()):
            return
        try:
            opening = await asyncio.to_thread(switch, name)
        except KvtuiError as error:
            await self._stage.ask(Problem(f"Profile {name}", sentence(error)))
            return
        if opening.connect is None:
            await self._stage.ask(Problem(f"Profile {name}", "No API key was found for it"))
            return
        go(opening)

    async def _may_leave(self, unsaved: tuple[str, ...]) -> bool:
        if not unsaved:
            return True
        kept = Content("Not saved; drafts are kept and offered when you come back:")
        lines = [kept, *(plain(f"  {what}") for what in unsaved)]
        question = Confirm("Switch profile", lines, action="Switch")
        return await self._stage.ask(question) is True

    def _confirm(self) -> Confirm:
        workspace = self._stage.workspace
        minutes = f"{ARMED_SECONDS / 60:.0f} minutes"
        return Confirm(
            "Arm writes on production",
            [
                Content.assemble("Profile  ", (line(workspace.profile), "bold")),
                Content(f"At       {line(workspace.host)}"),
                Content(""),
                Content(f"For {minutes} values can be changed and deleted here. Then writes"),
                Content("are disarmed by themselves; W disarms them before."),
            ],
            action=f"Arm for {minutes}",
        )
