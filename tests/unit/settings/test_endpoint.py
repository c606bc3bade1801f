"""Which base URLs are accepted, and in which form they are used."""

import pytest

from kvtui.errors import SettingsError
from kvtui.settings.endpoint import check_base_url, is_loopback


@pytest.mark.parametrize(
    ("text", "base_url"),
    [
        ("https://api.telnyx.com/v2", "https://api.telnyx.com/v2"),
        ("https://api.telnyx.com", "https://api.telnyx.com/v2"),
        ("https://api.telnyx.com/", "https://api.telnyx.com/v2"),
        ("https://api.telnyx.com/v2/", "https://api.telnyx.com/v2"),
        ("https://api.telnyx.com/v2/storage/kvs", "https://api.telnyx.com/v2"),
        ("https://api.telnyx.com/storage/kvs/", "https://api.telnyx.com/v2"),
        ("HTTPS://API.Telnyx.com:8443/Kv", "https://api.telnyx.com:8443/Kv"),
        ("  https://api.telnyx.com/v2\n", "https://api.telnyx.com/v2"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787/v2"),
        ("http://127.8.9.10:8787/v2", "http://127.8.9.10:8787/v2"),
        ("http://localhost:8787", "http://localhost:8787/v2"),
        ("http://[::1]:8787/v2/", "http://[::1]:8787/v2"),
    ],
)
def test_a_base_url_comes_out_in_one_form(text: str, base_url: str) -> None:
    assert check_base_url(text, source="--base-url") == base_url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.telnyx.com",
        "/v2",
        "https://",
        "https:///v2",
        "ftp://api.telnyx.com",
        "file:///etc/passwd",
        "https://api.telnyx.com:0",
        "https://api.telnyx.com:99999",
        "https://api.telnyx.com:port",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://[v1.x]",
        "https://exa mple.com",
        "https://example.com\\@evil.test",
        "https://exämple.com",
        "https://example.com\x1b[2J",
        "https://exa\nmple.com",
        "https://example.com/v2?x=1",
        "https://example.com/v2#top",
        "https://example.com/../v2",
        "https://example.com/v2/%2e%2e",
        "https://example.com//v2",
    ],
)
def test_what_is_not_a_base_url_is_refused_by_naming_its_source(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^TELNYX_BASE_URL: "):
        check_base_url(text, source="TELNYX_BASE_URL")


@pytest.mark.parametrize("userinfo", ["user@", "user:s3cret@", "@", ":@"])
def test_a_user_name_in_the_url_is_refused_without_being_repeated(userinfo: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_base_url(f"https://{userinfo}api.telnyx.com/v2", source="--base-url")
    assert "s3cret" not in str(caught.value)
    assert "password" in str(caught.value)


@pytest.mark.parametrize(
    "host",
    ["api.telnyx.com", "10.0.0.7", "0", "127.1", "127.0.0.1.evil.test", "localhost."],
)
def test_plain_http_is_refused_beyond_this_machine(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(SettingsError, match="allow_http"):
        check_base_url(f"http://{host}/v2", source="--base-url")


def test_plain_http_goes_further_where_the_profile_allows_it() -> None:
    text = "http://kv.internal:8080"
    assert (
        check_base_url(text, source="--base-url", is_http_allowed=True)
        == "http://kv.internal:8080/v2"
    )
