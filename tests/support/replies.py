"""Answers as bytes, for a server that says what a test wants it to say."""

import json


def json_reply(status: int, content: object) -> bytes:
    body = json.dumps(content)
    return (
        f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
