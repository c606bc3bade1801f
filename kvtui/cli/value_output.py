"""Puts one value out: byte for byte, or as a line of JSON."""

from kvtui.cli.call import Call
from kvtui.cli.console import JsonFields
from kvtui.errors import SettingsError
from kvtui.records import StoredValue
from kvtui.values.display import hidden_count


def put_out_value(call: Call, key: str, value: StoredValue) -> None:
    """Put out `value`, as `--json` and `--force` say; binary is not for terminals."""
    if call.arguments.json:
        call.console.record(_fields(key, value))
        return
    if call.console.is_output_terminal and not call.arguments.force:
        _check_harmless(value)
    call.console.write(value.content)


def _check_harmless(value: StoredValue) -> None:
    try:
        is_harmless = not hidden_count(value.content.decode())
    except UnicodeDecodeError:
        is_harmless = False
    if not is_harmless:
        raise SettingsError(
            f"the value ({len(value.content):,} B) is not plain text:"
            " send it to a file, or put it on the terminal with --force"
        )


def _fields(key: str, value: StoredValue) -> JsonFields:
    try:
        text, encoding = value.content.decode(), "utf-8"
    except UnicodeDecodeError:
        import base64

        text, encoding = base64.b64encode(value.content).decode(), "base64"
    return {
        "key": key,
        "size_bytes": len(value.content),
        "content_type": value.content_type,
        "encoding": encoding,
        "value": text,
    }
