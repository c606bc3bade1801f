import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvtui.keyspace.chunk import Chunk
from kvtui.keyspace.columns import Columns
from kvtui.keyspace.packing import pack_strings, unpack_strings
from tests.support import key_model as model
from tests.support.listed import KINDS, page

PAGES = {
    **{kind: keys(7, 1000) for kind, keys in KINDS.items()},
    "decimal counter": [f"{number:05}" for number in range(1000)],
    "hexadecimal counter": [f"{number:05x}" for number in range(1000)],
    "two digits": [f"{number:02}" for number in range(100)],
    "uneven lengths": [f"item-{number}" for number in range(1000)],
    "words": [f"{'ab' * (number % 40)}{number}" for number in range(1000)],
    "one": ["a"],
    "nothing": ["", "", ""],
}
TIMES = {
    "nanoseconds": "2026-06-18T14:{:02}:17.{:09}Z",
    "milliseconds": "2026-06-18T14:{:02}:17.{:03}Z",
    "whole seconds": "2026-06-18T{1:02}:{0:02}:17Z",
    "an offset": "2026-06-18T14:{:02}:17.{:05}+02:00",
    "only digits": "{:02}{:03}",
    "no digits at all": "never",
}
NAMES = st.text(alphabet="09af/-", max_size=6)


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("is_random", [False, True])
def test_packed_strings_come_back_as_they_were(kind: str, is_random: bool) -> None:
    packed = pack_strings(PAGES[kind], is_random=is_random)
    assert packed is not None
    assert unpack_strings(packed) == PAGES[kind]
    assert unpack_strings(packed, 700, 900) == PAGES[kind][700:900]
    assert unpack_strings(packed, 0, 2) == PAGES[kind][:2]


@pytest.mark.parametrize("kind", TIMES)
def test_times_come_back_however_they_are_written(kind: str) -> None:
    times = [TIMES[kind].format(number % 60, 7 * number % 24) for number in range(1000)]
    packed = pack_strings(times, is_random=True)
    assert packed is not None
    assert unpack_strings(packed) == times
    assert unpack_strings(packed, 256, 512) == times[256:512]


@pytest.mark.parametrize(
    "odd", ["2026-06-18T14:00:1aZ", "2026-06-18 14:00:17Z", "2026-06-18T1:400:17Z", "1" * 20]
)
def test_one_time_written_otherwise_comes_back_too(odd: str) -> None:
    times = ["2026-06-18T14:00:17Z", odd, "2026-06-18T14:00:59Z"]
    packed = pack_strings(times, is_random=True)
    assert packed is not None
    assert unpack_strings(packed) == times


@given(rows=st.lists(st.text(alphabet="01:-a", min_size=3, max_size=3), min_size=1, max_size=9))
@settings(deadline=None)
def test_short_rows_of_digits_and_marks_come_back(rows: list[str]) -> None:
    packed = pack_strings(rows, is_random=True)
    assert packed is not None
    assert unpack_strings(packed) == rows


@given(digits=st.integers(1, 40), sorts=st.integers(1, 16), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_columns_of_any_mixture_of_digits_come_back(digits: int, sorts: int, seed: int) -> None:
    chance = random.Random(seed)
    alphabets = ["0123456789abcdef"[: chance.randint(1, sorts)] for _ in range(digits)]
    strings = ["".join(map(chance.choice, alphabets)) for _ in range(chance.randint(1, 400))]
    packed = pack_strings(strings, is_random=True)
    assert packed is not None
    assert unpack_strings(packed) == strings


@pytest.mark.parametrize("odd", ["a\nb", "a\0b", "ä"])
def test_what_cannot_be_laid_out_in_lines_is_left_to_the_caller(odd: str) -> None:
    assert pack_strings(["a", odd]) is None


def test_random_nanoseconds_cost_less_than_four_bytes_each() -> None:
    times = page([str(number) for number in range(1000)]).updated_at
    exact = pack_strings([time or "" for time in times], is_random=True)
    whole = pack_strings([f"{time[:19]}Z" for time in times if time], is_random=True)
    assert exact is not None
    assert whole is not None
    assert len(exact) - len(whole) < 4 * 1000
    assert len(exact) < 7.3 * 1000


def test_random_hexadecimal_digits_cost_half_a_byte_each() -> None:
    digits = [f"{random.getrandbits(64):016x}" for _ in range(1000)]
    packed = pack_strings(digits)
    assert packed is not None
    assert len(packed) < 8.1 * 1000


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_comes_back_with_sizes_and_times(kind: str) -> None:
    columns = Columns.of_page(page(KINDS[kind](3, 1000)))
    assert Chunk(columns).columns() == columns


@given(
    keys=st.sets(st.builds("{}{}".format, st.sampled_from(["", "a/", "a/a/"]), NAMES), min_size=1)
)
@settings(deadline=None)
def test_a_chunk_counts_the_children_of_its_innermost_folder(keys: set[str]) -> None:
    chunk = Chunk(Columns.of_page(model.page_of(keys)))
    folder = chunk.first[: chunk.base_length]
    assert chunk.child_count == len(model.children(keys, folder))


def test_a_name_that_overlaps_the_folder_is_not_taken_for_a_child_like_the_others() -> None:
    keys = ["u/1/p", "u/p", "u/q/p", "u/q/x/p"]
    assert Chunk(Columns.of_page(model.page_of(keys))).child_count == 3
