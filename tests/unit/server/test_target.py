import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.server.target import Resource, Target, parse_target

ROOT = "/v2/storage/kvs"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (ROOT, Target(Resource.NAMESPACES)),
        (f"{ROOT}/ID", Target(Resource.NAMESPACE, "ID")),
        (f"{ROOT}/ID/keys", Target(Resource.KEYS, "ID")),
        (f"{ROOT}/ID/keys/", Target(Resource.KEY, "ID", "")),
        (f"{ROOT}/ID/keys/a/b", Target(Resource.KEY, "ID", "a/b")),
        (f"{ROOT}/ID/keys/a%2Fb%3D", Target(Resource.KEY, "ID", "a/b=")),
        (f"{ROOT}/ID/keys//a//", Target(Resource.KEY, "ID", "/a//")),
        (f"{ROOT}/ID/keys/..", Target(Resource.KEY, "ID", "..")),
        (f"{ROOT}/ID/keys/%252F", Target(Resource.KEY, "ID", "%2F")),
        (f"{ROOT}/ID/keys/keys/k", Target(Resource.KEY, "ID", "keys/k")),
        (f"http://127.0.0.1:80{ROOT}/ID", Target(Resource.NAMESPACE, "ID")),
        (f"HTTP://localhost{ROOT}", Target(Resource.NAMESPACES)),
    ],
)
def test_a_path_is_read_as_it_was_sent(path: str, target: Target) -> None:
    assert parse_target(path.encode(), is_normalised=False) == target


@pytest.mark.parametrize(
    "path",
    [
        *("/", "", "*", "/v2", "/v2/storage", "/v2/storage/kvs/", "/v2/storage/kvsx", "/v1/x"),
        *(f"{ROOT}/ID/", f"{ROOT}/ID/key", f"{ROOT}/ID/keysx", f"{ROOT}//keys/k", f"/x{ROOT}"),
        *(f"{ROOT}/../x", f"{ROOT}/ID//keys", f"{ROOT}%2FID", "/storage/kvs"),
    ],
)
def test_any_other_path_leads_nowhere(path: str) -> None:
    assert parse_target(path.encode(), is_normalised=False) is None


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (f"{ROOT}/ID/keys/..", Target(Resource.NAMESPACE, "ID")),
        (f"{ROOT}/ID/keys/%2e%2E", Target(Resource.NAMESPACE, "ID")),
        (f"{ROOT}/ID/keys/.", Target(Resource.KEYS, "ID")),
        (f"{ROOT}/ID/keys/", Target(Resource.KEYS, "ID")),
        (f"{ROOT}/ID/", Target(Resource.NAMESPACE, "ID")),
        (f"{ROOT}/ID/keys/a/../../..", Target(Resource.NAMESPACES)),
        (f"{ROOT}/ID/keys/a%2F..%2Fb", Target(Resource.KEY, "ID", "a/../b")),
    ],
)
def test_a_gateway_that_folds_paths_leads_elsewhere(path: str, target: Target) -> None:
    assert parse_target(path.encode(), is_normalised=True) == target


@given(st.text(max_size=40))
def test_nothing_after_keys_ever_leaves_the_namespace(tail: str) -> None:
    target = parse_target(f"{ROOT}/ID/keys/{tail}".encode(), is_normalised=False)
    assert target is not None
    assert (target.resource, target.namespace_id) == (Resource.KEY, "ID")
