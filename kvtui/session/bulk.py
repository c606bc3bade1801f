"""Deletes many keys from an explicit list: every one looked at again, nothing else touched.

A plan is made once, by listing; what is written later is not in it. Each key is read again, its
entry compared with the plan, and only then deleted, so that what somebody changed meanwhile stays.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from kvtui.errors import (
    AuthenticationError,
    KeyNotAddressableError,
    KvtuiError,
    MalformedResponseError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
    ReadOnlyError,
    ServerError,
    SettingsError,
    VaultError,
)
from kvtui.protocol import MAX_KEYS_LIMIT, SEPARATOR
from kvtui.records import KeyEntry, Namespace, Priority
from kvtui.session.client import Client
from kvtui.session.editing import Edit, Editing, Finding, Sleep
from kvtui.session.gathering import all_pages
from kvtui.session.listing import KeyPager
from kvtui.session.side_by_side import side_by_side
from kvtui.vault.plans import DeletionPlan, KeyState, PlanHead, PlannedKey

MAX_FAILURES_IN_A_ROW: Final = 5
MAX_PAGES_TO_FIND_A_KEY: Final = 10
RATE_LIMIT_TRIES: Final = 8

_LASTING: Final = (ReadOnlyError, VaultError, AuthenticationError, PermissionDeniedError)
"""What would befall every other key too."""
_OPEN: Final = (KeyState.PENDING, KeyState.STARTED)
_AGAIN: Final = (KeyState.FAILED, KeyState.UNKNOWN)


class BulkDeletion:
    """Plans and carries out deletions through one client; `plans` is the folder they are kept in.

    `epoch` and `sleep` are seams for tests.
    """

    def __init__(
        self,
        client: Client,
        editing: Editing,
        plans: Path,
        *,
        epoch: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._editing = editing
        self._plans = plans
        self._epoch = epoch
        self._sleep = sleep

    async def list_folder(
        self, namespace: Namespace, prefix: str
    ) -> AsyncGenerator[list[KeyEntry], None]:
        """Give what is in a folder, page by page; never what only begins like it."""
        if not prefix.endswith(SEPARATOR):
            raise SettingsError(f"a folder ends with {SEPARATOR}: {prefix}{SEPARATOR}")
        async for page in all_pages(self._client, namespace.id, prefix):
            yield list(page.entries())

    def plan(
        self, namespace: Namespace, entries: Iterable[KeyEntry], *, prefix: str = ""
    ) -> DeletionPlan:
        """Write down which keys are to be deleted."""
        made_at = datetime.fromtimestamp(self._epoch(), UTC).isoformat(timespec="seconds")
        head = PlanHead(namespace.id, namespace.name, self._client.base_url, prefix, made_at)
        return DeletionPlan.create(self._plans, head, entries)

    def resume(self, namespace: Namespace, path: Path) -> DeletionPlan:
        """Open a plan that was not finished; it must be for this namespace at this endpoint."""
        plan = DeletionPlan.open(path)
        if (plan.head.namespace_id, plan.head.base_url) != (namespace.id, self._client.base_url):
            plan.close()
            raise SettingsError(
                f"{path} is for {plan.head.namespace} ({plan.head.namespace_id})"
                f" at {plan.head.base_url}"
            )
        return plan

    async def run(
        self, namespace: Namespace, plan: DeletionPlan, *, is_retry: bool = False
    ) -> AsyncGenerator[PlannedKey, None]:
        """Delete what is left of a plan, or (as a retry) what failed; give each key when settled.

        Ends early after five failures in a row, and raises what would befall every other key too.
        However it ends, the plan says what was done, and can be run again.
        """
        waiting = plan.in_state(*(_AGAIN if is_retry else _OPEN))
        failures_in_a_row = 0
        async with aclosing(
            side_by_side(waiting, partial(self._settle, namespace, plan))
        ) as settled:
            async for planned in settled:
                yield planned
                failures_in_a_row = failures_in_a_row + 1 if planned.state in _AGAIN else 0
                if failures_in_a_row >= MAX_FAILURES_IN_A_ROW:
                    return

    async def _settle(
        self, namespace: Namespace, plan: DeletionPlan, planned: PlannedKey
    ) -> PlannedKey:
        """Find out what becomes of one key, and take note of it."""
        try:
            return await self._unhurried(namespace, plan, planned)
        except _LASTING:
            raise
        except KeyNotAddressableError as error:
            return plan.note(planned.key, KeyState.SKIPPED, str(error))
        except OutcomeUnknownError as error:
            return plan.note(planned.key, KeyState.UNKNOWN, str(error))
        except KvtuiError as error:
            return plan.note(planned.key, KeyState.FAILED, str(error))

    async def _unhurried(
        self, namespace: Namespace, plan: DeletionPlan, planned: PlannedKey
    ) -> PlannedKey:
        """Try again where the server only asks for patience: then nothing was done."""
        for _ in range(RATE_LIMIT_TRIES):
            try:
                return await self._delete(namespace, plan, planned)
            except RateLimitedError as error:
                await self._sleep(error.retry_after_seconds or 1.0)
        return await self._delete(namespace, plan, planned)

    async def _delete(
        self, namespace: Namespace, plan: DeletionPlan, planned: PlannedKey
    ) -> PlannedKey:
        key = planned.key
        edit = await self._editing.begin(namespace, key)
        if edit.base is None:
            was_sent = planned.state in {KeyState.STARTED, KeyState.UNKNOWN}
            state = KeyState.DONE if was_sent else KeyState.SKIPPED
            return plan.note(key, state, "gone already")
        if change := await self._change(edit, planned):
            return plan.note(key, KeyState.SKIPPED, change)
        plan.note(key, KeyState.STARTED)
        try:
            report = await self._editing.delete(edit)
        except (ServerError, MalformedResponseError) as error:
            return plan.note(key, KeyState.UNKNOWN, str(error))
        if report.finding is Finding.DONE:
            return plan.note(key, KeyState.DONE)
        return plan.note(key, KeyState.UNKNOWN, f"no answer came: {report.finding.value}")

    async def _change(self, edit: Edit, planned: PlannedKey) -> str:
        """Say how a key differs from the plan; empty where it does not.

        The entry is looked at after the value was read: where its time is that of the plan, what
        was read is what the plan is about.
        """
        size_bytes = len(edit.base.content) if edit.base is not None else None
        if planned.size_bytes not in {None, size_bytes}:
            return "changed since the plan was made"
        if planned.updated_at is None:
            return ""
        entry = await self._entry(edit.namespace, edit.key)
        if entry is None:
            return "not in the listing any more"
        return "" if entry.updated_at == planned.updated_at else "changed since the plan was made"

    async def _entry(self, namespace: Namespace, key: str) -> KeyEntry | None:
        """Look a key up; in byte order it is the first that begins with its own name."""
        for limit, page_count in ((1, 1), (MAX_KEYS_LIMIT, MAX_PAGES_TO_FIND_A_KEY)):
            pager = KeyPager(self._client, namespace.id, key, limit)
            for _ in range(page_count):
                page = await pager.next_page(Priority.BACKGROUND)
                if page is None:
                    return None
                for entry in page.entries():
                    if entry.key == key:
                        return entry
        return None
