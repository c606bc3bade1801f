"""Profiles, environment and bindings: where each setting comes from and which source wins."""

from kvtui.settings.api_key import key_from_file, secret_of
from kvtui.settings.binding import Binding
from kvtui.settings.config import Config, Interface, Profile, Shortcut, read_config
from kvtui.settings.precedence import Flags, Settings, load_settings
from kvtui.settings.surroundings import Surroundings

__all__ = [
    "Binding",
    "Config",
    "Flags",
    "Interface",
    "Profile",
    "Settings",
    "Shortcut",
    "Surroundings",
    "key_from_file",
    "load_settings",
    "read_config",
    "secret_of",
]
