"""What is shown when there is no API key: how to give one, and the demo."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from kvtui.ui.widgets.hint_bar import HintBar

TEXT = """
There is no API key yet.

kvtui reads it from the first of these that is there:

  TELNYX_API_KEY     an environment variable
  api_key_file       a file named by a profile in config.toml (mode 0600)
  the system keyring (where kvtui was installed with the extra "keyring")

There is no option that takes the key: other users of this machine could read it.

  export TELNYX_API_KEY=KEY…
  kvtui
"""
DEMO = "To look around without an account, press d: a local server with sample data."


class WelcomeScreen(Screen[bool]):
    """Ends with True when the demo is wanted."""

    DEFAULT_CSS = """
    WelcomeScreen > VerticalScroll {
        border: round $primary; border-title-color: $text-primary; padding: 0 2; height: 1fr;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "demo", "Demo", show=False)]

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = Content("kvtui: a browser for Telnyx KV")
            yield Static(Content.assemble(TEXT, "\n", (DEMO, "bold")), markup=False)
        bar = HintBar()
        bar.set_reactive(HintBar.hints, (("d", "demo"), ("?", "help"), ("q", "quit")))
        yield bar

    def action_demo(self) -> None:
        self.dismiss(True)
