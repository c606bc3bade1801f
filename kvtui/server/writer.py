"""Writes, away from the event loop where they wait for a disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from kvtui.server.store import Store

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class Writer:
    """Runs the writes of a store one after the other; those into memory at once."""

    def __init__(self, store: Store) -> None:
        self._thread = None if store.is_in_memory else ThreadPoolExecutor(1, "kvtui-writer")

    async def run(
        self,
        write: Callable[_Arguments, _Result],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Result:
        if self._thread is None:
            return write(*args, **kwargs)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: write(*args, **kwargs))
