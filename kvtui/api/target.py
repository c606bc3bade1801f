"""Key and namespace to request target, refusing whatever could address something else.

A URL whose path has the segment `..` is folded by HTTP libraries and proxies: what was meant to
delete a key would arrive as the deletion of the whole namespace.
"""

from typing import Final
from urllib.parse import quote

import httpx

from kvtui.errors import KeyNotAddressableError, SettingsError
from kvtui.protocol import (
    MAX_KEY_LENGTH,
    MAX_KEYS_LIMIT,
    NAMESPACES_PATH,
    dot_segment_problem,
    is_namespace_id,
    key_problem,
)

_SAFE: Final = "-_."
"""Left as they are beside letters and digits (`quote` also keeps `~`, which no key may hold)."""


class Targets:
    """The request targets below one base URL."""

    def __init__(self, base_url: str) -> None:
        try:
            self._base = httpx.URL(base_url.rstrip("/"))
        except httpx.InvalidURL:
            raise SettingsError("the endpoint is not a URL") from None
        if self._base.scheme not in {"http", "https"} or not self._base.host:
            raise SettingsError("the endpoint is not an http or https URL")
        if self._base.userinfo or self._base.query or self._base.fragment:
            raise SettingsError("the endpoint may have only a host, a port and a path")
        self._path = self._base.raw_path.decode("ascii").rstrip("/") + NAMESPACES_PATH

    @property
    def base_url(self) -> str:
        return str(self._base)

    @property
    def host(self) -> str:
        """Host and port."""
        return self._base.netloc.decode("ascii")

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self._base.scheme}://{self.host}"

    def namespaces(self) -> str:
        return self._path

    def namespaces_page(self, number: int, size: int) -> str:
        return f"{self._path}?page%5Bnumber%5D={number}&page%5Bsize%5D={size}"

    def namespace(self, namespace_id: str) -> str:
        if not is_namespace_id(namespace_id):
            raise KeyNotAddressableError("a namespace is addressed by its id, which is a UUID")
        return f"{self._path}/{namespace_id}"

    def keys(self, namespace_id: str, *, prefix: str, cursor: str | None, limit: int) -> str:
        query = [f"limit={min(max(limit, 1), MAX_KEYS_LIMIT)}"]
        if prefix:
            if len(prefix) > MAX_KEY_LENGTH:
                raise KeyNotAddressableError(
                    f"the prefix has {len(prefix)} characters, a key at most {MAX_KEY_LENGTH}"
                )
            query.append(f"prefix={_encoded(prefix)}")
        if cursor:
            query.append(f"cursor={_encoded(cursor)}")
        return f"{self.namespace(namespace_id)}/keys?{'&'.join(query)}"

    def key(self, namespace_id: str, key: str, *, ttl_seconds: int | None = None) -> str:
        problem = key_problem(key) or dot_segment_problem(key)
        if problem is not None:
            raise KeyNotAddressableError(problem)
        query = "" if ttl_seconds is None else f"?ttl_secs={ttl_seconds}"
        return f"{self.namespace(namespace_id)}/keys/{quote(key, safe=_SAFE)}{query}"

    def url(self, target: str) -> httpx.URL:
        """Return the URL of `target`, after a look at what httpx made of it."""
        try:
            url = httpx.URL(self.origin + target)
        except httpx.InvalidURL:
            raise KeyNotAddressableError("the URL would be too long") from None
        self.check(url, target)
        return url

    def check(self, url: httpx.URL, target: str) -> None:
        """Refuse a URL that would go anywhere else than to `target` at this origin."""
        home = (self._base.scheme, self._base.netloc)
        if (url.scheme, url.netloc) != home or url.raw_path.decode("ascii") != target:
            raise KeyNotAddressableError("the URL would not arrive as it was meant")
        path = target.partition("?")[0]
        segments = path.removeprefix(self._path).split("/")
        if not path.startswith(self._path) or not _is_known_shape(segments):
            raise KeyNotAddressableError("the URL would address something else")


def _is_known_shape(segments: list[str]) -> bool:
    """Tell whether these segments after `/storage/kvs` are `/ID`, `/ID/keys` or `/ID/keys/KEY`."""
    if segments[0] or len(segments) > 4:
        return False
    if any(segment in {"", ".", ".."} for segment in segments[1:]):
        return False
    return (len(segments) < 2 or is_namespace_id(segments[1])) and segments[2:3] in ([], ["keys"])


def _encoded(text: str) -> str:
    try:
        return quote(text, safe=_SAFE)
    except UnicodeEncodeError:
        raise KeyNotAddressableError("the query holds text that a URL cannot carry") from None
