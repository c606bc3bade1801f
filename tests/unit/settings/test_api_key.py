"""Where the API key comes from, and that it is shown nowhere."""

import os
import threading
from pathlib import Path

import pytest

from kvtui.errors import SettingsError
from kvtui.secret import Secret
from kvtui.settings import Surroundings
from kvtui.settings.api_key import key_from_environment, key_from_file, key_from_keyring

KEY = "KEY0123-canary"


def key_file(folder: Path, text: str = KEY, mode: int = 0o600) -> Path:
    path = folder / "api key"
    path.write_text(text)
    path.chmod(mode)
    return path


def from_environment(folder: Path, value: str) -> Secret | None:
    return key_from_environment(Surroundings({"TELNYX_API_KEY": value}, folder, folder))


def test_a_key_from_a_private_file_loses_the_newline_of_its_editor(tmp_path: Path) -> None:
    assert key_from_file(key_file(tmp_path, f"{KEY}\n")) == Secret(KEY)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_can_read_is_refused_with_the_command_to_run(
    tmp_path: Path, mode: int
) -> None:
    path = key_file(tmp_path, mode=mode)
    with pytest.raises(SettingsError) as caught:
        key_from_file(path)
    assert str(caught.value).endswith(f"run: chmod 600 '{path}'")


@pytest.mark.parametrize("text", ["", "two words", "KEY\nKEY", "schlüssel", "KEY\x00"])
def test_a_key_that_no_header_can_carry_is_refused_unshown(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        key_from_file(key_file(tmp_path, text))
    assert str(caught.value).startswith(f"the key file {tmp_path / 'api key'}: ")
    assert "two" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        key_from_file(tmp_path / "gone")


def test_a_pipe_in_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SettingsError, match="is not a file"):
        key_from_file(tmp_path / "pipe")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a file"):
        key_from_file(tmp_path)


def test_a_blank_variable_is_no_key(tmp_path: Path) -> None:
    assert from_environment(tmp_path, "  ") is None


def test_a_variable_that_no_header_can_carry_is_named_and_its_text_is_not(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        from_environment(tmp_path, "KEY-canary\x1b")
    assert "TELNYX_API_KEY" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_the_keyring_is_asked_by_name() -> None:
    asked: list[str] = []

    def look_up(user: str) -> str | None:
        asked.append(user)
        return KEY

    assert key_from_keyring("prod", look_up) == Secret(KEY)
    assert asked == ["prod"]


def test_an_empty_keyring_has_no_key() -> None:
    assert key_from_keyring("prod", lambda _: None) is None


def test_a_keyring_that_hangs_is_given_up() -> None:
    unlocked = threading.Event()

    def look_up(_: str) -> str | None:
        unlocked.wait()
        return KEY

    try:
        assert key_from_keyring("prod", look_up, limit_seconds=0.05) is None
    finally:
        unlocked.set()


def test_no_way_of_printing_shows_the_key() -> None:
    secret = Secret(KEY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}"]
    assert not [text for text in shown if "canary" in text]
    assert secret.reveal() == KEY


def test_keys_are_equal_by_their_text_alone() -> None:
    assert Secret(f" {KEY} ") == Secret(KEY)
    assert Secret(KEY) != Secret("other")
    assert Secret(KEY) != KEY
    assert len({Secret(KEY), Secret(KEY)}) == 1
