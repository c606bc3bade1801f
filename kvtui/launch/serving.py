"""The local server alone, until a signal."""

from collections.abc import Callable
from contextlib import ExitStack, closing

from kvtui.launch.collector import collect_again
from kvtui.settings.serving import ServeArguments


def run_serve(arguments: ServeArguments, announce: Callable[[str], None]) -> None:
    """Run the local server until a signal; `announce` gets its base URL once it answers."""
    from kvtui.server.app import LocalApi
    from kvtui.server.options import CursorQuirk, ListOrder, RateLimit, ServerOptions
    from kvtui.server.run import base_url, listen, serve_forever
    from kvtui.server.sample import load_sample
    from kvtui.server.store import Store

    options = ServerOptions(
        order=ListOrder(arguments.order),
        provisioning_seconds=arguments.provisioning_seconds,
        is_provisioning_failing=arguments.is_provisioning_failing,
        deleting_seconds=arguments.deleting_seconds,
        is_deleting_failing=arguments.is_deleting_failing,
        expired_linger_seconds=arguments.expired_linger_seconds,
        is_underscore_reserved=arguments.is_underscore_reserved,
        is_edge_dot_refused=arguments.is_edge_dot_refused,
        is_content_type_kept=arguments.is_content_type_kept,
        cursor_quirk=CursorQuirk(arguments.cursors),
        is_path_normalised=arguments.is_path_normalised,
        latency_seconds=arguments.latency_seconds,
        jitter_seconds=arguments.jitter_seconds,
        empty_latency_seconds=arguments.empty_latency_seconds,
        rate_limit=RateLimit(*arguments.rate_limit) if arguments.rate_limit else None,
        is_retry_after_sent=arguments.is_retry_after_sent,
        fail_percent=arguments.fail_percent,
        fail_status=arguments.fail_status,
        is_failure_html=arguments.is_failure_html,
        drop_percent=arguments.drop_percent,
        seed=arguments.seed,
    )
    with ExitStack() as opened:
        listener = opened.enter_context(listen(arguments.port))
        store = opened.enter_context(closing(Store(arguments.data, options)))
        if arguments.has_sample_data and not store.namespaces():
            load_sample(store)
        key = arguments.api_key.reveal() if arguments.api_key else None
        app = LocalApi(store, options, key)
        collect_again()
        serve_forever(app, listener, lambda: announce(base_url(listener)))
