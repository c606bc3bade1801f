import httpx
import pytest

from kvtui.api.auth import OriginAuth
from kvtui.secret import Secret


def authorization(url: str) -> str | None:
    """Return what a request for `url` would carry when home is https://api.test."""
    request = httpx.Request("GET", url)
    auth = OriginAuth("https://api.test", Secret("the-key"))
    header: str | None = next(auth.auth_flow(request)).headers.get("authorization")
    return header


@pytest.mark.parametrize(
    "url", ["https://api.test/v2", "https://api.test:443/", "https://API.test"]
)
def test_the_key_is_added_at_home(url: str) -> None:
    assert authorization(url) == "Bearer the-key"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.test/v2",
        "https://api.test:8443/v2",
        "https://api.test.evil.test/v2",
        "https://evil.test/v2",
        "https://sub.api.test/v2",
    ],
)
def test_the_key_goes_to_no_other_origin(url: str) -> None:
    assert authorization(url) is None
