"""The configuration file."""

import os
from pathlib import Path

import pytest

from kvtui.errors import SettingsError
from kvtui.settings import Interface, Profile, Shortcut, Surroundings, read_config

FULL = """
[profiles.prod]
base_url = "https://api.telnyx.com"
api_key_file = "prod.key"
production = true
colour = "red"

[profiles.lab]
base_url = "http://kv.lab:8080/v2"
allow_http = true
read_only = true
colour = "#00ff7f"

[keys]
"keys.filter" = "f3"
rows.move.1 = ["j", "n"]
app.suspend = []

[ui]
ascii = true
images = "auto"
low_bandwidth = true
mouse = false
theme = "nord"
"""


def surroundings(folder: Path, text: str | None = None, **environ: str) -> Surroundings:
    if text is not None:
        (folder / "config.toml").write_text(text)
    return Surroundings(environ, folder / "elsewhere", folder)


def test_every_setting_is_read(tmp_path: Path) -> None:
    config = read_config(surroundings(tmp_path, FULL))
    assert config.profiles == {
        "prod": Profile(
            "prod",
            base_url="https://api.telnyx.com/v2",
            api_key_file=tmp_path / "prod.key",
            is_production=True,
            colour="red",
        ),
        "lab": Profile(
            "lab",
            base_url="http://kv.lab:8080/v2",
            is_read_only=True,
            colour="#00ff7f",
            is_http_allowed=True,
        ),
    }
    assert config.shortcuts == (
        Shortcut("keys.filter", ("f3",), place=("keys", "keys.filter")),
        Shortcut("rows.move.1", ("j", "n"), place=("keys", "rows", "move", "1")),
        Shortcut("app.suspend", (), place=("keys", "app", "suspend")),
    )
    assert config.interface == Interface(
        is_ascii=True, has_mouse=False, theme="nord", is_low_bandwidth=True, images="auto"
    )


def test_a_shortcut_can_say_where_it_stands(tmp_path: Path) -> None:
    config = read_config(surroundings(tmp_path, FULL))
    assert [shortcut.source for shortcut in config.shortcuts] == [
        f"{tmp_path / 'config.toml'}, line {line}" for line in (15, 16, 17)
    ]


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    config = read_config(surroundings(tmp_path))
    assert not config.profiles
    assert config.shortcuts == ()
    assert config.interface == Interface(is_ascii=None, has_mouse=None, theme=None)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[profile.prod]\n", 1, "'profile'"),
        ("\n\nprofiles = 3\n", 3, "profiles must be a table"),
        ("[profiles]\nprod = 3\n", 2, "profiles.prod must be a table"),
        ("[profiles.prod]\n\nurl = 'x'\n", 3, "'url'"),
        ("[profiles.prod]\napi_key = 'KEY'\n", 2, "'api_key'"),
        ("[profiles.prod]\nproduction = 'yes'\n", 2, "production must be true or false"),
        ("[profiles.prod]\nproduction = 1\n", 2, "production must be true or false"),
        ("[profiles.prod]\nbase_url = true\n", 2, "base_url must be text in quotes"),
        ("[profiles.prod]\n\n\nbase_url = 'http://far.test'", 4, "base_url: http://"),
        ("[profiles.a]\n[profiles.prod]\ncolour = '[red]'\n", 3, "colour must be"),
        ('[profiles.a]\napi_key_file = "a\\u0000b"\n', 2, "api_key_file is not a path"),
        ("[keys]\nx = 3\n", 2, "x must be a key or a list of keys"),
        ("[keys]\nx = ['a', 3]\n", 2, "x must be a key or a list of keys"),
        ("[keys]\nx = ''\n", 2, "x must be a key or a list of keys"),
        ("keys.a.b = [\n 'a',\n '',\n]\n", 4, "b must be a key or a list of keys"),
        ("[ui]\nascii = 'no'\n", 2, "ascii must be true or false"),
        ("# theme = 1\n[ui]\ntheme = 1\n", 3, "theme must be text"),
        ("[ui]\nimages = 'sixel'\n", 2, "images must be blocks, auto, kitty or iterm2"),
        ("[ui]\n'them\\e' = 1\n", 2, "is not known here"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_config(surroundings(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path / 'config.toml'}, line {line}: ")
    assert words in str(caught.value)


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.toml is not valid TOML: .*line 2"):
        read_config(surroundings(tmp_path, "[ui]\nascii =\n"))


def test_the_variable_moves_the_file(tmp_path: Path) -> None:
    moved = tmp_path / "my settings.toml"
    moved.write_text("[ui]\ntheme = 'nord'\n")
    config = read_config(surroundings(tmp_path, "[ui]\ntheme = 3", KVTUI_CONFIG=str(moved)))
    assert config.interface.theme == "nord"


def test_the_variable_may_name_the_folder(tmp_path: Path) -> None:
    here = surroundings(tmp_path, "[ui]\ntheme = 'nord'\n", KVTUI_CONFIG=str(tmp_path))
    assert read_config(here).interface.theme == "nord"


def test_a_moved_file_that_is_missing_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"KVTUI_CONFIG names .*, which does not exist"):
        read_config(surroundings(tmp_path, KVTUI_CONFIG=str(tmp_path / "gone.toml")))


def test_nothing_at_all_is_an_empty_configuration(tmp_path: Path) -> None:
    config = read_config(surroundings(tmp_path, KVTUI_CONFIG=os.devnull))
    assert (config.profiles, config.shortcuts) == ({}, ())


def test_a_key_file_is_looked_for_beside_the_configuration_or_at_home(tmp_path: Path) -> None:
    text = "".join(
        f"[profiles.{name}]\napi_key_file = '{path}'\n"
        for name, path in (("beside", "a.key"), ("absolute", "/b.key"), ("home", "~/c.key"))
    )
    profiles = read_config(surroundings(tmp_path, text)).profiles
    assert profiles["beside"].api_key_file == tmp_path / "a.key"
    assert profiles["absolute"].api_key_file == Path("/b.key")
    assert profiles["home"].api_key_file == Path.home() / "c.key"


def test_somebody_elses_home_that_does_not_exist_is_named_with_its_line(tmp_path: Path) -> None:
    text = "[profiles.a]\napi_key_file = '~nobody-of-this-name/key'\n"
    with pytest.raises(SettingsError, match=r"config\.toml, line 2: .*nobody-of-this-name"):
        read_config(surroundings(tmp_path, text))
    with pytest.raises(SettingsError, match=r"KVTUI_CONFIG: ~nobody-of-this-name"):
        read_config(surroundings(tmp_path, KVTUI_CONFIG="~nobody-of-this-name/x.toml"))


def test_a_configuration_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read: Is a directory"):
        read_config(surroundings(tmp_path))


def test_a_theme_can_say_where_it_stands(tmp_path: Path) -> None:
    interface = read_config(surroundings(tmp_path, "[ui]\nascii = true\ntheme = 'x'\n")).interface
    assert interface.theme_source == f"{tmp_path / 'config.toml'}, line 3"


@pytest.mark.parametrize(
    ("chosen", "variable", "is_stock"),
    [
        ("cells", "", False),
        ("stock", "", True),
        ("stock", "cells", False),
        ("cells", "stock", True),
    ],
)
def test_frames_are_sent_as_chosen_and_the_environment_wins(
    tmp_path: Path, chosen: str, variable: str, is_stock: bool
) -> None:
    here = surroundings(tmp_path, f"[ui]\noutput = '{chosen}'\n", KVTUI_OUTPUT=variable)
    assert read_config(here).interface.is_output_stock is is_stock


def test_an_unknown_output_is_named_with_its_source(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"line 2: output must be cells or stock, not 'x'"):
        read_config(surroundings(tmp_path, "[ui]\noutput = 'x'\n"))
    with pytest.raises(SettingsError, match=r"KVTUI_OUTPUT: output must be cells or stock"):
        read_config(surroundings(tmp_path / "other", KVTUI_OUTPUT="none"))
