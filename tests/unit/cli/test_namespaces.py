"""`kvtui ns`."""

from kvtui.server.options import ServerOptions
from tests.support.command_line import Cache, Shell
from tests.support.server import LocalServer, running_server


def test_namespaces_are_listed_by_name_with_what_scripts_need(
    shell: Shell, server: LocalServer
) -> None:
    ids = {name: server.namespace(name).namespace.id for name in ("zebra", "ant")}
    shell.environ["KV_MY_ANT_ID"] = ids["ant"]
    assert [line.split() for line in shell.run("ns", "ls").lines] == [
        [ids["ant"], "provision_ok", "ant", "@MY_ANT"],
        [ids["zebra"], "provision_ok", "zebra"],
    ]


def test_as_json_each_namespace_is_one_line(shell: Shell, cache: Cache) -> None:
    shell.environ["KV_CACHE_ID"] = cache.id
    [record] = shell.run("ns", "ls", "--json").records
    assert record == {
        "id": cache.id,
        "name": "my-cache",
        "status": "provision_ok",
        "created_at": cache.state.namespace.created_at,
        "updated_at": cache.state.namespace.updated_at,
        "bindings": ["@CACHE"],
    }


def test_a_namespace_is_created_and_its_line_is_the_data(shell: Shell, server: LocalServer) -> None:
    result = shell.run("ns", "create", "fresh", "--json")
    [state] = server.store.namespaces()
    assert result.status == 0
    assert result.records[0]["id"] == state.namespace.id


def test_waiting_ends_when_the_namespace_is_ready(shell: Shell) -> None:
    with running_server(ServerOptions(provisioning_seconds=0.5)) as server:
        shell.point_at(server.base_url)
        assert shell.run("ns", "create", "plain", "--json").records[0]["status"] == "pending"
        result = shell.run("ns", "create", "waited", "--wait", "--json")
    assert result.status == 0
    assert result.records[0]["status"] == "provision_ok"


def test_waiting_for_what_fails_ends_with_1(shell: Shell) -> None:
    with running_server(
        ServerOptions(provisioning_seconds=0, is_provisioning_failing=True)
    ) as server:
        shell.point_at(server.base_url)
        result = shell.run("ns", "create", "doomed", "--wait", "--json")
    assert result.status == 1
    assert result.records[0]["status"] == "provision_failed"


def test_a_name_that_cannot_be_is_refused_before_any_request(shell: Shell) -> None:
    shell.point_at("http://127.0.0.1:1")
    result = shell.run("ns", "create", "My Cache")
    assert result.status == 2
    assert "lowercase" in result.err


def test_a_name_that_is_taken_is_refused_by_the_server(shell: Shell, cache: Cache) -> None:
    assert shell.run("ns", "create", "my-cache").status == 3


def test_details_are_shown_under_any_way_of_naming_it(shell: Shell, cache: Cache) -> None:
    shell.environ["KV_CACHE_ID"] = cache.id
    for name in ("my-cache", cache.id, cache.id.upper(), "@CACHE"):
        lines = shell.run("ns", "get", name).lines
        assert f"id          {cache.id}" in lines
        assert "binding     @CACHE" in lines


def test_an_unknown_binding_is_an_error_that_names_the_known_ones(
    shell: Shell, cache: Cache
) -> None:
    shell.environ["KV_CACHE_ID"] = cache.id
    result = shell.run("ns", "get", "@OTHER")
    assert result.status == 2
    assert "@CACHE" in result.err


def test_a_name_that_two_share_is_an_error_that_lists_both_ids(
    shell: Shell, server: LocalServer, cache: Cache
) -> None:
    twin = "550e8400-e29b-41d4-a716-446655440000"
    server.store.add_namespace(twin, "my-cache", cache.state.lifecycle, 0)
    result = shell.run("ls", "my-cache")
    assert result.status == 2
    assert cache.id in result.err
    assert twin in result.err


def status(cache: Cache) -> str:
    state = cache.server.store.namespace(cache.id)
    return state.namespace.status if state else "gone"


def test_a_namespace_goes_when_its_name_was_typed(shell: Shell, cache: Cache) -> None:
    result = shell.run("ns", "rm", cache.id, answers=("my-cache",))
    assert result.status == 0
    assert cache.id in result.err
    assert status(cache) == "gone"


def test_anything_else_typed_keeps_it(shell: Shell, cache: Cache) -> None:
    for answer in ("y", "yes", "MY-CACHE", cache.id, ""):
        assert shell.run("ns", "rm", "my-cache", answers=(answer,)).status == 1
    assert status(cache) == "provision_ok"


def test_where_nobody_can_be_asked_it_takes_a_flag(shell: Shell, cache: Cache) -> None:
    assert shell.run("ns", "rm", "my-cache", stdin=b"my-cache\n").status == 2
    assert status(cache) == "provision_ok"
    assert shell.run("ns", "rm", "my-cache", "--yes").status == 0
    assert status(cache) == "gone"


def test_a_dry_run_says_what_would_go_and_asks_nothing(shell: Shell, cache: Cache) -> None:
    result = shell.run("ns", "rm", "my-cache", "--dry-run", "--read-only")
    assert result.status == 0
    assert "would delete my-cache" in result.err
    assert status(cache) == "provision_ok"
