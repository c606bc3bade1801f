"""Answers as bytes, for a server that says what a test wants it to say."""

import json

NAMESPACE_ID = "550e8400-e29b-41d4-a716-446655440000"
FOUND_NAMESPACE = {"data": {"id": NAMESPACE_ID, "name": "my-cache", "status": "provision_ok"}}


def json_reply(status: int, content: object) -> bytes:
    body = json.dumps(content)
    return (
        f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def value_reply(status: int, content: bytes) -> bytes:
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content
