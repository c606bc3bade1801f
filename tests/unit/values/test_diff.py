import base64
import gzip
import json
import os
import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kvtui.values.diff import diff_lines, shared_layers, summary
from kvtui.values.display import show
from kvtui.values.lines import Kind
from kvtui.values.matching import changes, common_end, common_start
from tests.support.values import kinds_of, random_values, text_of, texts_of

line_lists = st.lists(st.sampled_from("abcdefgh"), max_size=20)


def rows(old: bytes, new: bytes, width: int = 60) -> list[str]:
    return texts_of(diff_lines(old, new, width))


def test_changed_lines_stand_among_their_neighbours() -> None:
    old = b"".join(b"line %d\n" % number for number in range(1, 20))
    new = old.replace(b"line 10\n", b"line ten\nand more\n")
    assert rows(old, new) == [
        " +2 -1 lines",
        " @@ -7,7 +7,8 @@",
        " 7   line 7",
        " 8   line 8",
        " 9   line 9",
        "10 - line 10",
        "10 + line ten",
        "11 + and more",
        "12   line 11",
        "13   line 12",
        "14   line 13",
    ]


def test_changes_far_apart_are_shown_apart() -> None:
    old = b"".join(b"line %d\n" % number for number in range(40))
    new = old.replace(b"line 2\n", b"").replace(b"line 30\n", b"x\n")
    titles = [row for row in rows(old, new) if "@@" in row]
    assert titles == [" @@ -1,6 +1,5 @@", " @@ -28,7 +27,7 @@"]


def test_the_changed_part_of_a_line_is_told_apart() -> None:
    lines = diff_lines(b'{"plan":"free"}\n', b'{"plan":"pro"}\n', 60)
    removed, added = kinds_of(lines.row(2)), kinds_of(lines.row(3))
    assert removed["free"] is Kind.CHANGED
    assert added["pro"] is Kind.CHANGED
    assert removed['{"plan":"'] is Kind.REMOVED
    assert added['{"plan":"'] is Kind.ADDED


def test_the_changed_part_is_told_apart_where_the_line_goes_on_in_other_rows() -> None:
    old = b"x" * 50 + b"OLD" + b"y" * 50 + b"\n"
    lines = diff_lines(old, old.replace(b"OLD", b"NEW"), 44)
    spans = [span for number in range(len(lines)) for span in lines.row(number)]
    changed = [span.text for span in spans if span.kind is Kind.CHANGED]
    assert changed == ["OLD", "NEW"]


def test_rows_after_the_changed_part_of_their_line_are_of_one_kind() -> None:
    shared = '"tags": ["a", "b"], "ok": true, "none": null'
    lines = diff_lines(f"42, {shared}".encode(), f"43, {shared}".encode(), 30)
    kinds = [{span.kind for span in lines.row(number)} for number in range(len(lines))]
    rows = texts_of(lines)
    last = max(number for number, row in enumerate(rows) if "null" in row)
    assert "tags" not in rows[last]
    assert kinds[last] == {Kind.LINE_NUMBER, Kind.ADDED}


def test_spaces_and_line_endings_that_change_are_visible() -> None:
    assert rows(b"a  \n", b"a\n")[2:] == ["1 - a··", "1 + a"]
    assert rows(b"a\r\nb\r\n", b"a\nb\n")[2:] == ["1 - a␍", "2 - b␍", "1 + a", "2 + b"]
    assert rows(b"a\r\nb\r\n", b"a\r\nc\r\n")[2:] == ["1   a", "2 - b", "2 + c"]


def test_a_missing_newline_at_the_end_is_a_difference() -> None:
    assert rows(b"a\n", b"a") == [
        " +1 -1 lines",
        " @@ -1,1 +1,1 @@",
        "1 - a",
        "1 + a",
        " no newline at the end",
    ]


def test_a_byte_order_mark_that_comes_or_goes_is_visible() -> None:
    assert "1 - ⟨FEFF⟩a" in rows(b"\xef\xbb\xbfa\n", b"a\n")


def test_json_on_one_long_line_is_compared_by_its_tokens() -> None:
    document = {f"name {number}": number for number in range(100)}
    old = json.dumps(document, separators=(",", ":")).encode()
    new = old.replace(b'"name 50":50', b'"name 50":5e1')
    shown = rows(old, new)
    assert shown[0] == " +1 -1 lines of JSON"
    assert shown[1] == " JSON is compared laid out, saved as written"
    assert '52 -   "name 50": 50,' in shown
    assert '52 +   "name 50": 5e1,' in shown


def test_spacing_that_changes_beside_tokens_is_mentioned() -> None:
    document = {f"name {number}": number for number in range(100)}
    old = json.dumps(document).encode()
    new = json.dumps(document | {"name 1": 2}, separators=(",", ":")).encode()
    assert " spacing differs too, which is not shown" in rows(old, new)


def test_json_that_differs_only_in_spacing_is_compared_as_it_is() -> None:
    document = {f"name {number}": number for number in range(100)}
    old, new = json.dumps(document).encode(), json.dumps(document, indent=1).encode()
    assert rows(old, new)[0] == " +102 -1 lines"


def test_long_lines_are_shown_around_what_changes() -> None:
    old = b"x" * 50_000 + b"OLD" + b"y" * 50_000
    shown = "".join(rows(old, old.replace(b"OLD", b"NEW")))
    assert len(shown) < 800
    assert "⋯ 49,940 characters ⋯" in shown
    assert "OLD" in shown
    assert "NEW" in shown


def test_a_long_line_cut_in_two_is_shown_around_the_cut() -> None:
    old = b"ab" * 2_000 + b"here there" + b"cd" * 2_000
    shown = rows(old, old.replace(b"here there", b"here\nthere"), 200)
    assert shown[2].startswith("1 - ⋯ 3,944 characters ⋯")
    assert "abhere therecd" in shown[2]
    assert shown[-3].endswith("abhere")
    assert "2 + therecd" in shown[-2]
    assert len(shown) == 7


def test_bytes_are_compared_row_by_row() -> None:
    old = bytes(range(0x80, 0xC0))
    new = old.replace(b"\x95", b"\x00")
    assert rows(old, new, 80) == [
        "1 of 64 bytes differ",
        "  00000000  80 81 82 83 84 85 86 87  88 89 8a 8b 8c 8d 8e 8f  ××××××××××××××××",
        "- 00000010  90 91 92 93 94 95 96 97  98 99 9a 9b 9c 9d 9e 9f  ××××××××××××××××",
        "+ 00000010  90 91 92 93 94 00 96 97  98 99 9a 9b 9c 9d 9e 9f  ×××××⋄××××××××××",
        "  00000020  a0 a1 a2 a3 a4 a5 a6 a7  a8 a9 aa ab ac ad ae af  ××××××××××××××××",
    ]
    row = kinds_of(diff_lines(old, new, 80).row(3))
    assert row["00 "] is Kind.ADDED
    assert row["90 91 92 93 94 "] is Kind.DIM


def test_bytes_put_in_are_shown_where_they_are() -> None:
    old = bytes(range(0x80, 0xC0))
    new = old[:20] + b"NEW" + old[20:]
    shown = rows(old, new, 80)
    assert shown[0] == "64 → 67 bytes: +3 -0 at 0x14"
    assert [row[:11] for row in shown[1:]] == ["  00000000 ", "+ 00000010 "]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"a\nb\n", b"a\nc\nd\n", "+2 -1 lines"),
        (b"", b"a\n", "+1 -0 lines"),
        (b"a\n", b"", "+0 -1 lines"),
        (b"a", b"a", "no difference"),
        (b"\xff\x00", b"\xff\x00", "no difference"),
        (b"\xff\x00", b"\xff\x01", "1 of 2 bytes differ"),
        (b"text", b"\xff", "4 → 1 bytes: +1 -4 at 0x0"),
    ],
)
def test_the_summary_is_the_first_row(old: bytes, new: bytes, told: str) -> None:
    assert summary(old, new) == told
    assert rows(old, new)[0].strip() == told


@given(line_lists, line_lists)
def test_applying_the_changes_to_the_old_lines_gives_the_new_ones(
    old: list[str], new: list[str]
) -> None:
    result: list[str] = []
    at = 0
    for change in changes(old, new):
        assert change.old_end > change.old_start or change.new_end > change.new_start
        result += old[at : change.old_start] + new[change.new_start : change.new_end]
        at = change.old_end
    assert result + old[at:] == new


@given(line_lists, st.integers(0, 20), line_lists)
def test_lines_put_in_are_the_only_ones_that_count(
    before: list[str], place: int, added: list[str]
) -> None:
    after = [*before[:place], *added, *before[place:]]
    count = sum(change.new_end - change.new_start for change in changes(before, after))
    assert count == len(added)


@given(st.text("ab"), st.text("ab"))
def test_common_starts_and_ends_never_overlap(old: str, new: str) -> None:
    start, end = common_start(old, new), common_end(old, new)
    assert start + end <= min(len(old), len(new))
    assert old[:start] == new[:start]
    assert old[len(old) - end :] == new[len(new) - end :]


def test_diffs_of_random_values_are_harmless_and_fit() -> None:
    values = random_values(4, 2000)
    for old, new in pairwise(values):
        lines = diff_lines(old, new, 50)
        for number in range(min(len(lines), 30)):
            row = text_of(lines.row(number))
            assert show(row) == row
            assert cell_len(row) <= 50


def test_a_diff_can_be_searched_both_ways() -> None:
    text = diff_lines(b"one\ntwo\n", b"one\nthree\n", 60)
    assert text.find("three", 0) == len(text) - 1
    assert text.find("one", len(text) - 1, is_backward=True) == 2
    old = os.urandom(512) + b"\xff\x00"
    new = old[:100] + b"needle" + old[106:]
    binary = diff_lines(old, new, 80)
    row = binary.find("needle", 0)
    assert row is not None
    assert "+" in text_of(binary.row(row))[:1]
    assert binary.find("needle", len(binary) - 1, is_backward=True) == row
    assert binary.find("needle", row + 1) is None


@pytest.mark.parametrize("shape", ["shuffled lines", "changed everywhere", "one line", "bytes"])
def test_a_megabyte_is_compared_in_a_moment(shape: str) -> None:
    source = random.Random(5)
    records = [{"id": number, "ok": True, "v": source.random()} for number in range(14_000)]
    old = json.dumps(records, indent=1).encode()
    if shape == "shuffled lines":
        source.shuffle(records)
        new = json.dumps(records, indent=1).encode()
    elif shape == "changed everywhere":
        new = old.replace(b"true", b"false")
    elif shape == "one line":
        old = json.dumps(records).encode()
        new = old.replace(b"13000", b"x13000")
    else:
        old, new = source.randbytes(1 << 20), source.randbytes(1 << 20)
    begun = time.process_time()
    lines = diff_lines(old, new, 80)
    lines.row(len(lines) - 1)
    assert time.process_time() - begun < 2


def test_what_is_inside_the_layers_of_both_values_is_compared() -> None:
    old, new = (base64.b64encode(gzip.compress(text)) for text in (b"one\ntwo\n", b"one\n2\n"))
    assert summary(old, new) == summary(b"one\ntwo\n", b"one\n2\n")
    assert shared_layers(old, new) == "base64 ▸ gzip"


def test_values_in_different_layers_are_compared_as_stored() -> None:
    content = b"some text that is long enough\n"
    assert shared_layers(gzip.compress(content), content) == ""
    assert "bytes" in summary(gzip.compress(content), content)


def test_the_same_content_encoded_otherwise_is_compared_as_stored() -> None:
    old, new = (gzip.compress(bytes(range(256)) * 9, level, mtime=0) for level in (1, 9))
    assert shared_layers(old, new) == ""
    assert "bytes" in summary(old, new)


def test_text_in_one_encoding_is_compared_as_text() -> None:
    old, new = ("\ufeffgr\xfc\xdfe\n" + end for end in ("a\n", "b\n"))
    assert summary(old.encode("utf-16-le"), new.encode("utf-16-le")) == "+1 -1 lines"
