"""The local server on a socket: in a thread beside the interface, or alone until a signal."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, Self

import uvicorn
from starlette.types import ASGIApp

from kvtui.errors import SettingsError
from kvtui.protocol import API_PREFIX
from kvtui.server.connection import HttpConnection
from kvtui.server.guard import is_loopback

_HOST: Final = "127.0.0.1"
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MAX_CONNECTIONS: Final = 64
_MAX_HEAD_BYTES: Final = 32 * 1024
_IDLE_SECONDS: Final = 5
_STOP_SECONDS: Final = 5.0


def listen(port: int = 0, host: str = _HOST) -> socket.socket:
    """Bind a port of this machine that no other machine can reach; 0 takes a free one."""
    if not is_loopback(host):
        message = f"The local server listens only on loopback addresses, not on {host}."
        raise SettingsError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio turns off the delay of small packets only where it sees TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise SettingsError(f"The local server cannot listen on port {port}: {error}.") from error
    return listener


def base_url(listener: socket.socket) -> str:
    """Tell where clients find the API, `/v2` included."""
    host, port = listener.getsockname()[:2]
    authority = f"[{host}]" if ":" in host else host
    return f"http://{authority}:{port}{API_PREFIX}"


class RunningServer:
    """The server in a thread of its own. Signals are left to the program around it.

    `idle_seconds` is how long a connection may be open without a whole request coming in.
    """

    def __init__(self, app: ASGIApp, port: int = 0, idle_seconds: int = _IDLE_SECONDS) -> None:
        self._listener = listen(port)
        self.base_url = base_url(self._listener)
        self._is_ready = threading.Event()
        self._server = _Server(app, "critical", self._is_ready.set, idle_seconds)
        self._thread = threading.Thread(target=self._run, name="kvtui-server", daemon=True)

    def start(self) -> Self:
        """Return once requests are answered."""
        self._thread.start()
        self._is_ready.wait()
        if not self._server.started:
            raise RuntimeError("the local server ended before it began to listen")
        return self

    def stop(self) -> None:
        """Let requests under way end, for a moment, and close."""
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._is_ready.set()


def serve_forever(app: ASGIApp, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; a second signal does not wait for open requests.

    An error of the server itself goes to stderr through logging's last resort.
    """
    server = _Server(app, "error", on_ready)
    with _stopped_by_signals(server):
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(
        self,
        app: ASGIApp,
        log_level: str,
        on_ready: Callable[[], object],
        idle_seconds: int = _IDLE_SECONDS,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=HttpConnection,
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level=log_level,
                access_log=False,
                server_header=False,
                limit_concurrency=_MAX_CONNECTIONS,
                h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
                timeout_keep_alive=idle_seconds,
                timeout_graceful_shutdown=2,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: uvicorn's own way ends by raising them again."""
        yield


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, restored in before.items():
            signal.signal(number, restored)
