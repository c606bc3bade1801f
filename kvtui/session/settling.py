"""Waits until a namespace is what it is going to be."""

import asyncio
from typing import Final

from kvtui.errors import NotFoundError
from kvtui.records import Namespace
from kvtui.session.account import Account
from kvtui.session.editing import Sleep

FIRST_PAUSE_SECONDS: Final = 1.0
LAST_PAUSE_SECONDS: Final = 10.0


async def settled(
    account: Account, namespace: Namespace, *, sleep: Sleep = asyncio.sleep
) -> Namespace:
    """Ask for its status, ever less often, until it changes only when somebody acts."""
    pause = FIRST_PAUSE_SECONDS
    while not namespace.is_settled:
        await sleep(pause)
        pause = min(LAST_PAUSE_SECONDS, 2 * pause)
        change = await account.check(namespace)
        if change is not None and change.now is None:
            raise NotFoundError(
                f"the namespace {namespace.name} was deleted meanwhile",
                status=404,
                code=None,
                detail=None,
                request=f"GET /storage/kvs/{namespace.id}",
            )
        namespace = change.now if change is not None and change.now is not None else namespace
    return namespace
