"""Rows of digits with the same marks between them, such as times, in few bytes, and back.

Two digits make one byte. The bytes are laid out by columns, and what stands between two marks gets
a code of its own: hours are spread otherwise than nanoseconds.
"""

import zlib
from typing import Final

_DIGITS: Final = frozenset(b"0123456789")
_LINE_BREAK: Final = ord("\n")
_FILLING: Final = bytes.maketrans(b"\n", b"0")
"""An odd digit is paired with the end of its line."""
_SMALL_WINDOW: Final = -12
_MEMORY_LEVEL: Final = 6


def pack_digit_rows(matrix: bytes, width: int) -> bytes | None:
    """Pack lines of `width` bytes each, or give None where they are not alike but for digits."""
    count = len(matrix) // width
    template = matrix[:width]
    marks = _marks(template)
    if any(matrix[at::width] != template[at : at + 1] * count for at in marks):
        return None
    digit_count = width - len(marks)
    pairs = (digit_count + 1) // 2
    dropped = {template[at] for at in marks} - ({_LINE_BREAK} if digit_count % 2 else set())
    digits = matrix.translate(_FILLING, bytes(dropped))
    if not pairs or len(digits) != 2 * pairs * count or not digits.isdigit():
        return None
    rows = bytes.fromhex(digits.decode())
    columns = [rows[at::pairs] for at in range(pairs)]
    head = count.to_bytes(2) + width.to_bytes(2) + template
    return head + _deflated(columns, _groups(template))


def unpack_digit_rows(packed: bytes, start: int = 0, stop: int | None = None) -> bytes:
    """Give the lines from number `start` to before `stop` back."""
    count, width = int.from_bytes(packed[:2]), int.from_bytes(packed[2:4])
    template = packed[4 : 4 + width]
    columns = zlib.decompress(packed[4 + width :], _SMALL_WINDOW)
    pairs = len(columns) // count
    wanted = range(count)[start:stop]
    rows = bytearray(len(wanted) * pairs)
    for at in range(pairs):
        rows[at::pairs] = columns[at * count + wanted.start : at * count + wanted.stop]
    digits = rows.hex().encode()
    matrix = bytearray(template * len(wanted))
    places = sorted(set(range(width)) - set(_marks(template)))
    for number, at in enumerate(places):
        matrix[at::width] = digits[number :: 2 * pairs]
    return bytes(matrix)


def _marks(template: bytes) -> list[int]:
    return [at for at, character in enumerate(template) if character not in _DIGITS]


def _groups(template: bytes) -> list[int]:
    """Give the pairs of digits after which there is a mark."""
    digits_before = [at - number for number, at in enumerate(_marks(template))]
    return sorted({digits // 2 for digits in digits_before})


def _deflated(columns: list[bytes], ends: list[int]) -> bytes:
    compressor = zlib.compressobj(1, zlib.DEFLATED, _SMALL_WINDOW, _MEMORY_LEVEL, zlib.Z_RLE)
    parts: list[bytes] = []
    for number, column in enumerate(columns):
        if number in ends and number:
            parts.append(compressor.flush(zlib.Z_BLOCK))
        parts.append(compressor.compress(column))
    return b"".join([*parts, compressor.flush()])
