"""Two changes of one text, line by line: both together, where neither touches the other."""

from collections.abc import Sequence
from typing import Final

from kvtui.values.detect import detect
from kvtui.values.json_check import json_problem
from kvtui.values.matching import Change, changes

_MAX_BYTES: Final = 4 * 1024 * 1024


def merge(base: bytes, mine: bytes, theirs: bytes) -> bytes | None:
    """Give `theirs` with the changes that lead from `base` to `mine`.

    None where the two touch the same lines or neighbouring ones, where a value is not plain text,
    and where the three are JSON and the result would not be.
    """
    texts = [_text(content) for content in (base, mine, theirs)]
    if None in texts:
        return None
    base_text, mine_text, theirs_text = (text or "" for text in texts)
    merged = _merge(_lines(base_text), _lines(mine_text), _lines(theirs_text))
    if merged is None or _breaks_json((base_text, mine_text, theirs_text), merged):
        return None
    return merged.encode()


def _merge(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> str | None:
    pieces: list[str] = []
    at = 0
    for change, source in _in_order(base, mine, theirs):
        if pieces and change.old_start <= at:
            return None
        pieces.extend(base[at : change.old_start])
        pieces.append("".join(source[change.new_start : change.new_end]))
        at = change.old_end
    return "".join([*pieces, *base[at:]])


def _in_order(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> list[tuple[Change, Sequence[str]]]:
    """Give the changes of both by their place; one that both made alike is given once."""
    own = [(change, mine) for change in changes(base, mine)]
    made = {(item.old_start, item.old_end, _new(item, mine)) for item, _ in own}
    others = [
        (change, theirs)
        for change in changes(base, theirs)
        if (change.old_start, change.old_end, _new(change, theirs)) not in made
    ]
    return sorted([*own, *others], key=lambda item: item[0][:2])


def _new(change: Change, lines: Sequence[str]) -> str:
    return "".join(lines[change.new_start : change.new_end])


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def _text(content: bytes) -> str | None:
    if len(content) > _MAX_BYTES or b"\x00" in content or detect(content, None).layers:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _breaks_json(texts: tuple[str, str, str], merged: str) -> bool:
    return all(json_problem(text, "json") is None for text in texts) and (
        json_problem(merged, "json") is not None
    )
