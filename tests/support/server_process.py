"""The local server in a process of its own, to be ended in every way there is."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.support.server import TOKEN

_PROGRAM = """
import sys
from pathlib import Path
from kvtui.server.app import LocalApi
from kvtui.server.options import ServerOptions
from kvtui.server.run import base_url, listen, serve_forever
from kvtui.server.store import Store

options = ServerOptions(provisioning_seconds=0, latency_seconds=float(sys.argv[3]))
store = Store(Path(sys.argv[1]), options)
listener = listen()
app = LocalApi(store, options, sys.argv[2])
serve_forever(app, listener, lambda: print(base_url(listener), flush=True))
store.close()
print("closed", flush=True)
"""


class ServerProcess:
    """Serves a data file; `base_url` is known as soon as it answers."""

    def __init__(self, path: Path, latency_seconds: float = 0) -> None:
        command = [sys.executable, "-c", _PROGRAM, str(path), TOKEN, str(latency_seconds)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.communicate()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def ended(self) -> tuple[int, str, str]:
        """Wait for its end; return status, stdout and stderr."""
        stdout, stderr = self._process.communicate(timeout=20)
        return self._process.returncode, stdout, stderr
