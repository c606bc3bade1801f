"""The namespaces an API key can see: list, watch, create, delete, find by name."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from kvtui.errors import ConflictError, NotFoundError, SettingsError
from kvtui.protocol import Status, is_namespace_id
from kvtui.records import Namespace, Priority
from kvtui.session.client import Client
from kvtui.settings import Binding


class StatusChange(msgspec.Struct, frozen=True):
    """A namespace whose status was seen to change; `now` is None when it is gone."""

    namespace: Namespace
    now: Namespace | None


class Account:
    """The list of namespaces as last seen, and what can be done with it.

    `bindings` name namespaces in the project at hand; see `settings`.
    """

    def __init__(self, client: Client, bindings: Sequence[Binding] = ()) -> None:
        self._client = client
        self._bindings = tuple(bindings)
        self._namespaces: dict[str, Namespace] = {}

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """By name, as last seen."""
        return tuple(sorted(self._namespaces.values(), key=lambda item: (item.name, item.id)))

    @property
    def unsettled(self) -> tuple[Namespace, ...]:
        """Those whose status changes by itself."""
        return tuple(item for item in self.namespaces if not item.is_settled)

    def get(self, namespace_id: str) -> Namespace | None:
        return self._namespaces.get(namespace_id)

    def binding_names(self, namespace: Namespace) -> tuple[str, ...]:
        """Give the names under which the project at hand binds `namespace`."""
        return tuple(
            binding.name
            for binding in self._bindings
            if binding.namespace_id.lower() == namespace.id.lower()
        )

    def binding_snippet(self, namespace: Namespace) -> str:
        """Give the lines for func.toml that bind `namespace`, under its name here if it has one."""
        names = self.binding_names(namespace)
        name = names[0] if names else namespace.name.upper().replace("-", "_")
        return f'[storage.kv.{name}]\nid = "{namespace.id}"\n'

    async def refresh(self) -> tuple[Namespace, ...]:
        """Read the whole list anew."""
        listed = await self._client.list_namespaces()
        self._namespaces = {item.id: item for item in listed if item.status != Status.DELETED}
        return self.namespaces

    async def check(self, namespace: Namespace) -> StatusChange | None:
        """Ask for one namespace; tell what changed, or None."""
        try:
            now = await self._client.get_namespace(namespace.id)
        except NotFoundError:
            return self._forget(namespace)
        if now.status == Status.DELETED:
            return self._forget(namespace)
        self._namespaces[now.id] = now
        return StatusChange(namespace, now) if now != namespace else None

    async def create(self, name: str) -> Namespace:
        created = await self._client.create_namespace(name)
        self._namespaces[created.id] = created
        return created

    async def delete(self, namespace: Namespace) -> Namespace:
        """Ask for deletion; the answer says `deleting` even where the server says otherwise.

        A conflict on a namespace that turns out to be on its way out is not an error.
        """
        try:
            await self._client.delete_namespace(namespace.id)
        except ConflictError:
            change = await self.check(namespace)
            now = change.now if change is not None else namespace
            if now is not None and now.status != Status.DELETING:
                raise
        deleting = replace(namespace, status=Status.DELETING)
        self._namespaces[namespace.id] = deleting
        return deleting

    async def resolve(self, text: str) -> Namespace:
        """Find the namespace that a person means by a name, a UUID or `@BINDING`.

        The list is read again only where the one last seen does not hold the name.
        Raises SettingsError for an unknown binding or a name that several namespaces share,
        NotFoundError where the account has no such namespace.
        """
        if text.startswith("@"):
            return await self._client.get_namespace(
                self._bound_id(text[1:]), priority=Priority.INTERACTIVE
            )
        if is_namespace_id(text):
            return await self._client.get_namespace(text, priority=Priority.INTERACTIVE)
        found = self._named(text)
        if not found:
            await self.refresh()
            found = self._named(text)
        return _only(text, found)

    def _named(self, name: str) -> list[Namespace]:
        return [item for item in self.namespaces if item.name == name]

    def _bound_id(self, name: str) -> str:
        for binding in self._bindings:
            if binding.name == name:
                return binding.namespace_id
        known = ", ".join(sorted({f"@{binding.name}" for binding in self._bindings})) or "none"
        raise SettingsError(f"there is no binding @{name} here (known: {known})")

    def _forget(self, namespace: Namespace) -> StatusChange:
        self._namespaces.pop(namespace.id, None)
        return StatusChange(namespace, None)


def _only(name: str, found: Iterable[Namespace]) -> Namespace:
    namespaces = list(found)
    if not namespaces:
        raise NotFoundError(
            f"there is no namespace named {name}",
            status=404,
            code=None,
            detail=None,
            request="GET /storage/kvs",
        )
    if len(namespaces) > 1:
        ids = ", ".join(item.id for item in namespaces)
        raise SettingsError(f"several namespaces are named {name}: say which by its id ({ids})")
    return namespaces[0]
