"""`kvtui` and `kvtui demo`: the browser."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from kvtui.cli.call import Call, Command
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import refuse_endpoint_options
from kvtui.errors import SettingsError
from kvtui.settings import Settings, load_settings, read_config

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_browser_options(parser: "ArgumentParser") -> None:
    """Add where the browser opens; like endpoint options, absent ones leave no trace."""
    from argparse import SUPPRESS

    group = parser.add_argument_group("browser", argument_default=SUPPRESS)
    group.add_argument(
        "--namespace", metavar="NAME_OR_ID", dest="namespace_option", help="open this one"
    )
    group.add_argument(
        "--mask", action="store_true", dest="mask_option", help="hide values until x reveals them"
    )
    group.add_argument("--prefix", metavar="P", dest="prefix_option", help="and this folder of it")


def browse(call: Call) -> ExitStatus:
    """Run the browser on the configured endpoint."""
    from kvtui import launch

    _check_terminal(call, "kvtui --help lists the commands that need none")

    def load(name: str) -> Settings:
        """Read another profile; what was said of the endpoint in argv is not for it."""
        flags = replace(call.flags, profile=name, base_url=None)
        return _without_spies(load_settings(flags, call.surroundings), call)

    settings = _without_spies(call.settings(), call)
    return ExitStatus(launch.browse(settings, load, **_place(call), is_masked=_is_masked(call)))


def _without_spies(settings: Settings, call: Call) -> Settings:
    """Refuse what would write production values into a log of Textual's."""
    spies = [call.surroundings.variable("TEXTUAL_LOG"), call.surroundings.variable("TEXTUAL")]
    if settings.is_production and any(spies):
        raise SettingsError(
            f"the profile {settings.profile} is production: unset TEXTUAL and TEXTUAL_LOG,"
            " which would write what is on screen elsewhere"
        )
    return settings


def _define_demo(parser: "ArgumentParser") -> None:
    from argparse import SUPPRESS

    parser.add_argument(
        "--screenshot", metavar="FILE.svg", type=Path, help="draw the first screen there, and end"
    )
    add_browser_options(parser)
    parser.add_argument(
        "--read-only", action="store_true", default=SUPPRESS, help="refuse every write"
    )


def _demo(call: Call) -> ExitStatus:
    from kvtui import launch

    refuse_endpoint_options(call.arguments)
    screenshot: Path | None = call.arguments.screenshot
    if screenshot is None:
        _check_terminal(call, "kvtui demo --screenshot FILE.svg needs none")
    config = read_config(call.surroundings)
    is_read_only = call.flags.is_read_only
    return ExitStatus(
        launch.demo(
            config,
            is_read_only=is_read_only,
            screenshot=screenshot,
            **_place(call),
            is_masked=_is_masked(call),
        )
    )


def _place(call: Call) -> dict[str, str | None]:
    given = vars(call.arguments)
    return {"namespace": given.get("namespace_option"), "prefix": given.get("prefix_option")}


def _is_masked(call: Call) -> bool:
    return "mask_option" in vars(call.arguments)


def _check_terminal(call: Call, advice: str) -> None:
    if not call.console.can_draw:
        raise SettingsError(f"the browser needs a terminal; {advice}")
    if call.surroundings.variable("TERM") == "dumb":
        raise SettingsError("the browser cannot draw with TERM=dumb: name the terminal there")


DEMO: Final = Command(
    "demo", "a local server with sample data, and the browser on it", _define_demo, _demo
)
