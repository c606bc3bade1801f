"""What the process was started in, handed down so that nothing below reads it by itself."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

CONFIG_VARIABLE = "KVTUI_CONFIG"


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("kvtui")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment and the folders that settings are read from."""

    environ: Mapping[str, str] = field(repr=False)
    """Holds the API key, and is therefore kept out of `repr`."""
    working_folder: Path
    config_folder: Path
    """Of the platform; `KVTUI_CONFIG` moves the file elsewhere."""
    state_folder: Path = field(default_factory=_state_folder)
    """Of the platform: journal, drafts, plans, reports."""

    @classmethod
    def of_this_process(cls) -> Self:
        import platformdirs

        return cls(os.environ, Path(), platformdirs.user_config_path("kvtui"))

    def variable(self, name: str) -> str | None:
        """Return an environment variable, None where it is unset or blank."""
        text = self.environ.get(name, "").strip()
        return text or None
