"""The answers that are not successes, each with the status, code and words of the API."""

from starlette.responses import Response

from kvtui.protocol import MAX_KEY_LENGTH, ErrorCode
from kvtui.server.wire import JSON_CONTENT_TYPE, error_body


class RefusalError(Exception):
    """Ends the handling of a request: the client is told why."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        *,
        parameter: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {detail}")
        self._status = status
        self._body = error_body(code, title, detail, parameter)
        self._headers = headers

    def response(self) -> Response:
        return Response(self._body, self._status, self._headers, media_type=JSON_CONTENT_TYPE)


def bad_request(detail: str, parameter: str | None = None) -> RefusalError:
    """400: the request breaks a rule that `detail` names."""
    return RefusalError(400, ErrorCode.BAD_REQUEST, "Bad Request", detail, parameter=parameter)


def invalid_key(key: str) -> RefusalError:
    """400: no such key can exist."""
    detail = "Invalid key format. Allowed characters: a-z A-Z 0-9 - _ / = ."
    if len(key) > MAX_KEY_LENGTH:
        detail = f"Invalid key format. A key may be at most {MAX_KEY_LENGTH} characters long."
    return bad_request(detail, "key")


def unauthorized(detail: str) -> RefusalError:
    """401: no token, or another than the right one."""
    title = "Authentication failed"
    headers = {"www-authenticate": "Bearer"}
    return RefusalError(401, ErrorCode.AUTHENTICATION_FAILED, title, detail, headers=headers)


def forbidden(detail: str) -> RefusalError:
    """403: not for whoever asks, whatever the token."""
    return RefusalError(403, ErrorCode.AUTHORIZATION_FAILED, "Authorization failed", detail)


def not_found(detail: str) -> RefusalError:
    """404: no such key, namespace or path."""
    return RefusalError(404, ErrorCode.NOT_FOUND, "Resource not found", detail)


def method_not_allowed(allowed: str) -> RefusalError:
    """405: HEAD, PATCH and all that the API does not have."""
    detail = "The method is not allowed for this resource."
    title = "Method Not Allowed"
    return RefusalError(405, ErrorCode.BAD_REQUEST, title, detail, headers={"allow": allowed})


def request_timed_out() -> RefusalError:
    """408: the body stopped coming."""
    detail = "The request's body did not arrive in time."
    return RefusalError(408, ErrorCode.BAD_REQUEST, "Request timed out", detail)


def conflict(detail: str) -> RefusalError:
    """409: the namespace is in no state for it."""
    return RefusalError(409, ErrorCode.DUPLICATE, "Conflict", detail)


def not_ready(status: str) -> RefusalError:
    """409: a key call on a namespace that is not `provision_ok`."""
    return conflict(f"Namespace is not ready (status: {status})")


def name_taken() -> RefusalError:
    """409: another namespace has the name."""
    detail = "A namespace with this name already exists in your organization."
    return RefusalError(409, ErrorCode.DUPLICATE, "Duplicate resource", detail, parameter="name")


def too_large(max_bytes: int) -> RefusalError:
    """413: the body has more than `max_bytes` bytes."""
    detail = f"The request body is larger than {max_bytes} bytes."
    return RefusalError(413, ErrorCode.BAD_REQUEST, "Payload Too Large", detail)


def misdirected() -> RefusalError:
    """421: the request was meant for another host, or tricked into coming here."""
    detail = "This server answers only to the loopback names of this machine."
    return RefusalError(421, ErrorCode.BAD_REQUEST, "Misdirected Request", detail)


def unprocessable(detail: str, parameter: str) -> RefusalError:
    """422: a lifetime that cannot be."""
    title = "Unprocessable Entity"
    return RefusalError(422, ErrorCode.UNPROCESSABLE, title, detail, parameter=parameter)


def too_many_requests(headers: dict[str, str]) -> RefusalError:
    """429: over the rate limit."""
    detail = "You have exceeded the maximum number of allowed requests."
    title = "Too many requests"
    return RefusalError(429, ErrorCode.TOO_MANY_REQUESTS, title, detail, headers=headers)


def headers_too_large() -> RefusalError:
    """431: more headers than any client of this API has reason to send."""
    detail = "The request's headers are too large."
    return RefusalError(431, ErrorCode.BAD_REQUEST, "Request Header Fields Too Large", detail)


def unexpected(status: int) -> RefusalError:
    """5xx: a failure on purpose."""
    detail = "An unexpected error occurred."
    return RefusalError(status, ErrorCode.UNEXPECTED, "Unexpected error", detail)
