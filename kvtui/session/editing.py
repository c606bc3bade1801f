"""Reads and writes one key with care: look again, keep what is there, write, read back.

The API has no conditional write: between looking again and the write being applied somebody else
may write, and no client can see it. What can be seen is told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Final

from kvtui.errors import (
    KvtuiError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
)
from kvtui.protocol import DEFAULT_CONTENT_TYPE
from kvtui.records import Namespace, PutOutcome, StoredValue
from kvtui.session.client import Client
from kvtui.session.journaling import Journaling
from kvtui.vault.journal_row import RowState

LATE_WRITE_SECONDS: Final = 2.0
"""How long a write without an answer may still be on its way before its key is read again."""
LIMITED_TRIES: Final = 4
LIMITED_SECONDS: Final = 20.0
"""How long somebody waits for a write that a rate limit refused, before being told."""

Sleep = Callable[[float], Awaitable[None]]
Write = Callable[[], Awaitable["WriteReport"]]


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit began from; it belongs to this key whatever is selected later."""

    namespace: Namespace
    key: str
    base: StoredValue | None
    """The value as it was read; None for a key that did not exist."""

    @property
    def content_type(self) -> str:
        """What a save sends back: the type that was read, or the API's default."""
        if self.base is None or self.base.content_type is None:
            return DEFAULT_CONTENT_TYPE
        return self.base.content_type


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key is not what the edit began from."""

    edit: Edit
    theirs: StoredValue | None
    """What is stored now; None when the key is gone."""


class Finding(Enum):
    """What is known after a write, because the key was read back."""

    DONE = "done"
    """The server holds exactly what was sent."""
    NOT_APPLIED = "not applied"
    """No answer came, and the server still holds what was there before: so far."""
    OVERTAKEN = "overtaken"
    """The server holds something else: somebody wrote after, or instead."""
    UNVERIFIED = "unverified"
    """The server said that it was done, and then could not be asked again."""


@dataclass(frozen=True, slots=True)
class WriteReport:
    """How a write ended."""

    finding: Finding
    outcome: PutOutcome | None
    """As the server answered; None for a delete, or where no answer came."""
    stored: StoredValue | None
    """What was read back; None when the key does not exist."""


_APPLIED: Final = frozenset({Finding.DONE, Finding.UNVERIFIED})


class Editing:
    """The careful writes of one client; `sleep` is a seam for tests.

    With `journaling`, what a write replaces is kept before the write is sent, and nothing is sent
    where it cannot be kept.
    """

    def __init__(
        self,
        client: Client,
        journaling: Journaling | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.journaling = journaling
        self._client = client
        self._sleep = sleep

    async def read(self, namespace: Namespace, key: str) -> StoredValue | None:
        """Read a value, or give None when the key does not exist."""
        try:
            return await self._client.get_value(namespace.id, key)
        except NotFoundError:
            return None

    async def begin(self, namespace: Namespace, key: str) -> Edit:
        """Read what an edit begins from."""
        return Edit(namespace, key, await self.read(namespace, key))

    async def conflict(self, edit: Edit) -> Conflict | None:
        """Look again; tell when the key is not what the edit began from."""
        theirs = await self.read(edit.namespace, edit.key)
        return None if is_same(theirs, edit.base) else Conflict(edit, theirs)

    async def put(
        self,
        edit: Edit,
        value: StoredValue,
        *,
        ttl_seconds: int | None = None,
        is_awaited: bool = False,
    ) -> WriteReport:
        """Write without looking again (see `conflict`), then read back.

        A write that got no answer is never repeated: the key is read to find out. One that a rate
        limit refused was certainly not done: where somebody waits for it (`is_awaited`) it is sent
        again, after another look. Raises VaultError, and sends nothing, where what the edit began
        from cannot be kept.
        """
        write = partial(self._put, edit, value, ttl_seconds)
        kept = partial(self._kept, edit, value.content, write)
        return await (self._patiently(edit, kept) if is_awaited else kept())

    async def delete(self, edit: Edit, *, is_awaited: bool = False) -> WriteReport:
        """Delete without looking again, and find out where no answer came; else as `put`."""
        kept = partial(self._kept, edit, None, partial(self._delete, edit))
        return await (self._patiently(edit, kept) if is_awaited else kept())

    async def _patiently(self, edit: Edit, write: Write) -> WriteReport:
        """Write again what a rate limit refused, if the key is still what the edit began from.

        The client holds the look back until the limit lets it through.
        """
        waited_seconds = 0.0
        for _ in range(LIMITED_TRIES - 1):
            try:
                return await write()
            except RateLimitedError as error:
                waited_seconds += error.retry_after_seconds or 1.0
                if waited_seconds > LIMITED_SECONDS or await self.conflict(edit) is not None:
                    raise
        return await write()

    async def _kept(self, edit: Edit, new: bytes | None, write: Write) -> WriteReport:
        """Keep what the edit began from, then write, and note what came of it."""
        if self.journaling is None or self._client.is_read_only:
            return await write()
        row_id = await self.journaling.intend(edit.namespace, edit.key, edit.base, new)
        try:
            report = await write()
        except (OutcomeUnknownError, MalformedResponseError, ServerError) as error:
            await self.journaling.settle(row_id, RowState.UNKNOWN, str(error), is_settled=False)
            raise
        except KvtuiError as error:
            await self.journaling.settle(row_id, RowState.FAILED, str(error))
            raise
        is_done = report.finding in _APPLIED or report.outcome is not None
        state = RowState.DONE if is_done else RowState.UNKNOWN
        await self.journaling.settle(row_id, state, report.finding.value, is_settled=is_done)
        return report

    async def _put(self, edit: Edit, value: StoredValue, ttl_seconds: int | None) -> WriteReport:
        try:
            outcome = await self._client.put_value(
                edit.namespace.id, edit.key, value, ttl_seconds=ttl_seconds
            )
        except OutcomeUnknownError as error:
            return await self._find_out(edit, value, error)
        try:
            stored = await self.read(edit.namespace, edit.key)
        except KvtuiError:
            return WriteReport(Finding.UNVERIFIED, outcome, None)
        finding = Finding.DONE if is_same(stored, value) else Finding.OVERTAKEN
        return WriteReport(finding, outcome, stored)

    async def _delete(self, edit: Edit) -> WriteReport:
        try:
            await self._client.delete_key(edit.namespace.id, edit.key)
        except OutcomeUnknownError as error:
            return await self._find_out(edit, None, error)
        return WriteReport(Finding.DONE, None, None)

    async def _find_out(
        self, edit: Edit, wanted: StoredValue | None, unknown: OutcomeUnknownError
    ) -> WriteReport:
        try:
            stored = await self.read(edit.namespace, edit.key)
            if is_same(stored, edit.base) and not is_same(stored, wanted):
                await self._sleep(LATE_WRITE_SECONDS)
                stored = await self.read(edit.namespace, edit.key)
        except KvtuiError as error:
            raise unknown from error
        if is_same(stored, wanted):
            return WriteReport(Finding.DONE, None, stored)
        finding = Finding.NOT_APPLIED if is_same(stored, edit.base) else Finding.OVERTAKEN
        return WriteReport(finding, None, stored)


def is_same(left: StoredValue | None, right: StoredValue | None) -> bool:
    """Tell whether both hold the same bytes, or both are absent."""
    if left is None or right is None:
        return left is right
    return left.content == right.content
