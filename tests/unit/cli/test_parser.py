"""What argv may say, and that the help tells it."""

from dataclasses import asdict
from pathlib import Path

import pytest

from kvtui import __version__
from kvtui.cli.browse import DEMO, browse
from kvtui.cli.parser import parse, top_commands
from kvtui.cli.serve import CURSORS, ORDERS, serve_arguments
from kvtui.server.options import CursorQuirk, ListOrder, ServerOptions
from tests.support.command_line import Shell


def given(*argv: str) -> dict[str, object]:
    return vars(parse(argv))


def refusal(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_nothing_at_all_is_the_browser() -> None:
    assert given() == {"run": browse}


def test_the_browser_takes_a_place_to_open() -> None:
    options = given("--namespace", "my-cache", "--prefix", "user/")
    assert (options["namespace_option"], options["prefix_option"]) == ("my-cache", "user/")
    assert given("demo", "--namespace", "x")["run"] is DEMO.run


@pytest.mark.parametrize(
    "argv",
    [
        ("--profile", "p", "--base-url", "u", "--proxy", "env", "--ca-bundle", "c", "ls", "n"),
        ("ls", "n", "--profile", "p", "--base-url", "u", "--proxy", "env", "--ca-bundle", "c"),
        ("--profile", "p", "ls", "--base-url", "u", "n", "--proxy=env", "--ca-bundle=c"),
    ],
)
def test_options_of_the_endpoint_stand_before_or_after_the_command(argv: tuple[str, ...]) -> None:
    options = given(*argv)
    assert (options["profile"], options["base_url"], options["proxy"]) == ("p", "u", "env")
    assert options["ca_bundle"] == Path("c")


def test_an_option_after_the_command_wins_over_one_before() -> None:
    assert given("--profile", "a", "ls", "n", "--profile", "b")["profile"] == "b"


@pytest.mark.parametrize("option", ["--api-key", "--key", "--token"])
def test_no_option_takes_the_api_key(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "unrecognized" in refusal(capsys, "ls", "n", option, "KEY")
    assert "unrecognized" in refusal(capsys, "serve", option, "KEY")


def test_options_are_not_guessed_from_their_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--read" in refusal(capsys, "ls", "n", "--read")
    assert "--ye" in refusal(capsys, "rm", "n", "k", "--ye")


def test_options_of_the_browser_are_refused_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert "browser" in refusal(capsys, "--prefix", "p", "ls", "n")


def test_a_group_without_a_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "COMMAND" in refusal(capsys, "ns")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"kvtui {__version__}\n"


@pytest.mark.parametrize("command", [command.name for command in top_commands()] + ["ns"])
def test_every_command_has_a_help_and_is_in_that_of_kvtui(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for argv in (["--help"], [command, "--help"]):
        with pytest.raises(SystemExit) as ended:
            parse(argv)
        assert ended.value.code == 0
    top, own = capsys.readouterr().out.split("usage:")[1:]
    assert f"\n    {command} " in top
    assert own.startswith(f" kvtui {command} ")


@pytest.mark.parametrize(
    "argv",
    [
        ("--port", "-1"),
        ("--port", "65536"),
        ("--port", "x"),
        ("--port", "9" * 5000),
        ("--latency", "-1"),
        ("--latency", "nan"),
        ("--latency", "inf"),
        ("--rate-limit", "0/1"),
        ("--rate-limit", "5/0"),
        ("--rate-limit", "five"),
        ("--rate-limit", "5/"),
        ("--fail", "101"),
        ("--fail-status", "200"),
        ("--order", "random"),
    ],
)
def test_the_server_takes_no_nonsense(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    assert f"argument {argv[0]}:" in refusal(capsys, "serve", *argv)


@pytest.mark.parametrize("option", ["--profile", "--base-url", "--ca-bundle", "--proxy"])
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_command_with_a_server_of_its_own_takes_no_endpoint(
    tmp_path: Path, option: str, command: str
) -> None:
    result = Shell(tmp_path).run(option, "x", command)
    assert result.status == 2
    assert option in result.err


def test_the_server_takes_no_read_only(tmp_path: Path) -> None:
    assert Shell(tmp_path).run("--read-only", "serve").status == 2


def test_the_browser_needs_a_terminal(tmp_path: Path) -> None:
    for argv in ((), ("demo",)):
        result = Shell(tmp_path).run(*argv)
        assert (result.status, result.out) == (2, b"")
        assert len(result.err.splitlines()) == 1
        assert "terminal" in result.err


@pytest.mark.parametrize(
    ("argv", "field", "value"),
    [
        ((), "port", 8787),
        (("--port", "0"), "port", 0),
        (("--data", "kv.db"), "data", Path("kv.db")),
        (("--sample",), "has_sample_data", True),
        (("--order", "write"), "order", "write"),
        (("--provisioning", "0.5"), "provisioning_seconds", 0.5),
        (("--fail-provisioning",), "is_provisioning_failing", True),
        (("--deleting", "20"), "deleting_seconds", 20.0),
        (("--fail-deleting",), "is_deleting_failing", True),
        (("--linger", "3"), "expired_linger_seconds", 3.0),
        (("--reserve-underscore",), "is_underscore_reserved", True),
        (("--refuse-edge-dots",), "is_edge_dot_refused", True),
        (("--forget-content-type",), "is_content_type_kept", False),
        (("--latency", "1500"), "latency_seconds", 1.5),
        (("--jitter", "20"), "jitter_seconds", 0.02),
        (("--rate-limit", "10"), "rate_limit", (10, 1.0)),
        (("--rate-limit", "10/0.5"), "rate_limit", (10, 0.5)),
        (("--no-retry-after",), "is_retry_after_sent", False),
        (("--fail", "12.5"), "fail_percent", 12.5),
        (("--fail-status", "503"), "fail_status", 503),
        (("--fail-html",), "is_failure_html", True),
        (("--drop", "100"), "drop_percent", 100.0),
        (("--cursors", "missing"), "cursors", "missing"),
        (("--fold-dots",), "is_path_normalised", True),
        (("--seed", "7"), "seed", 7),
    ],
)
def test_each_option_of_the_server_changes_one_thing(
    argv: tuple[str, ...], field: str, value: object
) -> None:
    plain = asdict(serve_arguments(parse(["serve"])))
    changed = asdict(serve_arguments(parse(["serve", *argv])))
    assert changed == {**plain, field: value}


def test_the_choices_are_those_of_the_server() -> None:
    assert set(ORDERS) == set(ListOrder)
    assert set(CURSORS) == set(CursorQuirk)


def test_the_defaults_are_those_of_the_server() -> None:
    plain = asdict(serve_arguments(parse(["serve"])))
    servers_own = asdict(ServerOptions())
    shared = plain.keys() & servers_own.keys()
    assert len(shared) > 15
    assert {name: plain[name] for name in shared} == {name: servers_own[name] for name in shared}
