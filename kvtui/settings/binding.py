"""Namespaces that the project in the working folder binds to names."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from kvtui.errors import SettingsError
from kvtui.protocol import is_namespace_id
from kvtui.settings.surroundings import Surroundings
from kvtui.settings.toml_file import TomlFile

PROJECT_FILES: Final = ("func.toml", "telnyx.toml")

_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_VARIABLE: Final = re.compile(r"KV_(?P<name>[A-Za-z0-9_]+)_ID")


class Binding(msgspec.Struct, frozen=True):
    """A name by which a function of this project knows a namespace."""

    name: str
    namespace_id: str
    source: str
    """The file or the variable it comes from."""


def read_bindings(surroundings: Surroundings) -> tuple[tuple[Binding, ...], tuple[str, ...]]:
    """Return the bindings in force and, in words, what had to be passed over.

    A project's broken file is no reason not to start, so nothing here raises. Where two sources
    give one name different namespaces, the earlier one counts: files before variables.
    """
    bindings: dict[str, Binding] = {}
    warnings: list[str] = []
    for found in _candidates(surroundings):
        if isinstance(found, str):
            warnings.append(found)
            continue
        first = bindings.setdefault(found.name, found)
        if first.namespace_id != found.namespace_id:
            warnings.append(
                f"{found.source} binds {found.name} to another namespace than {first.source},"
                " which counts"
            )
    return tuple(bindings.values()), tuple(warnings)


def _candidates(surroundings: Surroundings) -> Iterator[Binding | str]:
    for file_name in PROJECT_FILES:
        yield from _in_file(surroundings.working_folder / file_name)
    yield from _in_environment(surroundings.environ)


def _in_file(path: Path) -> Iterator[Binding | str]:
    try:
        file = TomlFile.find(path)
        blocks = file.table("storage", "kv") if file else {}
    except SettingsError as error:
        yield str(error)
        return
    for name, block in blocks.items():
        namespace_id = block.get("id") if isinstance(block, Mapping) else None
        yield _checked(name, namespace_id, source=path.name)


def _in_environment(environ: Mapping[str, str]) -> Iterator[Binding | str]:
    for variable, namespace_id in sorted(environ.items()):
        if match := _VARIABLE.fullmatch(variable):
            yield _checked(match["name"], namespace_id.strip(), source=variable)


def _checked(name: str, namespace_id: object, *, source: str) -> Binding | str:
    if not _NAME.fullmatch(name):
        return f"{source} has a binding whose name cannot be a variable: {name!r}"
    if not isinstance(namespace_id, str) or not is_namespace_id(namespace_id):
        return f"{source} binds {name} to something that is not a namespace id"
    return Binding(name, namespace_id.lower(), source)
