"""The configuration file: what may stand in it, checked to the line."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from kvtui.errors import SettingsError
from kvtui.settings.endpoint import check_base_url
from kvtui.settings.surroundings import CONFIG_VARIABLE, Surroundings
from kvtui.settings.toml_file import TomlFile

FILE_NAME: Final = "config.toml"

_TYPES: Final[Mapping[type, str]] = {str: "text in quotes", bool: "true or false"}
_SECTIONS: Final = ("profiles", "keys", "ui")
_PROFILE: Final[Mapping[str, type]] = {
    "base_url": str,
    "api_key_file": str,
    "production": bool,
    "read_only": bool,
    "colour": str,
    "allow_http": bool,
}
_INTERFACE: Final[Mapping[str, type]] = {
    "ascii": bool,
    "images": str,
    "low_bandwidth": bool,
    "mouse": bool,
    "output": str,
    "theme": str,
}
OUTPUT_VARIABLE: Final = "KVTUI_OUTPUT"
_OUTPUTS: Final = ("cells", "stock")
_IMAGES: Final = ("blocks", "auto", "kitty", "iterm2")

_COLOUR: Final = re.compile(
    r"#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}"
    r"|black|red|green|yellow|blue|magenta|cyan|white|orange|purple|pink|brown|grey|gray"
)


class Profile(msgspec.Struct, frozen=True):
    """An endpoint by name. Fields that the file leaves out are None or False."""

    name: str
    base_url: str | None = None
    """In the form requests are built on."""
    api_key_file: Path | None = None
    is_production: bool = False
    is_read_only: bool = False
    colour: str | None = None
    is_http_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys chosen for a command. No keys at all take the command's keys away."""

    command_id: str
    keys: tuple[str, ...]
    file: TomlFile | None = field(default=None, repr=False, compare=False)
    place: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """File and line, for whoever knows which commands exist."""
        return self.file.where(*self.place) if self.file else "[keys]"


@dataclass(frozen=True, slots=True)
class Interface:
    """How the browser is drawn. None leaves the choice to the terminal."""

    is_ascii: bool | None = None
    has_mouse: bool | None = None
    theme: str | None = None
    is_output_stock: bool = False
    """Whether frames are sent as Textual writes them, instead of the cells that changed."""
    is_low_bandwidth: bool | None = None
    """Whether frames are few and without decorations; None while the line is slow."""
    file: TomlFile | None = field(default=None, repr=False, compare=False)
    images: str = _IMAGES[0]
    """How images are drawn: with half blocks, or by a protocol of the terminal."""

    @property
    def theme_source(self) -> str:
        """File and line, for whoever knows which themes exist."""
        return self.file.where("ui", "theme") if self.file else "theme"


class Config(msgspec.Struct, frozen=True):
    """The content of the configuration file; empty where there is none."""

    path: Path
    profiles: Mapping[str, Profile] = {}
    shortcuts: tuple[Shortcut, ...] = ()
    interface: Interface = msgspec.field(default_factory=Interface)


def read_config(surroundings: Surroundings) -> Config:
    """Read and check the whole file, also the profiles that are not in use."""
    path = _place(surroundings)
    file = TomlFile.find(path)
    if file is None:
        return Config(path, interface=Interface(is_output_stock=_is_output_stock(surroundings)))
    _check_names(file, (), _SECTIONS)
    return Config(
        path,
        {name: _profile(file, name) for name in file.table("profiles")},
        tuple(_shortcuts(file, ("keys",))),
        _interface(file, surroundings),
    )


def _place(surroundings: Surroundings) -> Path:
    moved = surroundings.variable(CONFIG_VARIABLE)
    if moved is None:
        return surroundings.config_folder / FILE_NAME
    path = _expanded(moved, source=CONFIG_VARIABLE)
    if not os.access(path, os.F_OK):
        raise SettingsError(f"{CONFIG_VARIABLE} names {path}, which does not exist")
    return path / FILE_NAME if path.is_dir() else path


def _expanded(text: str, *, source: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"{source}: {text} names a user who has no home") from None


def _profile(file: TomlFile, name: str) -> Profile:
    place = ("profiles", name)
    fields = _checked(file, place, _PROFILE)
    return Profile(
        name,
        base_url=_base_url(file, place, fields),
        api_key_file=_key_file(file, place, _text(fields, "api_key_file")),
        is_production=fields.get("production") is True,
        is_read_only=fields.get("read_only") is True,
        colour=_colour(file, place, _text(fields, "colour")),
        is_http_allowed=fields.get("allow_http") is True,
    )


def _base_url(file: TomlFile, place: tuple[str, ...], fields: Mapping[str, object]) -> str | None:
    text = _text(fields, "base_url")
    if text is None:
        return None
    is_http_allowed = fields.get("allow_http") is True
    try:
        return check_base_url(text, source="base_url", is_http_allowed=is_http_allowed)
    except SettingsError as error:
        raise SettingsError(f"{file.where(*place, 'base_url')}: {error}") from None


def _key_file(file: TomlFile, place: tuple[str, ...], text: str | None) -> Path | None:
    """Resolve the path beside the configuration file, where it is not absolute."""
    if text is None:
        return None
    if not text.isprintable():
        raise SettingsError(f"{file.where(*place, 'api_key_file')}: api_key_file is not a path")
    if not text.startswith("~"):
        return file.path.parent / text
    return _expanded(text, source=file.where(*place, "api_key_file"))


def _interface(file: TomlFile, surroundings: Surroundings) -> Interface:
    fields = _checked(file, ("ui",), _INTERFACE)
    is_ascii, is_low_bandwidth = fields.get("ascii"), fields.get("low_bandwidth")
    has_mouse = fields.get("mouse")
    return Interface(
        is_ascii if isinstance(is_ascii, bool) else None,
        has_mouse if isinstance(has_mouse, bool) else None,
        _text(fields, "theme"),
        _is_output_stock(surroundings, file, _text(fields, "output")),
        is_low_bandwidth if isinstance(is_low_bandwidth, bool) else None,
        file,
        images=_images(file, _text(fields, "images")),
    )


def _images(file: TomlFile, chosen: str | None) -> str:
    if chosen is None or chosen in _IMAGES:
        return chosen or _IMAGES[0]
    where = file.where("ui", "images")
    raise SettingsError(f"{where}: images must be {', '.join(_IMAGES[:-1])} or {_IMAGES[-1]}")


def _is_output_stock(
    surroundings: Surroundings, file: TomlFile | None = None, chosen: str | None = None
) -> bool:
    """Tell whether frames are sent as Textual writes them; the environment wins."""
    variable = surroundings.variable(OUTPUT_VARIABLE)
    for name, source in (
        (chosen, file and file.where("ui", "output")),
        (variable, OUTPUT_VARIABLE),
    ):
        if name is not None and name not in _OUTPUTS:
            raise SettingsError(f"{source}: output must be {' or '.join(_OUTPUTS)}, not {name!r}")
    return (variable or chosen) == "stock"


def _shortcuts(file: TomlFile, place: tuple[str, ...]) -> Iterator[Shortcut]:
    """Read `[keys]`, where `a.b = "x"` is as good as `"a.b" = "x"`."""
    for name, value in file.table(*place).items():
        here = (*place, name)
        if isinstance(value, Mapping):
            yield from _shortcuts(file, here)
        else:
            keys = [value] if isinstance(value, str) else value
            yield Shortcut(".".join(here[1:]), _keys(file, here, keys), file, here)


def _keys(file: TomlFile, place: tuple[str, ...], value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        keys = tuple(key for key in value if isinstance(key, str) and key.strip())
        if len(keys) == len(value):
            return keys
    raise SettingsError(f"{file.where(*place)}: {place[-1]} must be a key or a list of keys")


def _checked(
    file: TomlFile, place: tuple[str, ...], types: Mapping[str, type]
) -> Mapping[str, object]:
    """Return the table there, in which every name is known and every type right."""
    fields = file.table(*place)
    _check_names(file, place, tuple(types))
    for name, value in fields.items():
        if type(value) is not types[name]:
            where = file.where(*place, name)
            raise SettingsError(f"{where}: {name} must be {_TYPES[types[name]]}")
    return fields


def _check_names(file: TomlFile, place: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in file.table(*place):
        if name not in known:
            where = file.where(*place, name)
            raise SettingsError(f"{where}: {name!r} is not known here, only {', '.join(known)} are")


def _colour(file: TomlFile, place: tuple[str, ...], colour: str | None) -> str | None:
    if colour is None or _COLOUR.fullmatch(colour):
        return colour
    where = file.where(*place, "colour")
    raise SettingsError(f"{where}: colour must be a plain colour name or #rrggbb")


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
