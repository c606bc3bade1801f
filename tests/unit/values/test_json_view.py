import json
import re

from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.formats import json_text
from kvtui.values.formats.highlight import tokens
from kvtui.values.formats.json_tokens import JsonLine
from kvtui.values.formats.notation import notation
from kvtui.values.lines import Kind
from kvtui.values.looks import View
from kvtui.values.view import views
from tests.support.values import NASTY_JSON, kinds_of, text_of, texts_of

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=30,
)
json_texts = st.builds(
    json.dumps, json_values, ensure_ascii=st.booleans(), separators=st.just((",", ":"))
)


def kinds_by_character(runs: list[tuple[int, Kind]], length: int) -> list[Kind]:
    kinds: list[Kind] = []
    for end, kind in runs:
        kinds.extend([kind] * (min(end, length) - len(kinds)))
    return kinds


@given(json_texts)
def test_laying_json_out_keeps_every_token(text: str) -> None:
    pretty = json_text.pretty(text)
    assert pretty is not None
    assert _TOKEN.findall(pretty) == _TOKEN.findall(text)


def test_big_integers_exponents_repeated_names_and_escapes_are_shown_as_stored() -> None:
    content = rb'{"a":12345678901234567890123,"a":1E400,"b":-0,"c":"\u00e9\/","d":0.10}'
    shown = [row.strip() for row in texts_of(views(content, now=0).lines(View.JSON, 10))]
    assert "".join(shown).replace(" ", "") == content.decode()


def test_what_cannot_be_laid_out_is_shown_as_stored() -> None:
    content = NASTY_JSON["deep"]
    found = views(content, now=0)
    assert found.available[0] is View.RAW
    assert found.default is View.RAW
    assert "".join(texts_of(found.lines(View.RAW, 20))) == content.decode()


def test_json_lines_are_laid_out_one_document_after_the_other() -> None:
    lines = views(b'{"a":1}\n[2]\n', now=0).lines(View.JSON, 20)
    assert texts_of(lines) == ["{", '  "a": 1', "}", "[", "  2", "]"]


@given(json_texts)
def test_the_window_tokenizer_agrees_with_pygments_on_whole_lines(text: str) -> None:
    expected = kinds_by_character([(end, kind) for end, kind in tokens(text, "json")], len(text))
    found = kinds_by_character(list(JsonLine(text).runs(0, len(text))), len(text))
    assert found == expected


@given(json_texts, st.integers(0, 3000), st.integers(1, 80))
def test_any_window_of_a_long_line_has_the_colours_of_the_whole(
    text: str, start: int, length: int
) -> None:
    line = '{"k\\"\\\\":[' + "".join(f"{text}," for _ in range(1 + 5000 // len(text))) + '""]}'
    whole = JsonLine(line)
    expected = kinds_by_character(list(whole.runs(0, len(line))), len(line))
    end = min(start + length, len(line))
    found = kinds_by_character(list(whole.runs(start, end)), end - start)
    assert found == expected[start:end]


def test_names_strings_numbers_and_words_have_their_kinds() -> None:
    lines = views(b'{"name":"x","n":1.5,"ok":true,"no":null}', now=0).lines(View.JSON, 60)
    assert kinds_of(lines.row(1)) | kinds_of(lines.row(2)) | kinds_of(lines.row(3)) == {
        "  2 ": Kind.LINE_NUMBER,
        "  3 ": Kind.LINE_NUMBER,
        "  4 ": Kind.LINE_NUMBER,
        "  ": Kind.TEXT,
        " ": Kind.TEXT,
        '"name"': Kind.NAME,
        '"n"': Kind.NAME,
        '"ok"': Kind.NAME,
        '"x"': Kind.STRING,
        "1.5": Kind.NUMBER,
        "true": Kind.KEYWORD,
        ":": Kind.PUNCTUATION,
        ",": Kind.PUNCTUATION,
    }


def test_what_strict_json_does_not_know_is_marked() -> None:
    row = views(b'{"a":NaN}', now=0).lines(View.RAW, 60).row(0)
    assert kinds_of(row)["NaN"] is Kind.WARNING


def test_hidden_characters_inside_strings_are_visible_in_every_view() -> None:
    found = views('{"a":"\u202eevil\u0085"}'.encode(), now=0)
    for view in (View.JSON, View.RAW, View.TEXT):
        lines = found.lines(view, 60)
        rows = [lines.row(number) for number in range(len(lines))]
        assert "⟨202E⟩" in "".join(map(text_of, rows))
        assert any(kinds_of(row).get("⟨202E⟩") is Kind.HIDDEN for row in rows)


def test_a_megabyte_in_one_line_has_exact_colours_to_its_end() -> None:
    members = ",".join(f'"name {number}":"a \\"quoted\\" \\\\"' for number in range(35_000))
    content = f'{{{members},"last":true}}'.encode()
    assert len(content) > 1_000_000
    lines = views(content, now=0).lines(View.RAW, 80)
    kinds = kinds_of(lines.row(len(lines) - 1))
    assert kinds["true"] is Kind.KEYWORD
    row = lines.find('"last"', 0)
    assert row is not None


def test_labels_of_decoded_values_are_coloured_as_such() -> None:
    document = json_text.document(notation({"a": b"xy", "b": "<no label>"}))
    lines = document.lines(60)
    assert kinds_of(lines.row(1))["<2 bytes: 78 79>"] is Kind.LABEL
    assert kinds_of(lines.row(2))['"<no label>"'] is Kind.STRING


@given(json_texts, st.integers(10, 30))
def test_rows_of_a_wrapped_line_have_the_colours_of_the_whole(text: str, width: int) -> None:
    assert kinds_of_characters(text, width) == kinds_of_characters(text, 10_000)


def kinds_of_characters(text: str, width: int) -> list[tuple[str, Kind]]:
    lines = json_text.document(text).lines(width)
    spans = [span for number in range(len(lines)) for span in lines.row(number)]
    shown = [span for span in spans if span.kind is not Kind.LINE_NUMBER]
    return [(character, span.kind) for span in shown for character in span.text]


def test_a_label_that_is_longer_than_its_row_is_of_one_kind() -> None:
    text = notation({"signature": bytes(range(32))})
    assert kinds_of_characters(text, 28) == kinds_of_characters(text, 10_000)
