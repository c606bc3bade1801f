"""Where the API key must not go: not one byte of it is sent."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

from tests.support.installed import COMMAND, environ, kvtui
from tests.support.raw_server import CERTIFICATE
from tests.support.server import running_server
from tests.support.terminal import Terminal

CANARY = "KEYcanary0123456789abcdef"
CERTIFICATES = CERTIFICATE.parent
READ_SECONDS = 5


class Ear:
    """Listens on a port of this machine, with or without TLS, and keeps all that is said to it."""

    def __init__(self, certificate: Path | None) -> None:
        self.heard = b""
        self.connection_count = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
        self._thread = threading.Thread(target=self._listen)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connection_count += 1
            connection.settimeout(READ_SECONDS)
            try:
                self._hear(connection)
            except OSError:
                connection.close()

    def _hear(self, connection: socket.socket) -> None:
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection:
            while said := connection.recv(65_536):
                self.heard += said
                connection.sendall(
                    b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{"data":[]}'
                )


@contextmanager
def ear(certificate: str | None = None) -> Iterator[Ear]:
    path = CERTIFICATES / f"{certificate}.pem" if certificate else None
    with Ear(path) as listening:
        yield listening


def own_address() -> str:
    """Give an address of this machine that is not loopback, or one that leads nowhere."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "192.0.2.1"
        address: str = probe.getsockname()[0]
        return address


def test_an_ear_hears_the_key_where_it_may_go(tmp_path: Path) -> None:
    with ear() as listening:
        reach = {
            "TELNYX_BASE_URL": f"http://127.0.0.1:{listening.port}/v2",
            "TELNYX_API_KEY": CANARY,
        }
        kvtui("ns", "ls", folder=tmp_path, variables=reach)
    assert CANARY.encode() in listening.heard


def test_http_to_another_machine_is_refused(tmp_path: Path) -> None:
    reach = {"TELNYX_BASE_URL": f"http://{own_address()}:9/v2", "TELNYX_API_KEY": CANARY}
    ended = kvtui("ns", "ls", folder=tmp_path, variables=reach)
    assert ended.returncode == 2
    assert b"use https://" in ended.stderr
    assert CANARY.encode() not in ended.stderr + ended.stdout


@pytest.mark.parametrize("part", ["user:hunter2@", "user@", "127.0.0.1@"])
def test_a_url_with_a_user_is_refused(tmp_path: Path, part: str) -> None:
    with ear() as listening:
        reach = {
            "TELNYX_BASE_URL": f"http://{part}127.0.0.1:{listening.port}/v2",
            "TELNYX_API_KEY": CANARY,
        }
        ended = kvtui("ns", "ls", folder=tmp_path, variables=reach)
    assert ended.returncode == 2
    assert listening.connection_count == 0
    assert b"hunter2" not in ended.stderr


@pytest.mark.parametrize(
    ("certificate", "is_vouched_for"),
    [("localhost", False), ("expired", True), ("not-yet", True), ("other-host", True)],
)
def test_a_certificate_that_is_not_good_ends_it_before_the_key(
    tmp_path: Path, certificate: str, is_vouched_for: bool
) -> None:
    bundle = ["--ca-bundle", str(CERTIFICATES / f"{certificate}.pem")] if is_vouched_for else []
    with ear(certificate) as listening:
        reach = {
            "TELNYX_BASE_URL": f"https://127.0.0.1:{listening.port}/v2",
            "TELNYX_API_KEY": CANARY,
        }
        ended = kvtui("ns", "ls", *bundle, folder=tmp_path, variables=reach)
    assert ended.returncode == 4
    assert b"certificate" in ended.stderr
    assert listening.connection_count > 0
    assert listening.heard == b""


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment_hears_nothing(tmp_path: Path, name: str) -> None:
    with ear() as proxy, running_server(api_key=CANARY) as server:
        reach = {
            "TELNYX_BASE_URL": server.base_url,
            "TELNYX_API_KEY": CANARY,
            name: f"http://127.0.0.1:{proxy.port}",
        }
        ended = kvtui("ns", "ls", folder=tmp_path, variables=reach)
    assert ended.returncode == 0
    assert (proxy.connection_count, proxy.heard) == (0, b"")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "key").write_text(CANARY)
    (tmp_path / "key").chmod(mode)
    with ear() as listening:
        (tmp_path / "config.toml").write_text(
            f'[profiles.p]\nbase_url = "http://127.0.0.1:{listening.port}"\napi_key_file = "key"\n'
        )
        reach = {"KVTUI_CONFIG": str(tmp_path)}
        ended = kvtui("ns", "ls", "--profile", "p", folder=tmp_path, variables=reach)
    assert ended.returncode == 2
    assert b"chmod 600" in ended.stderr
    assert listening.connection_count == 0


@pytest.mark.parametrize("spy", ["TEXTUAL_LOG", "TEXTUAL"])
def test_nothing_is_logged_of_a_production_profile(tmp_path: Path, spy: str) -> None:
    (tmp_path / "config.toml").write_text("[profiles.p]\nproduction = true\n")
    variables = {"KVTUI_CONFIG": str(tmp_path), "TELNYX_API_KEY": CANARY, spy: "devtools"}
    with Terminal(
        COMMAND, "--profile", "p", environ=environ(**variables), folder=tmp_path
    ) as terminal:
        assert terminal.end() == 2
        assert "unset TEXTUAL" in " ".join(terminal.lines)
    assert not (tmp_path / "devtools").exists()
