"""A TOML file that can say on which line something stands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec

from kvtui.errors import SettingsError


class TomlFile(msgspec.Struct, frozen=True):
    """The content of a file, and where its parts stand."""

    path: Path
    text: str
    content: Mapping[str, object]

    @classmethod
    def find(cls, path: Path) -> Self | None:
        """Read the file, if there is one."""
        try:
            text = path.read_bytes().decode()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{path} is not UTF-8 text") from None
        try:
            return cls(path, text, _parse(text))
        except ValueError as error:
            raise SettingsError(f"{path} is not valid TOML: {error}") from None

    def where(self, *names: str) -> str:
        """Name the file and the line on which the value with this path stands."""
        return f"{self.path}, line {self._line(names)}"

    def table(self, *names: str) -> Mapping[str, object]:
        """Return the table with this path, an empty one where there is none."""
        found: object = self.content
        for depth, name in enumerate(names, start=1):
            found = found.get(name, {}) if isinstance(found, dict) else {}
            if not isinstance(found, dict):
                where = self.where(*names[:depth])
                raise SettingsError(f"{where}: {'.'.join(names[:depth])} must be a table")
        return found if isinstance(found, Mapping) else {}

    def _line(self, names: tuple[str, ...]) -> int:
        """Count the lines that must be read before the value exists.

        tomllib keeps no positions, and a search for the name would trip over dotted keys, inline
        tables and names inside strings.
        """
        lines = self.text.split("\n")
        for count in range(1, len(lines)):
            try:
                content = _parse("\n".join(lines[:count]))
            except ValueError:
                continue
            if _holds(content, names):
                return count
        return len(lines)


def _parse(text: str) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _holds(content: object, names: tuple[str, ...]) -> bool:
    for name in names:
        if not isinstance(content, Mapping) or name not in content:
            return False
        content = content[name]
    return True
