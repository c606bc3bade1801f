"""The REST client: one coroutine per endpoint, on httpx."""

import sys
from importlib import import_module
from types import ModuleType


class _LoadedWhenUsed(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


# httpx imports its own command line, and with it click and rich, wherever click is installed:
# 160 ms of every start. An empty module in that place makes httpx do without.
sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
# The usual certificates are not asked for without TLS, nor names of hosts beyond ASCII by most.
for _name in ("certifi", "idna"):
    sys.modules.setdefault(_name, _LoadedWhenUsed(_name))
