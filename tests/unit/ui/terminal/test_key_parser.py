"""What was begun is taken for keys once nothing more will come, and not before."""

from textual.events import Key

from kvtui.ui.terminal.key_parser import KeyParser


def keys(parser: KeyParser, text: str = "") -> list[str]:
    messages = [*parser.feed(text)] if text else [*parser.tick()]
    return [message.key for message in messages if isinstance(message, Key)]


def parser_of(kinds: list[int] | None = None) -> KeyParser:
    return KeyParser(on_kind=([] if kinds is None else kinds).append)


def test_an_escape_character_alone_is_the_key_once_nothing_follows() -> None:
    parser = parser_of()
    assert keys(parser, "\x1b") == []
    parser.give_up()
    assert keys(parser) == ["escape"]
    assert keys(parser, "j") == ["j"]


def test_a_sequence_that_comes_in_pieces_is_one_key() -> None:
    parser = parser_of()
    assert keys(parser, "\x1b") + keys(parser, "[") + keys(parser, "B") == ["down"]
    parser.give_up()
    assert keys(parser) == []


def test_what_kind_of_terminal_it_is_is_told_and_not_typed() -> None:
    kinds: list[int] = []
    parser = parser_of(kinds)
    assert keys(parser, "j\x1b[>84;") + keys(parser, "0;0ck") == ["j", "k"]
    assert kinds == [84]
