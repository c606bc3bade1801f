import re
import uuid
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.api.target import Targets
from kvtui.errors import KeyNotAddressableError, SettingsError
from kvtui.protocol import KEY_ALPHABET, MAX_KEY_LENGTH

NAMESPACE = "550e8400-e29b-41d4-a716-446655440000"
TARGETS = Targets("https://api.telnyx.com/v2")
KEY_TARGET = re.compile(rf"/v2/storage/kvs/{NAMESPACE}/keys/(?!\.{{1,2}}(?:\?|$))[A-Za-z0-9_.%-]+")

keys_with_many_dots = st.text(
    st.one_of(st.sampled_from("./"), st.sampled_from(KEY_ALPHABET)),
    min_size=1,
    max_size=MAX_KEY_LENGTH,
)


@pytest.mark.parametrize(
    ("key", "segment"),
    [
        ("user/123", "user%2F123"),
        ("a=b", "a%3Db"),
        ("a//b", "a%2F%2Fb"),
        ("/lead", "%2Flead"),
        ("trail/", "trail%2F"),
        ("//", "%2F%2F"),
        (".env", ".env"),
        ("a.", "a."),
        ("...", "..."),
        ("a..b/c", "a..b%2Fc"),
        ("_system", "_system"),
        ("k" * 256, "k" * 256),
    ],
)
def test_an_ordinary_key_becomes_one_segment(key: str, segment: str) -> None:
    assert TARGETS.key(NAMESPACE, key) == f"/v2/storage/kvs/{NAMESPACE}/keys/{segment}"


@pytest.mark.parametrize(
    "key",
    [
        *["", ".", "..", "../", "/..", "a/../b", "a/./b", "./a", "a/.", "//..//"],
        *["k" * 257, "a:b", "a b", "a?b", "a#b", "a%2e", "%2e%2e", "é", "a\n", "\ud800", "a~b"],
    ],
)
def test_a_key_that_could_address_something_else_is_refused(key: str) -> None:
    with pytest.raises(KeyNotAddressableError):
        TARGETS.key(NAMESPACE, key)


@pytest.mark.parametrize(
    "namespace_id",
    [
        *["", ".", "..", "my-cache", NAMESPACE[:-1], NAMESPACE + "/keys", f"{{{NAMESPACE}}}"],
        *[NAMESPACE.replace("-", ""), f"urn:uuid:{NAMESPACE}", NAMESPACE + "\n"],
    ],
)
def test_a_namespace_is_addressed_only_by_a_uuid(namespace_id: str) -> None:
    with pytest.raises(KeyNotAddressableError):
        TARGETS.namespace(namespace_id)
    with pytest.raises(KeyNotAddressableError):
        TARGETS.key(namespace_id, "key")
    with pytest.raises(KeyNotAddressableError):
        TARGETS.keys(namespace_id, prefix="", cursor=None, limit=1)


@given(keys_with_many_dots)
def test_what_httpx_would_send_for_any_key_is_exactly_that_key_or_nothing(key: str) -> None:
    has_dot_segment = any(part in {".", ".."} for part in key.split("/"))
    try:
        url = TARGETS.url(TARGETS.key(NAMESPACE, key))
    except KeyNotAddressableError:
        assert has_dot_segment
        return

    sent = httpx.Request("DELETE", url).url.raw_path.decode()

    assert not has_dot_segment
    assert KEY_TARGET.fullmatch(sent)
    assert sent.count("/") == 6
    assert unquote(sent.rsplit("/", 1)[1]) == key


@given(st.text(min_size=1, max_size=256), st.text(min_size=1, max_size=300))
def test_prefix_and_cursor_arrive_as_they_are_whatever_they_hold(prefix: str, cursor: str) -> None:
    target = TARGETS.keys(NAMESPACE, prefix=prefix, cursor=cursor, limit=1000)

    url = TARGETS.url(target)

    assert url.raw_path.decode().startswith(f"/v2/storage/kvs/{NAMESPACE}/keys?limit=1000")
    assert dict(url.params) == {"limit": "1000", "prefix": prefix, "cursor": cursor}


@pytest.mark.parametrize(("limit", "sent"), [(0, 1), (-5, 1), (1, 1), (1000, 1000), (5000, 1000)])
def test_the_limit_stays_within_what_the_api_takes(limit: int, sent: int) -> None:
    target = TARGETS.keys(NAMESPACE, prefix="", cursor=None, limit=limit)

    assert target == f"/v2/storage/kvs/{NAMESPACE}/keys?limit={sent}"


@pytest.mark.parametrize("prefix", ["p" * 257, "\ud800"])
def test_a_prefix_that_no_url_can_carry_is_refused(prefix: str) -> None:
    with pytest.raises(KeyNotAddressableError):
        TARGETS.keys(NAMESPACE, prefix=prefix, cursor=None, limit=1)


@pytest.mark.parametrize("cursor", ["\ud800", "c" * 70_000])
def test_a_cursor_that_no_url_can_carry_is_refused(cursor: str) -> None:
    with pytest.raises(KeyNotAddressableError):
        TARGETS.url(TARGETS.keys(NAMESPACE, prefix="", cursor=cursor, limit=1))


def test_pages_of_namespaces_are_asked_for_with_encoded_brackets() -> None:
    target = TARGETS.namespaces_page(2, 250)

    assert target == "/v2/storage/kvs?page%5Bnumber%5D=2&page%5Bsize%5D=250"
    assert TARGETS.url(target).raw_path.decode() == target


@pytest.mark.parametrize(
    "target",
    [
        f"/v2/storage/kvs/{NAMESPACE}/keys/..",
        f"/v2/storage/kvs/{NAMESPACE}/keys/.",
        f"/v2/storage/kvs/{NAMESPACE}/keys/",
        f"/v2/storage/kvs/{NAMESPACE}/keys/a/b",
        f"/v2/storage/kvs/{NAMESPACE}/values/a",
        f"/v2/storage/kvs/{NAMESPACE}/",
        f"/v2/storage/kvs/{NAMESPACE}x",
        "/v2/storage/kvs/not-a-uuid/keys/a",
        "/v2/storage/kvsx",
        "/v2/storage",
        "/v2/storage/kvs/../../other",
        f"/v2/storage/kvs/{NAMESPACE}/keys/a b",
        f"/v2/storage/kvs/{NAMESPACE}/keys/é",
    ],
)
def test_a_target_of_any_other_shape_does_not_become_a_url(target: str) -> None:
    with pytest.raises(KeyNotAddressableError):
        TARGETS.url(target)


def test_a_url_of_another_host_is_refused() -> None:
    target = TARGETS.namespace(NAMESPACE)

    with pytest.raises(KeyNotAddressableError):
        TARGETS.check(httpx.URL("https://evil.test" + target), target)


def test_any_uuid_spelling_of_the_api_is_accepted() -> None:
    for namespace_id in (NAMESPACE, NAMESPACE.upper(), str(uuid.UUID(int=0))):
        assert TARGETS.namespace(namespace_id).endswith(namespace_id)


@pytest.mark.parametrize(
    ("base_url", "host", "origin"),
    [
        ("https://api.telnyx.com/v2", "api.telnyx.com", "https://api.telnyx.com"),
        ("https://api.telnyx.com:443/v2/", "api.telnyx.com", "https://api.telnyx.com"),
        ("http://127.0.0.1:8080/v2", "127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/v2", "[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_host_and_origin_come_from_the_base_url(base_url: str, host: str, origin: str) -> None:
    targets = Targets(base_url)

    assert (targets.host, targets.origin) == (host, origin)
    assert targets.namespaces() == "/v2/storage/kvs"
    assert str(targets.url(targets.namespaces())) == origin + "/v2/storage/kvs"


@pytest.mark.parametrize(
    "base_url",
    [
        *["", "api.telnyx.com", "ftp://api.telnyx.com/v2", "https:///v2", "https://me:it@host/v2"],
        *["https://host/v2?x", "https://host/v2#x", "https://host:port/v2", "https://ho\x00st/v2"],
    ],
)
def test_a_base_url_that_cannot_be_one_is_refused(base_url: str) -> None:
    with pytest.raises(SettingsError):
        Targets(base_url)
