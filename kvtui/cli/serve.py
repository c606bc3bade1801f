"""`kvtui serve`: the local server alone."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Final

from kvtui.cli.call import Call, Command
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import refuse_endpoint_options
from kvtui.settings import key_from_file
from kvtui.settings.serving import ServeArguments

DEFAULT_PORT: Final = 8787

_Add = Callable[..., object]
"""Adds an argument to a group."""

ORDERS: Final = ("lex", "write", "shuffled")
CURSORS: Final = ("none", "after_end", "empty_page", "repeated", "missing")


def _define(parser: argparse.ArgumentParser) -> None:
    _define_server(parser.add_argument_group("server").add_argument)
    _define_api(parser.add_argument_group("where the API leaves a choice").add_argument)
    _define_faults(parser.add_argument_group("slowness and faults").add_argument)


def _define_server(add: _Add) -> None:
    add(
        "--port",
        metavar="N",
        type=_whole(0, 65_535),
        default=DEFAULT_PORT,
        help="of 127.0.0.1; 0 for any that is free (default: %(default)s)",
    )
    add("--data", metavar="FILE", type=Path, help="keep the data there; without, in memory")
    add("--sample", action="store_true", help="begin with the demo's data where there is none")
    add(
        "--api-key-file",
        metavar="FILE",
        type=Path,
        help="accept only the key in this file (0600); without, any",
    )


def _define_api(add: _Add) -> None:
    add("--order", choices=ORDERS, default="lex", help="of listed keys")
    add(
        "--provisioning",
        metavar="SECONDS",
        type=_number(0),
        default=2.0,
        help="how long a new namespace is pending (default: 2)",
    )
    add("--fail-provisioning", action="store_true", help="new namespaces end as provision_failed")
    add(
        "--deleting",
        metavar="SECONDS",
        type=_number(0),
        default=2.0,
        help="how long a namespace is deleting (default: 2)",
    )
    add("--fail-deleting", action="store_true", help="deleted namespaces end as delete_failed")
    add(
        "--linger",
        metavar="SECONDS",
        type=_number(0),
        default=0.0,
        help="how long an expired key is still listed",
    )
    add("--reserve-underscore", action="store_true", help="refuse keys that begin with _")
    add("--refuse-edge-dots", action="store_true", help="refuse keys that begin or end with .")
    add(
        "--forget-content-type",
        action="store_true",
        help="every value is read as application/octet-stream",
    )


def _define_faults(add: _Add) -> None:
    add("--latency", metavar="MS", type=_number(0), default=0.0, help="added to every answer")
    add("--jitter", metavar="MS", type=_number(0), default=0.0, help="more of it, at random")
    add(
        "--empty-latency",
        metavar="MS",
        type=_number(0),
        default=0.0,
        help="added to listings of nothing, as without an index",
    )
    add(
        "--rate-limit",
        metavar="N/S",
        type=_rate,
        help="answer at most N requests in S seconds, the others with 429",
    )
    add("--no-retry-after", action="store_true", help="a 429 does not say when to come back")
    add(
        "--fail",
        metavar="PERCENT",
        type=_number(0, 100),
        default=0.0,
        help="of the requests, before anything is done",
    )
    add(
        "--fail-status",
        metavar="STATUS",
        type=_whole(400, 599),
        default=500,
        help="of those (default: %(default)s)",
    )
    add("--fail-html", action="store_true", help="those look like a gateway's error page")
    add(
        "--drop",
        metavar="PERCENT",
        type=_number(0, 100),
        default=0.0,
        help="of the writes: done, and never answered",
    )
    add("--cursors", choices=CURSORS, default="none", help="how listings contradict themselves")
    add(
        "--fold-dots",
        action="store_true",
        help="be a gateway that folds .. in paths: a delete can hit the namespace",
    )
    add("--seed", metavar="N", type=int, default=0, help="decides which requests are hit")


def _run(call: Call) -> ExitStatus:
    from kvtui import launch

    refuse_endpoint_options(call.arguments, "--read-only")
    arguments = serve_arguments(call.arguments)
    launch.run_serve(arguments, lambda base_url: _announce(call, arguments, base_url))
    call.console.say("stopped")
    return ExitStatus.DONE


def serve_arguments(given: SimpleNamespace) -> ServeArguments:
    """Give what was asked for in the units of the server."""
    return ServeArguments(
        port=given.port,
        data=given.data,
        api_key=key_from_file(given.api_key_file) if given.api_key_file else None,
        has_sample_data=given.sample,
        order=given.order,
        cursors=given.cursors,
        provisioning_seconds=given.provisioning,
        is_provisioning_failing=given.fail_provisioning,
        deleting_seconds=given.deleting,
        is_deleting_failing=given.fail_deleting,
        expired_linger_seconds=given.linger,
        is_underscore_reserved=given.reserve_underscore,
        is_edge_dot_refused=given.refuse_edge_dots,
        is_content_type_kept=not given.forget_content_type,
        is_path_normalised=given.fold_dots,
        latency_seconds=given.latency / 1000,
        jitter_seconds=given.jitter / 1000,
        empty_latency_seconds=given.empty_latency / 1000,
        rate_limit=given.rate_limit,
        is_retry_after_sent=not given.no_retry_after,
        fail_percent=given.fail,
        fail_status=given.fail_status,
        is_failure_html=given.fail_html,
        drop_percent=given.drop,
        seed=given.seed,
    )


def _announce(call: Call, arguments: ServeArguments, base_url: str) -> None:
    """Say where the server is: the address alone on standard output, for whoever waits for it."""
    console = call.console
    key_file: Path | None = call.arguments.api_key_file
    console.line(base_url)
    console.flush()
    console.say(f"data: {arguments.data or 'in memory, gone when this ends'}")
    console.say("point clients at it with")
    console.say(f"  export TELNYX_BASE_URL={base_url}")
    key = f'"$(cat {key_file})"' if key_file else "any-key-will-do"
    console.say(f"  export TELNYX_API_KEY={key}")
    console.say("ctrl+c stops it")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most} is expected")
        return int(text[:9])

    return whole


def _number(least: float, most: float = 1_000_000) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"a number from {least:g} to {most:,g} is expected")
        return value

    return number


def _rate(text: str) -> tuple[int, float]:
    count, slash, seconds = text.partition("/")
    return _whole(1, 1_000_000)(count), _number(0.001)(seconds) if slash else 1.0


SERVE: Final = Command("serve", "run the local server alone", _define, _run)
