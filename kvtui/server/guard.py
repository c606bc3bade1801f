"""Who may talk to the local server: programs of this machine that hold the token, no web page."""

import hmac
import ipaddress
from itertools import chain
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from kvtui.server import refusal

_MAX_HEAD_BYTES: Final = 16 * 1024
_SCHEME: Final = "Bearer"


def check_head(scope: Scope) -> None:
    """Refuse a head that is too long, or that two readers could understand differently."""
    headers = Headers(scope=scope)
    head = [scope["raw_path"], scope["query_string"], *chain.from_iterable(headers.raw)]
    if sum(map(len, head)) > _MAX_HEAD_BYTES:
        raise refusal.headers_too_large()
    if "content-length" in headers and "transfer-encoding" in headers:
        raise refusal.bad_request("The request says its length in two ways.")


def check_origin(scope: Scope) -> None:
    """Refuse what a browser could have been tricked into: other hosts' names, other origins."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _is_local(hosts[0]):
        raise refusal.misdirected()
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        raise refusal.forbidden("Web pages may not use this server.")


def check_token(scope: Scope, api_key: str | None) -> None:
    """Refuse requests without a bearer token, or with another than `api_key` where it is set."""
    credentials = Headers(scope=scope).getlist("authorization")
    if not credentials:
        raise refusal.unauthorized("Could not find any usable credentials in the request.")
    scheme, _, token = credentials[0].partition(" ")
    if len(credentials) > 1 or scheme != _SCHEME or not token.strip():
        raise refusal.unauthorized("Could not understand the provided credentials.")
    if api_key is not None and not hmac.compare_digest(token.encode(), api_key.encode()):
        raise refusal.unauthorized("No key found matching the provided credentials.")


def _is_local(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, "0"
    return name.lower() in {"127.0.0.1", "localhost", "[::1]"} and port.isdecimal()


def is_loopback(address: str) -> bool:
    """Tell whether a server at `address` can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
