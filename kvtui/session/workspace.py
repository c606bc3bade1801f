"""Everything a person can reach with one profile: its account, and the namespaces opened."""

from collections.abc import Awaitable, Callable, Sequence

from kvtui.records import Namespace, TraceEntry
from kvtui.session.account import Account
from kvtui.session.client import Client, Trace
from kvtui.session.curl import as_curl, curl_of_folder, curl_of_value
from kvtui.session.editing import Editing
from kvtui.session.namespace import OpenNamespace
from kvtui.settings import Binding

Connect = Callable[[], Awaitable["Workspace"]]


class Workspace:
    """One client, and what is known through it."""

    def __init__(
        self, client: Client, *, profile: str = "", bindings: Sequence[Binding] = ()
    ) -> None:
        self.profile = profile
        self.account = Account(client, bindings)
        self.editing = Editing(client)
        self._client = client
        self._open: dict[str, OpenNamespace] = {}

    @property
    def host(self) -> str:
        return self._client.host

    @property
    def is_read_only(self) -> bool:
        return self._client.is_read_only

    @property
    def trace(self) -> Trace:
        return self._client.trace

    @property
    def rate_limit_wait_seconds(self) -> float:
        return self._client.rate_limit_wait_seconds

    def open(self, namespace: Namespace) -> OpenNamespace:
        """Give the open namespace, with all that was seen of it before."""
        known = self._open.get(namespace.id)
        if known is None:
            known = self._open[namespace.id] = OpenNamespace(self._client, namespace)
        known.namespace = namespace
        return known

    def forget(self, namespace: Namespace) -> None:
        """Drop what is known of a namespace that is gone."""
        self._open.pop(namespace.id, None)

    def curl(self, entry: TraceEntry) -> str:
        return as_curl(entry, self._client.base_url)

    def curl_of_value(self, namespace: Namespace, key: str) -> str:
        return curl_of_value(self._client.base_url, namespace.id, key)

    def curl_of_folder(self, namespace: Namespace, prefix: str) -> str:
        return curl_of_folder(self._client.base_url, namespace.id, prefix)

    async def aclose(self) -> None:
        await self._client.aclose()
