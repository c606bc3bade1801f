"""Every error raised on purpose.

KvtuiError                     shown without a traceback
  SettingsError                a bad flag, variable or file
  KeyNotAddressableError       a key the API's URLs cannot name safely
  ReadOnlyError                writing is switched off
  VaultError                   journal, drafts or files cannot be written
  ApiError                     the API answered with an error
    AuthenticationError        401
    PermissionDeniedError      403
    NotFoundError              404
    ConflictError              409
      NamespaceNotReadyError   409, the namespace is not provision_ok
    ValueTooLargeError         413
    InvalidRequestError        400, 422 and other 4xx
    RateLimitedError           429
    ServerError                5xx
  ConnectionFailedError        no answer, and nothing was done: DNS, refused, TLS …
    RequestTimeoutError        the same, because time ran out
  OutcomeUnknownError          a write was sent and no answer came
  MalformedResponseError       an answer that cannot be trusted: shape, length, size
"""


class KvtuiError(Exception):
    """Something a person can be told in one sentence: `str(error)` is that sentence."""


class SettingsError(KvtuiError):
    """A flag, an environment variable or a file says something that cannot be followed."""


class KeyNotAddressableError(KvtuiError):
    """A key or a namespace id whose URL could address something else, or that no server accepts."""


class ReadOnlyError(KvtuiError):
    """A write was asked for while writing is switched off."""


class VaultError(KvtuiError):
    """A file on the user's own machine could not be kept."""


class ApiError(KvtuiError):
    """The API answered, and the answer is an error.

    `status` is the HTTP status; `code` and `detail` are the API's own where it gave them, cleaned
    of secrets; `request` is the method and the path.
    """

    def __init__(
        self, message: str, *, status: int, code: str | None, detail: str | None, request: str
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.detail = detail
        self.request = request


class AuthenticationError(ApiError):
    """401: the API key is missing or was rejected."""


class PermissionDeniedError(ApiError):
    """403: the API key may not do this."""


class NotFoundError(ApiError):
    """404: no such key, or no such namespace (the API tells them apart only in words)."""


class ConflictError(ApiError):
    """409: a name already taken, a namespace already being deleted, TTL not supported."""


class NamespaceNotReadyError(ConflictError):
    """409: the namespace is not `provision_ok`."""


class ValueTooLargeError(ApiError):
    """413: the value has more than `protocol.MAX_VALUE_BYTES` bytes."""


class InvalidRequestError(ApiError):
    """400, 422 and other 4xx: the API does not accept the request."""


class RateLimitedError(ApiError):
    """429: too many requests. `retry_after_seconds` is how long to wait, None where not told."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None,
        detail: str | None,
        request: str,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message, status=status, code=code, detail=detail, request=request)
        self.retry_after_seconds = retry_after_seconds


class ServerError(ApiError):
    """5xx: the API failed."""


class ConnectionFailedError(KvtuiError):
    """No answer came, and for a write it is certain that nothing was done."""


class RequestTimeoutError(ConnectionFailedError):
    """No answer came in time; for a write it is certain that nothing was sent."""


class OutcomeUnknownError(KvtuiError):
    """A write was sent and no answer came: it may or may not have been done."""


class MalformedResponseError(KvtuiError):
    """An answer that cannot be trusted: not the API's shape, cut short, too large, a loop."""
