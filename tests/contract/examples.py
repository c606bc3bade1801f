"""What the API's own pages say, word for word. Both ends are held against it."""

import json
from typing import Any

NAMESPACE_ID = "550e8400-e29b-41d4-a716-446655440000"

CREATE_NAMESPACE_REQUEST = b'{"name": "my-cache"}'

CREATE_NAMESPACE_RESPONSE = b"""
{
  "data": {
    "record_type": "storage_kv",
    "id": "550e8400-e29b-41d4-a716-446655440000",
    "name": "my-cache",
    "status": "pending",
    "created_at": "2024-01-15T10:30:00.000Z",
    "updated_at": "2024-01-15T10:30:00.000Z"
  }
}
"""

LIST_NAMESPACES_RESPONSE = b"""
{
  "data": [
    {
      "record_type": "storage_kv",
      "id": "550e8400-e29b-41d4-a716-446655440000",
      "name": "my-cache",
      "status": "provision_ok",
      "created_at": "2024-01-15T10:30:00.000Z",
      "updated_at": "2024-01-15T10:30:00.000Z"
    }
  ],
  "meta": {
    "page_number": 1,
    "page_size": 20,
    "total_pages": 1,
    "total_results": 1
  }
}
"""

LIST_KEYS_RESPONSE = b"""
{
  "record_type": "storage_kv_key",
  "data": [
    {
      "key": "user/123",
      "size_bytes": 21,
      "updated_at": "2026-06-18T14:48:17.475129983Z"
    }
  ],
  "meta": {
    "has_more": false
  }
}
"""

STATUSES = (
    "pending",
    "provision_ok",
    "provision_failed",
    "deleting",
    "delete_failed",
)

INVALID_KEY_STATUS, INVALID_KEY_CODE = 400, "10015"
INVALID_KEY_DETAIL = "Invalid key format. Allowed characters: a-z A-Z 0-9 - _ / = ."
"""Reported by users, not documented."""

NOT_READY_DETAIL = "Namespace is not ready (status: pending)"

RATE_LIMITED_RESPONSE = b"""
{
  "errors": [
    {
      "code": "10011",
      "title": "Too many requests",
      "detail": "You have exceeded the maximum number of allowed requests."
    }
  ]
}
"""

STORED_VALUE = b"twenty-one bytes long"
"""As many bytes as the listing's example says."""

CURL_COMMANDS = {
    "create namespace": """
curl -X POST https://api.telnyx.com/v2/storage/kvs \\
  -H "Authorization: Bearer $TELNYX_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"name": "my-cache"}'
""",
    "write": """
curl -X PUT "https://api.telnyx.com/v2/storage/kvs/{id}/keys/my-key" \\
  -H "Authorization: Bearer $TELNYX_API_KEY" \\
  --data-binary "Hello World"
""",
    "read": """
curl "https://api.telnyx.com/v2/storage/kvs/{id}/keys/my-key" \\
  -H "Authorization: Bearer $TELNYX_API_KEY"
""",
    "delete": """
curl -X DELETE "https://api.telnyx.com/v2/storage/kvs/{id}/keys/my-key" \\
  -H "Authorization: Bearer $TELNYX_API_KEY"
""",
    "list": """
curl "https://api.telnyx.com/v2/storage/kvs/{id}/keys?prefix=user/&limit=100" \\
  -H "Authorization: Bearer $TELNYX_API_KEY"
""",
}
"""The commands of the reference page, unmodified."""


def shape(example: bytes) -> Any:
    """Reduce a JSON document to its fields and the types of what they hold."""
    return _shape(json.loads(example))


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_shape(member) for member in value]
    return type(value).__name__
