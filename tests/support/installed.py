"""The installed command, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMMAND = Path(sys.executable).with_name("kvtui")
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
"""No test may read, or wait for, the keyring of whoever runs it."""


def environ(**more: str) -> dict[str, str]:
    return {**os.environ, **NO_KEYRING, **more}


def kvtui(
    *argv: str | Path, folder: Path, variables: Mapping[str, str] | None = None, stdin: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command to its end."""
    return subprocess.run(
        [COMMAND, *argv],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=environ(**(variables or {})),
        timeout=60,
        check=False,
    )
