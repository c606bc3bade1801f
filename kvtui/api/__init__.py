"""The REST client: one coroutine per endpoint, on httpx."""

import sys
from types import ModuleType

# httpx imports its own command line, and with it click and rich, wherever click is installed:
# 160 ms of every start. An empty module in that place makes httpx do without.
sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
