"""Images in the installed command, on a terminal that draws them."""

from codecs import getincrementaldecoder
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.support.image_screen import CELL, ImageScreen
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, running_server
from tests.support.stored import put
from tests.support.terminal import Terminal

SIZE = (120, 32)
RED, BLUE = (200, 30, 10), (10, 30, 200)


def two_colours() -> bytes:
    content = BytesIO()
    image = Image.new("RGB", (40, 40), RED)
    image.paste(BLUE, (20, 0, 40, 40))
    image.save(content, "PNG")
    return content.getvalue()


class Watched:
    """The command on a terminal whose images are looked at."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.screen = ImageScreen(*SIZE)
        self._seen = 0
        self._decoded = getincrementaldecoder("utf-8")("replace")

    @property
    def colours(self) -> set[object]:
        """The colours of the image that is seen, those of the middles of cells."""
        self._look()
        picture = self.screen.picture
        middles = [(x * CELL[0] + 5, y * CELL[1] + 10) for x, y in self.screen.image_cells]
        return {picture.getpixel(place) for place in middles}

    @property
    def has_image(self) -> bool:
        self._look()
        return bool(self.screen.image_cells)

    @property
    def held(self) -> set[int]:
        """The images that the terminal still holds."""
        self._look()
        return set(self.screen.sent)

    def _look(self) -> None:
        self.screen.feed(self._decoded.decode(self.terminal.output[self._seen :]))
        self._seen = len(self.terminal.output)


@pytest.mark.parametrize("spoken", ["kitty", "iterm2"])
def test_an_image_is_seen_and_gone_again_with_its_key(spoken: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[ui]\nimages = "{spoken}"\n')
    with running_server() as server:
        put(server, server.namespace("my-cache"), {"a": two_colours(), "b": b"only words"})
        settings = {
            "TELNYX_BASE_URL": server.base_url,
            "TELNYX_API_KEY": TOKEN,
            "KVTUI_CONFIG": str(config),
            "COLORTERM": "truecolor",
        }
        terminal = Terminal(
            COMMAND,
            *("--namespace", "my-cache"),
            environ=environ(**settings),
            folder=tmp_path,
            columns=SIZE[0],
            rows=SIZE[1],
        )
        with terminal:
            seen = Watched(terminal)
            terminal.wait_for(lambda: seen.has_image)
            terminal.wait_for(lambda: seen.colours >= {RED, BLUE})
            terminal.type("j")
            terminal.wait_for("only words")
            terminal.wait_for(lambda: not seen.has_image)
            terminal.type("k")
            terminal.wait_for(lambda: seen.has_image)
            terminal.type("q")
            assert terminal.end() == 0
            assert not seen.held
