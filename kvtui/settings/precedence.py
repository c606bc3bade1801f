"""Which source wins: a flag, a profile named by flag, the environment, the default profile."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from kvtui.errors import SettingsError
from kvtui.protocol import DEFAULT_BASE_URL
from kvtui.secret import Secret
from kvtui.settings.api_key import (
    KeyringLookup,
    key_from_environment,
    key_from_file,
    key_from_keyring,
)
from kvtui.settings.binding import Binding, read_bindings
from kvtui.settings.config import Config, Interface, Profile, Shortcut, read_config
from kvtui.settings.endpoint import check_base_url
from kvtui.settings.proxy import choose_proxy
from kvtui.settings.surroundings import Surroundings

DEFAULT_PROFILE: Final = "default"
BASE_URL_VARIABLE: Final = "TELNYX_BASE_URL"


class Flags(msgspec.Struct, frozen=True):
    """What argv says about the endpoint."""

    profile: str | None = None
    base_url: str | None = None
    is_read_only: bool = False
    ca_bundle: Path | None = None
    proxy: str | None = None
    """A URL, or `env` for the one the environment names."""
    is_journaled: bool = True
    """Whether values that are overwritten are kept for undo."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that was decided before the first request."""

    base_url: str
    """Without a slash at its end."""
    api_key: Secret | None = None
    """None where no source has one."""
    profile: str = DEFAULT_PROFILE
    colour: str | None = None
    is_production: bool = False
    """Writes wait until they are armed."""
    is_read_only: bool = False
    """Writes are refused, armed or not."""
    ca_bundle: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    """May hold a password, and is therefore kept out of `repr`."""
    bindings: tuple[Binding, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    interface: Interface = field(default_factory=Interface)
    is_journaled: bool = True
    """Values that are overwritten are kept for undo, and writes refused where they cannot be."""
    warnings: tuple[str, ...] = ()
    """What had to be passed over, in words."""
    profiles: tuple[Profile, ...] = field(default=(), compare=False)
    """All of the configuration file, to switch between."""
    state_folder: Path = field(default_factory=Path, compare=False)
    """Where journal, drafts, plans and reports are kept."""

    def refuses_writes(self, *, is_armed: bool) -> bool:
        return self.is_read_only or (self.is_production and not is_armed)


def load_settings(
    flags: Flags, surroundings: Surroundings, *, look_up: KeyringLookup | None = None
) -> Settings:
    """Read every source and decide, or raise SettingsError."""
    config = read_config(surroundings)
    profile = _profile(flags, config)
    base_url = _base_url(flags, profile, surroundings)
    bindings, warnings = read_bindings(surroundings)
    return Settings(
        base_url,
        _api_key(flags, profile, surroundings, base_url, look_up),
        profile=profile.name,
        colour=profile.colour,
        is_production=profile.is_production,
        is_read_only=flags.is_read_only or profile.is_read_only,
        ca_bundle=_ca_bundle(flags),
        proxy=choose_proxy(flags.proxy, base_url, surroundings),
        bindings=bindings,
        shortcuts=config.shortcuts,
        interface=config.interface,
        is_journaled=flags.is_journaled,
        warnings=warnings,
        profiles=tuple(config.profiles.values()),
        state_folder=surroundings.state_folder,
    )


def _profile(flags: Flags, config: Config) -> Profile:
    if flags.profile is None:
        return config.profiles.get(DEFAULT_PROFILE, Profile(DEFAULT_PROFILE))
    if flags.profile not in config.profiles:
        known = ", ".join(sorted(config.profiles)) or "none"
        raise SettingsError(
            f"--profile: {config.path} has no profile {flags.profile!r} (it has: {known})"
        )
    return config.profiles[flags.profile]


def _base_url(flags: Flags, profile: Profile, surroundings: Surroundings) -> str:
    from_environment = surroundings.variable(BASE_URL_VARIABLE)
    if flags.base_url is not None:
        text, source = flags.base_url, "--base-url"
    elif profile.base_url and (flags.profile or not from_environment):
        return profile.base_url
    else:
        text, source = from_environment or DEFAULT_BASE_URL, BASE_URL_VARIABLE
    return check_base_url(text, source=source, is_http_allowed=profile.is_http_allowed)


def _api_key(
    flags: Flags,
    profile: Profile,
    surroundings: Surroundings,
    base_url: str,
    look_up: KeyringLookup | None,
) -> Secret | None:
    if profile.api_key_file and flags.profile:
        return key_from_file(profile.api_key_file)
    if key := key_from_environment(surroundings):
        return key
    if profile.api_key_file:
        return key_from_file(profile.api_key_file)
    return key_from_keyring(flags.profile or urlsplit(base_url).netloc, look_up)


def _ca_bundle(flags: Flags) -> Path | None:
    if flags.ca_bundle is not None and not flags.ca_bundle.is_file():
        raise SettingsError(f"--ca-bundle: {flags.ca_bundle} is not a file")
    return flags.ca_bundle
