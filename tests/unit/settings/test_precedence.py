"""Which source wins."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kvtui.errors import SettingsError
from kvtui.secret import Secret
from kvtui.settings import Flags, Settings, Surroundings, load_settings

CONFIG = """
[profiles.default]
base_url = "https://default.test"
api_key_file = "default.key"

[profiles.prod]
base_url = "https://prod.test"
api_key_file = "prod.key"
production = true
colour = "red"

[profiles.bare]
"""


@dataclass
class Home:
    """A folder with a configuration and key files, and a keyring."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    keyring: dict[str, str] = field(default_factory=dict)

    def configure(self, text: str = CONFIG) -> None:
        (self.folder / "config.toml").write_text(text)
        for name in ("default", "prod"):
            path = self.folder / f"{name}.key"
            path.write_text(f"KEY-{name}")
            path.chmod(0o600)

    def load(self, flags: Flags | None = None) -> Settings:
        surroundings = Surroundings(self.environ, self.folder, self.folder)
        return load_settings(flags or Flags(), surroundings, look_up=self.keyring.get)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_with_nothing_said_it_is_telnyx_and_no_key(home: Home) -> None:
    settings = home.load()
    assert settings == Settings("https://api.telnyx.com/v2", None, profile="default")


def test_the_environment_names_endpoint_and_key(home: Home) -> None:
    home.environ = {"TELNYX_BASE_URL": "http://127.0.0.1:8787", "TELNYX_API_KEY": " KEY-env\n"}
    settings = home.load()
    assert settings.base_url == "http://127.0.0.1:8787/v2"
    assert settings.api_key == Secret("KEY-env")


def test_blank_variables_are_as_good_as_none(home: Home) -> None:
    home.environ = {"TELNYX_BASE_URL": "", "TELNYX_API_KEY": " ", "KVTUI_CONFIG": ""}
    assert home.load() == Settings("https://api.telnyx.com/v2")


def test_the_default_profile_stands_in_for_the_environment(home: Home) -> None:
    home.configure()
    settings = home.load()
    assert (settings.base_url, settings.api_key) == (
        "https://default.test/v2",
        Secret("KEY-default"),
    )


def test_the_environment_wins_over_the_default_profile(home: Home) -> None:
    home.configure()
    home.environ = {"TELNYX_BASE_URL": "https://env.test/", "TELNYX_API_KEY": "KEY-env"}
    settings = home.load()
    assert (settings.base_url, settings.api_key) == ("https://env.test/v2", Secret("KEY-env"))


def test_a_profile_named_by_flag_wins_over_the_environment(home: Home) -> None:
    home.configure()
    home.environ = {"TELNYX_BASE_URL": "https://env.test", "TELNYX_API_KEY": "KEY-env"}
    settings = home.load(Flags(profile="prod"))
    assert (settings.base_url, settings.api_key) == ("https://prod.test/v2", Secret("KEY-prod"))
    assert (settings.profile, settings.colour, settings.is_production) == ("prod", "red", True)


def test_a_profile_that_names_nothing_leaves_it_to_the_environment(home: Home) -> None:
    home.configure()
    home.environ = {"TELNYX_BASE_URL": "https://env.test", "TELNYX_API_KEY": "KEY-env"}
    settings = home.load(Flags(profile="bare"))
    assert (settings.base_url, settings.api_key) == ("https://env.test/v2", Secret("KEY-env"))


def test_the_flag_wins_over_everything(home: Home) -> None:
    home.configure()
    home.environ = {"TELNYX_BASE_URL": "not even a URL"}
    settings = home.load(Flags(profile="prod", base_url="https://flag.test/kv/"))
    assert settings.base_url == "https://flag.test/kv"


def test_an_unknown_profile_is_refused_with_those_that_exist(home: Home) -> None:
    home.configure()
    with pytest.raises(SettingsError, match=r"'nope' .*bare, default, prod"):
        home.load(Flags(profile="nope"))


def test_the_keyring_is_asked_last_by_host_or_profile(home: Home) -> None:
    home.keyring = {"api.telnyx.com": "KEY-host", "bare": "KEY-bare"}
    assert home.load().api_key == Secret("KEY-host")
    home.configure()
    assert home.load(Flags(profile="bare")).api_key == Secret("KEY-bare")
    assert home.load(Flags(profile="prod")).api_key == Secret("KEY-prod")


def test_a_key_kept_for_one_host_is_not_taken_for_another(home: Home) -> None:
    home.keyring = {"api.telnyx.com": "KEY-host"}
    assert home.load(Flags(base_url="https://elsewhere.test")).api_key is None


@pytest.mark.parametrize(
    ("config", "flag", "without_arming", "armed"),
    [
        ("", False, False, False),
        ("", True, True, True),
        ("read_only = true", False, True, True),
        ("production = true", False, True, False),
        ("production = true", True, True, True),
        ("production = true\nread_only = true", False, True, True),
    ],
)
def test_production_waits_to_be_armed_and_read_only_is_final(
    home: Home, config: str, flag: bool, without_arming: bool, armed: bool
) -> None:
    home.configure(f"[profiles.default]\n{config}\n")
    settings = home.load(Flags(is_read_only=flag))
    assert settings.refuses_writes(is_armed=False) is without_arming
    assert settings.refuses_writes(is_armed=True) is armed


def test_bindings_and_their_warnings_come_along(home: Home) -> None:
    home.environ = {"KV_CACHE_ID": "550e8400-e29b-41d4-a716-446655440000", "KV_BAD_ID": "x"}
    settings = home.load()
    assert [binding.name for binding in settings.bindings] == ["CACHE"]
    assert len(settings.warnings) == 1


def test_a_ca_bundle_must_be_a_file(home: Home) -> None:
    with pytest.raises(SettingsError, match="--ca-bundle"):
        home.load(Flags(ca_bundle=home.folder / "gone.pem"))
    (home.folder / "ca.pem").write_text("")
    assert home.load(Flags(ca_bundle=home.folder / "ca.pem")).ca_bundle == home.folder / "ca.pem"


PROXY = "http://proxy.test:3128"


@pytest.mark.parametrize(
    ("asked", "environ", "proxy"),
    [
        (None, {"HTTPS_PROXY": PROXY}, None),
        ("env", {}, None),
        ("env", {"HTTPS_PROXY": PROXY}, PROXY),
        ("env", {"https_proxy": PROXY, "HTTPS_PROXY": "http://other.test:1"}, PROXY),
        ("env", {"ALL_PROXY": PROXY}, PROXY),
        ("env", {"HTTP_PROXY": PROXY}, None),
        ("env", {"HTTPS_PROXY": PROXY, "NO_PROXY": "other.test, telnyx.com"}, None),
        ("env", {"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, None),
        ("env", {"HTTPS_PROXY": PROXY, "NO_PROXY": "*.telnyx.com"}, None),
        ("env", {"HTTPS_PROXY": PROXY, "no_proxy": "pi.telnyx.com"}, PROXY),
        (PROXY, {"NO_PROXY": "*"}, PROXY),
        ("http://user:word@proxy.test:3128", {}, "http://user:word@proxy.test:3128"),
    ],
)
def test_a_proxy_is_used_only_when_asked_for(
    home: Home, asked: str | None, environ: dict[str, str], proxy: str | None
) -> None:
    home.environ = environ
    assert home.load(Flags(proxy=asked)).proxy == proxy


@pytest.mark.parametrize("asked", ["proxy.test:3128", "socks5://proxy.test:1080", "http://", "ENV"])
def test_what_is_no_proxy_is_refused(home: Home, asked: str) -> None:
    with pytest.raises(SettingsError, match="--proxy"):
        home.load(Flags(proxy=asked))


def test_this_machine_is_reached_without_the_environments_proxy(home: Home) -> None:
    home.environ = {"HTTP_PROXY": PROXY, "TELNYX_BASE_URL": "http://127.0.0.1:8787"}
    assert home.load(Flags(proxy="env")).proxy is None


def test_a_readable_request_does_not_leave_this_machine_through_a_proxy(home: Home) -> None:
    with pytest.raises(SettingsError, match="readable through a proxy"):
        home.load(Flags(base_url="http://127.0.0.1:8787", proxy=PROXY))
    local = "http://127.0.0.1:3128"
    assert home.load(Flags(base_url="http://127.0.0.1:8787", proxy=local)).proxy == local


def test_nothing_secret_is_in_the_printed_form_of_settings(home: Home) -> None:
    home.environ = {"TELNYX_API_KEY": "KEY-canary"}
    settings = home.load(Flags(proxy="http://user:canary@proxy.test"))
    assert "canary" not in repr(settings)
    assert "canary" not in repr(Surroundings(home.environ, home.folder, home.folder))
