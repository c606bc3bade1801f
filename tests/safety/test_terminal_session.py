"""Over long random sessions the output layer shows what Textual would have shown."""

import random
import re
from collections.abc import Iterator

import pytest

from kvtui.server.sample import load_sample
from tests.support.compared_session import compare, compare_in_process
from tests.support.dose import Dose
from tests.support.server import LocalServer, local_server

KEYS = 40
LEAST_FRAMES = 15
ROUND_KEYS = 500


@pytest.fixture
def sample_server() -> Iterator[LocalServer]:
    with local_server() as server:
        load_sample(server.store)
        yield server


async def test_random_keys_show_the_same_as_without_it(sample_server: LocalServer) -> None:
    outcome = await compare(sample_server, random.Random(7), KEYS)
    assert outcome.difference == ""
    assert outcome.colours == "truecolor"
    assert outcome.frames >= LEAST_FRAMES
    assert outcome.is_smaller


@pytest.mark.parametrize("colours", ["256", "standard"])
def test_random_keys_show_the_same_with_fewer_colours(colours: str) -> None:
    said = compare_in_process(colours, KEYS)
    frames = re.search(rf"Outcome\(frames=(\d+), colours='{colours}', difference='', is_sm", said)
    assert frames is not None, said
    assert int(frames[1]) >= LEAST_FRAMES


@pytest.mark.full
@pytest.mark.timeout(3 * 3600)
@pytest.mark.parametrize("colours", ["truecolor", "256", "standard"])
def test_ten_thousand_frames_show_the_same_as_without_it(colours: str) -> None:
    dose = Dose(f"frames-{colours}", 30)
    for number in dose.rounds_left():
        said = compare_in_process(colours, ROUND_KEYS, seed=number)
        frames = re.search(rf"Outcome\(frames=(\d+), colours='{colours}', difference=''", said)
        assert frames is not None, said
        dose.add(frames=int(frames[1]))
    assert dose.totals["rounds"] < 30 or dose.totals["frames"] >= 10_000
