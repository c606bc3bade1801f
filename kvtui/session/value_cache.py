"""Values read lately, within a budget of bytes."""

from collections import OrderedDict
from typing import Final

from kvtui.records import StoredValue

BUDGET_BYTES: Final = 32 * 1024 * 1024


class ValueCache:
    """Remembers values by key, forgetting the least recently used first."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._used_bytes = 0
        self._values: OrderedDict[str, StoredValue] = OrderedDict()

    def get(self, key: str) -> StoredValue | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: str, value: StoredValue) -> None:
        self.forget(key)
        self._values[key] = value
        self._used_bytes += len(value.content)
        while self._used_bytes > self._budget_bytes:
            _, dropped = self._values.popitem(last=False)
            self._used_bytes -= len(dropped.content)

    def forget(self, key: str) -> None:
        dropped = self._values.pop(key, None)
        if dropped is not None:
            self._used_bytes -= len(dropped.content)

    def clear(self) -> None:
        self._values.clear()
        self._used_bytes = 0
