"""After random use no cell is left over: all that is shown is what a drawing from scratch shows."""

import random
from pathlib import Path

from tests.support.leftovers import fill, play
from tests.support.server_process import ServerProcess

SECONDS = 5.0


def test_nothing_is_left_over_on_the_screen(tmp_path: Path) -> None:
    data = tmp_path / "data.sqlite3"
    fill(data, random.Random(1))
    with ServerProcess(data) as server:
        playing = play(server.base_url, tmp_path, "truecolor", "pyte", "1", SECONDS)
    assert playing.differences == []
    assert playing.counts["comparisons"] >= 1
