import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from kvtui.records import TraceEntry
from kvtui.session.curl import as_curl

BASE_URL = "https://api.telnyx.com/v2"
KEYS = "/v2/storage/kvs/550e8400-e29b-41d4-a716-446655440000/keys"


def entry(method: str, target: str, content_type: str | None = None) -> TraceEntry:
    return TraceEntry(1, 0.0, method, target, 1, content_type=content_type)


@pytest.mark.parametrize(
    ("recorded", "command"),
    [
        (
            entry("GET", f"{KEYS}?prefix=user%2F&limit=100"),
            f"curl 'https://api.telnyx.com{KEYS}?prefix=user%2F&limit=100'"
            ' -H "Authorization: Bearer $TELNYX_API_KEY"',
        ),
        (
            entry("DELETE", f"{KEYS}/user%2F1"),
            f"curl -X DELETE https://api.telnyx.com{KEYS}/user%2F1"
            ' -H "Authorization: Bearer $TELNYX_API_KEY"',
        ),
        (
            entry("PUT", f"{KEYS}/a%3Db?ttl_secs=60", "text/plain; charset=utf-8"),
            f"curl -X PUT 'https://api.telnyx.com{KEYS}/a%3Db?ttl_secs=60'"
            ' -H "Authorization: Bearer $TELNYX_API_KEY"'
            " -H 'Content-Type: text/plain; charset=utf-8' --data-binary @value.bin",
        ),
        (
            entry("POST", "/v2/storage/kvs", "application/json"),
            "curl -X POST https://api.telnyx.com/v2/storage/kvs"
            ' -H "Authorization: Bearer $TELNYX_API_KEY"'
            " -H 'Content-Type: application/json' --data-binary @body.json",
        ),
    ],
)
def test_a_request_becomes_a_command(recorded: TraceEntry, command: str) -> None:
    assert as_curl(recorded, BASE_URL) == command


def test_the_command_goes_to_the_server_the_request_went_to() -> None:
    command = as_curl(entry("GET", f"{KEYS}/k"), "http://127.0.0.1:8080/v2")

    assert shlex.split(command)[1] == f"http://127.0.0.1:8080{KEYS}/k"


def test_nothing_of_a_content_type_escapes_into_the_shell(tmp_path: Path) -> None:
    hostile = "a'; touch broken; echo '$(touch broken)`touch broken`\"\\"
    command = as_curl(entry("PUT", f"{KEYS}/k", hostile), BASE_URL)
    words = tmp_path / "curl"
    words.write_text('#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done\n')
    words.chmod(0o700)

    printed = subprocess.run(
        [shutil.which("sh") or "/bin/sh", "-c", command],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "TELNYX_API_KEY": "the key"},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout.decode()

    assert printed.split("\0")[:-1] == [
        "-X",
        "PUT",
        f"https://api.telnyx.com{KEYS}/k",
        "-H",
        "Authorization: Bearer the key",
        "-H",
        f"Content-Type: {hostile}",
        "--data-binary",
        "@value.bin",
    ]
    assert not (tmp_path / "broken").exists()
