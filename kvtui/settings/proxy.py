"""Which proxy requests go through: none, unless somebody asks for one."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from kvtui.errors import SettingsError
from kvtui.settings.endpoint import is_loopback, split_url
from kvtui.settings.surroundings import Surroundings

FROM_ENVIRONMENT: Final = "env"
_SCHEMES: Final = frozenset({"http", "https"})


def choose_proxy(asked: str | None, base_url: str, surroundings: Surroundings) -> str | None:
    """Return the URL of the proxy for `base_url`; `asked` is a URL, `env` or None."""
    if not asked:
        return None
    target = urlsplit(base_url)
    if asked == FROM_ENVIRONMENT:
        return _from_environment(target, surroundings)
    return _checked(asked, target, source="--proxy")


def _from_environment(target: SplitResult, surroundings: Surroundings) -> str | None:
    host = target.hostname or ""
    if is_loopback(host) or _is_exempt(host, surroundings):
        return None
    for name in (f"{target.scheme}_proxy", "all_proxy"):
        for spelling in (name, name.upper()):
            if text := surroundings.variable(spelling):
                return _checked(text, target, source=spelling)
    return None


def _is_exempt(host: str, surroundings: Surroundings) -> bool:
    listed = surroundings.variable("no_proxy") or surroundings.variable("NO_PROXY") or ""
    for part in listed.replace(",", " ").split():
        suffix = part.removeprefix("*").removeprefix(".").lower()
        if part == "*" or host == suffix or host.endswith(f".{suffix}"):
            return True
    return False


def _checked(text: str, target: SplitResult, *, source: str) -> str:
    parts = split_url(text)
    if parts is None or parts.scheme not in _SCHEMES:
        raise SettingsError(f"{source}: not a proxy of the form http://HOST:PORT")
    if target.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise SettingsError(f"{source}: would send the API key readable through a proxy")
    return text
