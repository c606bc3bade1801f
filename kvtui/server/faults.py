"""Faults on purpose: delays, failures, lost answers; the same seed gives the same ones."""

import hashlib
import itertools

from starlette.responses import HTMLResponse, Response

from kvtui.server import refusal
from kvtui.server.options import ServerOptions

_GATEWAY_PAGE = """<html>
<head><title>{status} Bad Gateway</title></head>
<body><center><h1>{status} Bad Gateway</h1></center><hr><center>gateway</center></body>
</html>
"""


class Faults:
    """Decides what happens to each request beside its being answered."""

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self._draws = itertools.count()

    def delay_seconds(self) -> float:
        jitter = self._options.jitter_seconds
        return self._options.latency_seconds + (jitter and jitter * self._draw())

    def failure(self) -> Response | None:
        """Return what takes the place of the answer, if the request fails; nothing is done then."""
        if not self._happens(self._options.fail_percent):
            return None
        status = self._options.fail_status
        if self._options.is_failure_html:
            return HTMLResponse(_GATEWAY_PAGE.format(status=status), status)
        return refusal.unexpected(status).response()

    def is_answer_lost(self) -> bool:
        """Tell whether the connection closes after a write that was applied."""
        return self._happens(self._options.drop_percent)

    def _happens(self, percent: float) -> bool:
        return percent > 0 and 100 * self._draw() < percent

    def _draw(self) -> float:
        """Draw the next number of the seed's sequence, from 0 up to 1."""
        seed = f"{self._options.seed} {next(self._draws)}".encode()
        return int.from_bytes(hashlib.blake2b(seed, digest_size=6).digest()) / 256**6
