"""Where the API key comes from. There is no flag for it: argv is public."""

import os
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvtui.errors import SettingsError
from kvtui.secret import Secret
from kvtui.settings.surroundings import Surroundings

VARIABLE: Final = "TELNYX_API_KEY"
KEYRING_SERVICE: Final = "kvtui"
KEYRING_LIMIT_SECONDS: Final = 3.0

_MAX_FILE_BYTES: Final = 65_536

KeyringLookup = Callable[[str], str | None]


def secret_of(text: str, *, source: str) -> Secret:
    """Check an API key; a refusal names where it came from."""
    try:
        return Secret(text)
    except SettingsError as error:
        raise SettingsError(f"{source}: {error}") from None


def key_from_environment(surroundings: Surroundings) -> Secret | None:
    """Read the variable that all of Telnyx's clients share."""
    text = surroundings.variable(VARIABLE)
    return None if text is None else secret_of(text, source=VARIABLE)


def key_from_file(path: Path) -> Secret:
    """Read a key from a file that only its owner, who must be us, can read."""
    try:
        # A pipe would otherwise be waited for until somebody writes to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SettingsError(f"the key file {path} cannot be read: {error.strerror}") from None
    try:
        _check_privacy(os.fstat(descriptor), path)
        text = os.read(descriptor, _MAX_FILE_BYTES).decode("ascii", errors="replace")
    finally:
        os.close(descriptor)
    return secret_of(text, source=f"the key file {path}")


def key_from_keyring(
    user: str,
    look_up: KeyringLookup | None = None,
    *,
    limit_seconds: float = KEYRING_LIMIT_SECONDS,
) -> Secret | None:
    """Ask the system keyring, which may hang on a locked store: then it has no key."""
    answers: list[str | None] = []
    thread = threading.Thread(
        target=lambda: answers.append((look_up or _keyring_password)(user)), daemon=True
    )
    thread.start()
    thread.join(limit_seconds)
    text = answers[0] if answers else None
    return secret_of(text, source=f"the keyring's entry {KEYRING_SERVICE} {user}") if text else None


def _keyring_password(user: str) -> str | None:
    import importlib.util

    if importlib.util.find_spec("keyring") is None:
        return None
    import keyring
    from keyring.errors import KeyringError

    with suppress(KeyringError, OSError, RuntimeError):
        password: str | None = keyring.get_password(KEYRING_SERVICE, user)
        return password
    return None


def _check_privacy(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SettingsError(f"the key file {path} is not a file")
    if status.st_uid != os.geteuid():
        raise SettingsError(f"the key file {path} belongs to somebody else")
    if status.st_mode & 0o077:
        import shlex

        command = f"chmod 600 {shlex.quote(str(path))}"
        raise SettingsError(f"others can read the key file {path}; run: {command}")
