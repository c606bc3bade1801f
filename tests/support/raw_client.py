"""An HTTP client that sends exactly the request line and headers it is given."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.support.server import LocalServer


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        code: str = self.json["errors"][0]["code"]
        return code

    @property
    def detail(self) -> str:
        detail: str = self.json["errors"][0]["detail"]
        return detail


class RawClient:
    """Talks to a running server; paths are below `/v2/storage/kvs` and sent as they are."""

    def __init__(self, server: LocalServer) -> None:
        self._authority = urlsplit(server.base_url).netloc
        self._credentials = {"Authorization": f"Bearer {server.token}"}

    def __call__(
        self,
        method: str,
        path: str = "",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {"Host": self._authority} | self._credentials | (headers or {})
        return self.exchange(method, f"/v2/storage/kvs{path}", list(sent.items()), body)

    def exchange(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b""
    ) -> Answer:
        """Send one request with these headers alone, its length excepted."""
        connection = http.client.HTTPConnection(self._authority, timeout=20)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, content)
