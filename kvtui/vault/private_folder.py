"""A folder and files in it that only their owner can read: anything else there is refused."""

import os
import stat
from pathlib import Path
from typing import Final

from kvtui.errors import VaultError

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
_OTHERS: Final = 0o077


def private_folder(path: Path) -> Path:
    """Make sure that `path` is a folder of ours (0700), and return it; else raise VaultError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)
        status = path.lstat()
        _refuse_foreign(path, status)
        if not stat.S_ISDIR(status.st_mode):
            raise VaultError(f"{path} is not a folder: remove it")
        if status.st_mode & _OTHERS:
            path.chmod(FOLDER_MODE)
    except OSError as error:
        raise VaultError(f"{path} cannot be made: {error.strerror}") from error
    return path


def private_file(path: Path) -> Path:
    """Make sure that `path` is a plain file of ours (0600), and return it; else raise VaultError.

    It is created where it does not exist.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        if path.is_symlink():
            raise VaultError(f"{path} is a symbolic link: remove it") from None
        raise VaultError(f"{path} cannot be written: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        _refuse_foreign(path, status)
        if not stat.S_ISREG(status.st_mode):
            raise VaultError(f"{path} is not a plain file: remove it")
        if status.st_mode & _OTHERS:
            os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)
    return path


def _refuse_foreign(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise VaultError(f"{path} is a symbolic link: remove it")
    if status.st_uid != os.geteuid():
        raise VaultError(f"{path} belongs to another user")
