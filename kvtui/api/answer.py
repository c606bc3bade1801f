"""An answer read whole: its body counted while it comes in, refused where it cannot be trusted."""

import asyncio
import re
from typing import Final

import httpx
import msgspec

from kvtui.errors import MalformedResponseError

GLANCE_BYTES: Final = 64 * 1024
"""How much is looked at of a body that only comments on the status."""
GLANCE_SECONDS: Final = 2.0
"""How long such a body is waited for."""

_DECLARED_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_WEB_PAGES: Final = ("text/html", "application/xhtml")


class Answer(msgspec.Struct, frozen=True):
    """Status, headers and body of one answer."""

    status: int
    headers: httpx.Headers
    content: bytes
    seconds: float = 0.0
    """From the beginning of its request to the end of its body."""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status <= 299

    @property
    def content_type(self) -> str | None:
        """As sent; bytes outside ASCII are kept one to one, as Latin-1."""
        for name, value in self.headers.raw:
            if name.lower() == b"content-type":
                return value.decode("latin-1")
        return None

    @property
    def is_web_page(self) -> bool:
        """Whether this looks like a page for browsers: a proxy's, a portal's, a wrong address's."""
        declared = (self.content_type or "").lower()
        return declared.startswith(_WEB_PAGES) or self.content.lstrip()[:1] == b"<"


async def read_answer(response: httpx.Response, limit_bytes: int | None) -> Answer:
    """Read the body of `response`; the connection stays the caller's to close.

    Of an error, and of a success without a limit, only a glance is taken: the status counts.
    Raises MalformedResponseError for a body that could have been cut or changed without a trace,
    and httpx.RemoteProtocolError for one that was cut.
    """
    if response.is_success and limit_bytes is not None:
        content = await _read_body(response, limit_bytes)
    else:
        content = await _glance(response)
    return Answer(response.status_code, response.headers, content)


async def _read_body(response: httpx.Response, limit_bytes: int) -> bytes:
    _refuse_encoding(response)
    expected_bytes = _expected_bytes(response)
    if expected_bytes is not None and expected_bytes > limit_bytes:
        raise _too_large(limit_bytes)
    content = bytearray()
    async for chunk in _raw(response):
        content += chunk
        if len(content) > limit_bytes:
            raise _too_large(limit_bytes)
    if expected_bytes is not None and len(content) != expected_bytes:
        raise httpx.RemoteProtocolError("not as many bytes as declared")
    return bytes(content)


async def _glance(response: httpx.Response) -> bytes:
    """Read what can soon be had of a body: the status counts even where the body is broken."""
    content = bytearray()
    try:
        async with asyncio.timeout(GLANCE_SECONDS):
            async for chunk in _raw(response):
                content += chunk
                if len(content) >= GLANCE_BYTES:
                    break
    except (httpx.TransportError, TimeoutError):
        return bytes(content)
    return bytes(content[:GLANCE_BYTES])


def _raw(response: httpx.Response) -> httpx.AsyncByteStream:
    """Return the body as it comes, before any decoding that httpx would do."""
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("the transport is not asynchronous")
    return response.stream


def _refuse_encoding(response: httpx.Response) -> None:
    """Refuse a compressed body: identity was asked for, and a cut one would look whole."""
    if response.headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
        raise MalformedResponseError("the answer is compressed, although that was declined")


def _expected_bytes(response: httpx.Response) -> int | None:
    """Return the declared length, None for a chunked body; refuse a body without an end mark."""
    length = response.headers.get("content-length")
    is_chunked = "chunked" in response.headers.get("transfer-encoding", "").lower()
    if is_chunked and length is None:
        return None
    if length is None and response.status_code == httpx.codes.NO_CONTENT:
        return 0
    if is_chunked or length is None or not _DECLARED_LENGTH.fullmatch(length):
        raise MalformedResponseError("the answer does not say for certain where its body ends")
    return int(length)


def _too_large(limit_bytes: int) -> MalformedResponseError:
    return MalformedResponseError(f"the answer is larger than {limit_bytes:,} bytes")
