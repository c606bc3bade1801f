"""Thousand strings of similar shape in few bytes, and back.

Neighbouring keys and times differ in few places, so a block of them is laid out as a matrix, one
string per row, and kept by columns: a column with one character in it costs one byte, columns of
hexadecimal digits are packed two to a byte, and zlib takes the rest. Strings of very different
lengths are compressed as plain lines where a sample says that this is shorter.
"""

import zlib
from collections.abc import Sequence
from typing import Final

_HEX: Final = b"0123456789abcdef"
_CONSTANT, _OTHER, _PACKED = 0, 1, 2
_LINES, _MATRIX, _PADDED = b"L", b"M", b"P"
_PAD: Final = "\0"
_SAMPLE: Final = 256
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
    widths = set(map(len, strings))
    width = max(widths)
    if len(widths) == 1:
        matrix = (text + "\n").encode()
        return _MATRIX + pack_matrix(matrix, width + 1, strategy)
    if width * len(strings) <= 1.5 * len(text) and (is_random or _is_even(strings, width)):
        return _PADDED + _pack_padded(strings, width, strategy)
    return _LINES + _deflate(text.encode(), -zlib.MAX_WBITS, zlib.Z_DEFAULT_STRATEGY)


def unpack_strings(packed: bytes) -> list[str]:
    """Give the strings back."""
    layout, body = packed[:1], packed[1:]
    if layout == _LINES:
        return zlib.decompress(body, -zlib.MAX_WBITS).decode().split("\n")
    text = unpack_matrix(body).decode()
    return (text.replace(_PAD, "") if layout == _PADDED else text)[:-1].split("\n")


def pack_matrix(matrix: bytes, width: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """Pack rows of `width` bytes each (at most 65,535 rows, 65,535 bytes wide)."""
    count = len(matrix) // width
    kinds, constants = bytearray(width), bytearray()
    rest: list[bytes] = []
    digits: list[bytes] = []
    for at in range(width):
        column = matrix[at::width]
        if column == column[:1] * count:
            constants += column[:1]
        elif column.translate(None, _HEX):
            kinds[at] = _OTHER
            rest.append(column)
        else:
            kinds[at] = _PACKED
            digits.append(column)
    if len(digits) % 2:
        digits.append(b"0" * count)
    rest += _halved(digits, count)
    head = count.to_bytes(2) + width.to_bytes(2) + kinds + constants
    return bytes(head) + _deflate(b"".join(rest), _SMALL_WINDOW, strategy)


def unpack_matrix(packed: bytes) -> bytes:
    """Give the rows back, one after the other."""
    count, width = int.from_bytes(packed[:2]), int.from_bytes(packed[2:4])
    kinds = packed[4 : 4 + width]
    start = 4 + width + kinds.count(_CONSTANT)
    constants = packed[4 + width : start]
    body = zlib.decompress(packed[start:], _SMALL_WINDOW)
    others = kinds.count(_OTHER) * count
    digits = _doubled(body[others:], count)
    matrix = bytearray(count * width)
    seen = [0, 0, 0]
    for at, kind in enumerate(kinds):
        nth = seen[kind]
        seen[kind] += 1
        if kind == _CONSTANT:
            matrix[at::width] = constants[nth : nth + 1] * count
        else:
            source = body if kind == _OTHER else digits
            matrix[at::width] = source[nth * count : (nth + 1) * count]
    return bytes(matrix)


def _is_even(strings: Sequence[str], width: int) -> bool:
    """Tell whether a sample is shorter padded than left as lines."""
    sample = strings[:_SAMPLE]
    lines = _deflate("\n".join(sample).encode(), _SMALL_WINDOW, zlib.Z_DEFAULT_STRATEGY)
    padded = _pack_padded(sample, width, zlib.Z_DEFAULT_STRATEGY)
    return len(padded) - width < 1.1 * len(lines)


def _pack_padded(strings: Sequence[str], width: int, strategy: int) -> bytes:
    padded = [string.ljust(width, _PAD) for string in strings]
    return pack_matrix(("\n".join(padded) + "\n").encode(), width + 1, strategy)


def _halved(digits: list[bytes], count: int) -> list[bytes]:
    """Pack two columns of hexadecimal digits into one."""
    if not digits:
        return []
    rows = bytearray(count * len(digits))
    for at, column in enumerate(digits):
        rows[at :: len(digits)] = column
    packed = bytes.fromhex(rows.decode())
    half = len(digits) // 2
    return [packed[at::half] for at in range(half)]


def _doubled(packed: bytes, count: int) -> bytes:
    """Undo `_halved`: give the columns of digits, one after the other."""
    half = len(packed) // count
    rows = bytearray(len(packed))
    for at in range(half):
        rows[at::half] = packed[at * count : (at + 1) * count]
    digits = rows.hex().encode()
    return b"".join(digits[at :: 2 * half] for at in range(2 * half))


def _deflate(content: bytes, window: int, strategy: int) -> bytes:
    compressor = zlib.compressobj(1, zlib.DEFLATED, window, 8, strategy)
    return compressor.compress(content) + compressor.flush()
