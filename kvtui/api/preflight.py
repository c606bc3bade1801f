"""What the API is known to refuse, refused before it is sent."""

import re
from typing import Final

from kvtui.errors import InvalidRequestError, ValueTooLargeError
from kvtui.protocol import MAX_TTL_SECONDS, MAX_VALUE_BYTES, MIN_TTL_SECONDS, name_problem
from kvtui.records import StoredValue

_HEADER_VALUE: Final = re.compile(r"[!-~\x80-\xff](?:[ -~\t\x80-\xff]*[!-~\x80-\xff])?")


def check_name(name: str, request: str) -> None:
    """Refuse a name that no namespace can have."""
    problem = name_problem(name)
    if problem is not None:
        raise _refused(problem, 400, request)


def check_value(value: StoredValue, request: str) -> None:
    """Refuse a value that is too large, or a content type that no header can carry."""
    if len(value.content) > MAX_VALUE_BYTES:
        raise ValueTooLargeError(
            f"the value has {len(value.content):,} bytes, {MAX_VALUE_BYTES:,} are allowed",
            status=413,
            code=None,
            detail=None,
            request=request,
        )
    if value.content_type and not _HEADER_VALUE.fullmatch(value.content_type):
        raise _refused("the content type holds characters that no header carries", 400, request)


def check_ttl(ttl_seconds: int | None, request: str) -> None:
    """Refuse a lifetime outside the API's range."""
    if ttl_seconds is not None and not MIN_TTL_SECONDS <= ttl_seconds <= MAX_TTL_SECONDS:
        problem = f"the expiry must be {MIN_TTL_SECONDS} to {MAX_TTL_SECONDS:,} seconds"
        raise _refused(problem, 422, request)


def _refused(problem: str, status: int, request: str) -> InvalidRequestError:
    return InvalidRequestError(problem, status=status, code=None, detail=None, request=request)
