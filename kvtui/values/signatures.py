"""Kinds of binary data that can be named by how they begin."""

from typing import Final

_SIGNATURES: Final = (
    (b"%PDF-", "PDF document", ".pdf"),
    (b"PK\x03\x04", "ZIP archive", ".zip"),
    (b"SQLite format 3\0", "SQLite database", ".sqlite"),
    (b"\x7fELF", "ELF program", ".bin"),
    (b"\0asm", "WebAssembly module", ".wasm"),
    (b"PAR1", "Parquet table", ".parquet"),
    (b"ARROW1", "Arrow table", ".arrow"),
    (b"Obj\x01", "Avro file", ".avro"),
    (b"BZh", "bzip2 data", ".bz2"),
    (b"\xfd7zXZ\0", "xz data", ".xz"),
    (b"\x04\x22\x4d\x18", "LZ4 data", ".lz4"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive", ".7z"),
    (b"\xac\xed\0\x05", "Java serialized object", ".bin"),
    (b"\x80\x04\x95", "Python pickle", ".pickle"),
    (b"\x80\x05\x95", "Python pickle", ".pickle"),
    (b"OggS", "Ogg media", ".ogg"),
    (b"fLaC", "FLAC audio", ".flac"),
    (b"ID3", "MP3 audio", ".mp3"),
    (b"wOF2", "WOFF2 font", ".woff2"),
    (b"\x00\x00\x01\x00", "icon", ".ico"),
)


def signature(content: bytes) -> tuple[str, str] | None:
    """Name what `content` begins like and the fitting file suffix, or None."""
    for start, name, suffix in _SIGNATURES:
        if content.startswith(start):
            return name, suffix
    return None
