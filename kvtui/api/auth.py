"""The API key on its way: into one header, for one origin."""

from collections.abc import Generator

import httpx

from kvtui.secret import Secret


class OriginAuth(httpx.Auth):
    """Adds the Authorization header to requests for `origin`, and to no others."""

    def __init__(self, origin: str, secret: Secret) -> None:
        self._origin = httpx.URL(origin)
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign `request` where it stays at home."""
        url, home = request.url, self._origin
        if (url.scheme, url.netloc) == (home.scheme, home.netloc):
            request.headers["Authorization"] = f"Bearer {self._secret.reveal()}"
        yield request
