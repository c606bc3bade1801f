"""Thousand strings of similar shape in few bytes, and back.

Neighbouring keys and times differ in few places, so a block of them is laid out as a matrix, one
string per row, and kept by columns: a column with one character in it costs one byte, columns of
hexadecimal digits are packed two to a byte, and zlib takes the rest, but for digits by pure chance,
where it would save nothing. Strings of very different lengths are compressed as plain lines where a
sample says that this is shorter.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from kvtui.keyspace.digit_rows import pack_digit_rows, unpack_digit_rows

_HEX: Final = b"0123456789abcdef"
_CONSTANT, _OTHER, _DIGITS, _NOISE = range(4)
"""What is in a column: one character, any, digits, and digits by pure chance."""
_LINES, _MATRIX, _PADDED, _ALIKE = b"L", b"M", b"P", b"A"
_PAD: Final = "\0"
_SAMPLE: Final = 256
_NOISE_SHARE: Final = 0.04
_SMALL_WINDOW: Final = -12
"""Columns repeat themselves within a few thousand bytes, and a small window is set up faster."""


def pack_strings(strings: Sequence[str], *, is_random: bool = False) -> bytes | None:
    """Pack strings, or give None where they hold line breaks, NUL or other than ASCII.

    `is_random` saves the time of looking for repetitions.
    """
    text = "\n".join(strings)
    if not text.isascii() or _PAD in text or text.count("\n") != len(strings) - 1:
        return None
    strategy = zlib.Z_RLE if is_random else zlib.Z_DEFAULT_STRATEGY
    matrix = (text + "\n").encode()
    width = len(strings[0]) + 1
    if matrix[width - 1 :: width] == b"\n" * len(strings):
        alike = pack_digit_rows(matrix, width) if is_random else None
        if alike is not None:
            return _ALIKE + alike
        return _MATRIX + pack_matrix(matrix, width, strategy)
    widest = max(map(len, strings))
    if widest * len(strings) <= 1.5 * len(text) and (is_random or _is_even(strings, widest)):
        return _PADDED + _pack_padded(strings, widest, strategy)
    return _LINES + _deflate(matrix[:-1], -zlib.MAX_WBITS, zlib.Z_DEFAULT_STRATEGY)


def unpack_strings(packed: bytes, start: int = 0, stop: int | None = None) -> list[str]:
    """Give the strings from `start` to before `stop` back; a few of them cost less than all."""
    layout, body = packed[:1], packed[1:]
    if layout == _LINES:
        return zlib.decompress(body, -zlib.MAX_WBITS).decode().split("\n")[start:stop]
    unpack = unpack_digit_rows if layout == _ALIKE else unpack_matrix
    text = unpack(body, start, stop).decode()
    plain = text.replace(_PAD, "") if layout == _PADDED else text
    return plain[:-1].split("\n") if plain else []


def pack_matrix(matrix: bytes, width: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """Pack rows of `width` bytes each (at most 65,535 rows, 65,535 bytes wide)."""
    count = len(matrix) // width
    columns = [matrix[at::width] for at in range(width)]
    kinds = bytearray(_kind(column, count) for column in columns)
    if kinds.count(_NOISE) % 2:
        kinds[kinds.rindex(_NOISE)] = _DIGITS
    kept: list[list[bytes]] = [[], [], [], []]
    for kind, column in zip(kinds, columns, strict=True):
        kept[kind].append(column)
    if len(kept[_DIGITS]) % 2:
        kept[_DIGITS].append(b"0" * count)
    head = count.to_bytes(2) + width.to_bytes(2) + kinds
    constants = b"".join(column[:1] for column in kept[_CONSTANT])
    rest = b"".join(kept[_OTHER]) + _halved(kept[_DIGITS], count)
    noise = _halved(kept[_NOISE], count)
    return b"".join([head, constants, noise, _deflate(rest, _SMALL_WINDOW, strategy)])


def unpack_matrix(packed: bytes, start: int = 0, stop: int | None = None) -> bytes:
    """Give the rows from number `start` to before `stop` back, one after the other."""
    count, width = int.from_bytes(packed[:2]), int.from_bytes(packed[2:4])
    rows = slice(start, count if stop is None else min(stop, count))
    kinds = packed[4 : 4 + width]
    noise_at = 4 + width + kinds.count(_CONSTANT)
    mixed_at = noise_at + kinds.count(_NOISE) // 2 * count
    body = zlib.decompress(packed[mixed_at:], _SMALL_WINDOW)
    digits_at = kinds.count(_OTHER) * count
    columns = {
        _OTHER: iter(_cut(body[:digits_at], count, rows)),
        _DIGITS: _doubled(_cut(body[digits_at:], count, rows)),
        _NOISE: _doubled(_cut(packed[noise_at:mixed_at], count, rows)),
    }
    constants = iter(packed[4 + width : noise_at])
    one_row = bytes(next(constants) if kind == _CONSTANT else 0 for kind in kinds)
    matrix = bytearray(one_row * (rows.stop - rows.start))
    for at, kind in enumerate(kinds):
        if kind != _CONSTANT:
            matrix[at::width] = next(columns[kind])
    return bytes(matrix)


def _kind(column: bytes, count: int) -> int:
    if column == column[:1] * count:
        return _CONSTANT
    if column.translate(None, _HEX):
        return _OTHER
    least = _NOISE_SHARE * count
    if column.count(b"f") < least or column.count(b"9") < least:
        return _DIGITS
    at = column.index(b"9")
    follows_often = 4 * column.count(column[at : at + 2]) > column.count(b"9")
    return _DIGITS if follows_often else _NOISE


def _is_even(strings: Sequence[str], width: int) -> bool:
    """Tell whether a sample is shorter padded than left as lines."""
    sample = strings[:_SAMPLE]
    lines = _deflate("\n".join(sample).encode(), _SMALL_WINDOW, zlib.Z_DEFAULT_STRATEGY)
    padded = _pack_padded(sample, width, zlib.Z_DEFAULT_STRATEGY)
    return len(padded) - width < 1.1 * len(lines)


def _pack_padded(strings: Sequence[str], width: int, strategy: int) -> bytes:
    padded = [string.ljust(width, _PAD) for string in strings]
    return pack_matrix(("\n".join(padded) + "\n").encode(), width + 1, strategy)


def _halved(digits: list[bytes], count: int) -> bytes:
    """Pack two columns of hexadecimal digits into one, and write one after the other."""
    rows = bytearray(count * len(digits))
    for at, column in enumerate(digits):
        rows[at :: len(digits)] = column
    packed = bytes.fromhex(rows.decode())
    half = len(digits) // 2
    return b"".join(packed[at::half] for at in range(half))


def _cut(columns: bytes, count: int, rows: slice) -> list[bytes]:
    """Cut some rows out of each of the columns that stand one after the other."""
    return [columns[at : at + count][rows] for at in range(0, len(columns), count)]


def _doubled(packed: list[bytes]) -> Iterator[bytes]:
    """Undo `_halved`: give the columns of digits."""
    half = len(packed)
    rows = bytearray(sum(map(len, packed)))
    for at, column in enumerate(packed):
        rows[at::half] = column
    digits = rows.hex().encode()
    return (digits[at :: 2 * half] for at in range(2 * half))


def _deflate(content: bytes, window: int, strategy: int) -> bytes:
    compressor = zlib.compressobj(1, zlib.DEFLATED, window, 8, strategy)
    return compressor.compress(content) + compressor.flush()
