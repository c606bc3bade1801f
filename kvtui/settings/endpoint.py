"""Which base URLs the API key may be sent to."""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from kvtui.errors import SettingsError
from kvtui.protocol import API_PREFIX, NAMESPACES_PATH

_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def check_base_url(text: str, *, source: str, is_http_allowed: bool = False) -> str:
    """Return the base URL in the form requests are built on, or raise SettingsError.

    `source` names the flag, the variable or the line at fault. The text itself is never repeated
    in a message: people paste URLs that hold passwords.
    """
    problem, base_url = _examine(text, is_http_allowed=is_http_allowed)
    if problem:
        raise SettingsError(f"{source}: {problem}")
    return base_url


def is_loopback(host: str) -> bool:
    """Tell whether `host` can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split_url(text: str) -> SplitResult | None:
    """Split a URL, None where it is none: parsers disagree on what is left out here."""
    if not _PRINTABLE.fullmatch(text) or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    is_bracketed = "[" in parts.netloc
    return parts if port != 0 and is_bracketed == (":" in host) and _is_host(host) else None


def host_and_port(parts: SplitResult) -> str:
    """Write the authority of a URL without user name and password."""
    host = parts.hostname or ""
    written = f"[{host}]" if ":" in host else host
    return written if parts.port is None else f"{written}:{parts.port}"


def _examine(text: str, *, is_http_allowed: bool) -> tuple[str, str]:
    """Return the problem, empty where there is none, and the base URL."""
    parts = split_url(text.strip())
    if parts is None or parts.scheme not in {"https", "http"}:
        return "not a URL of the form https://HOST[:PORT][/PATH]", ""
    path = parts.path.rstrip("/").removesuffix(NAMESPACES_PATH)
    if problem := _refusal(parts, path):
        return problem, ""
    host = parts.hostname or ""
    if parts.scheme == "http" and not (is_http_allowed or is_loopback(host)):
        return (
            f"http:// would send the API key readable to {host}; use https://"
            " (or allow_http = true in the profile)"
        ), ""
    return "", f"{parts.scheme}://{host_and_port(parts)}{path or API_PREFIX}"


def _refusal(parts: SplitResult, path: str) -> str:
    if "@" in parts.netloc:
        return "a base URL holds no user name or password"
    if parts.query or parts.fragment:
        return "a base URL has no query and no fragment"
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        return "the path of the base URL holds something that requests cannot be built on"
    return ""


def _is_host(host: str) -> bool:
    if ":" not in host:
        return bool(_HOST_NAME.fullmatch(host))
    try:
        return ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        return False
