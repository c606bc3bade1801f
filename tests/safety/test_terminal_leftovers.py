"""After random use no cell is left over: all that is shown is what a drawing from scratch shows."""

import random
from pathlib import Path

import pytest

from tests.support.leftovers import KINDS, fill, play
from tests.support.server_process import ServerProcess

SECONDS = 5.0


@pytest.mark.parametrize("kind", ["truecolor", "linux"])
def test_nothing_is_left_over_on_the_screen(tmp_path: Path, kind: str) -> None:
    assert kind in KINDS
    data = tmp_path / "data.sqlite3"
    fill(data, random.Random(kind))
    with ServerProcess(data) as server:
        playing = play(server.base_url, tmp_path, kind, "pyte", kind, SECONDS)
    assert playing.differences == []
    assert playing.counts["comparisons"] >= 1
