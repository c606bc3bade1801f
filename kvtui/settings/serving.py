"""What argv says about the local server."""

from dataclasses import dataclass
from pathlib import Path

from kvtui.secret import Secret


@dataclass(frozen=True, slots=True)
class ServeArguments:
    """How the local server is to run; the fields mean what those of its own options mean."""

    port: int
    """0 for any that is free."""
    data: Path | None = None
    """None keeps everything in memory."""
    api_key: Secret | None = None
    """None accepts any."""
    has_sample_data: bool = False
    """Whether an empty store begins with the demo's data."""
    order: str = "lex"
    cursors: str = "none"
    provisioning_seconds: float = 2.0
    is_provisioning_failing: bool = False
    deleting_seconds: float = 2.0
    is_deleting_failing: bool = False
    expired_linger_seconds: float = 0.0
    is_underscore_reserved: bool = False
    is_edge_dot_refused: bool = False
    is_content_type_kept: bool = True
    is_path_normalised: bool = False
    latency_seconds: float = 0.0
    jitter_seconds: float = 0.0
    empty_latency_seconds: float = 0.0
    rate_limit: tuple[int, float] | None = None
    """Requests, and the seconds in which that many are answered."""
    is_retry_after_sent: bool = True
    fail_percent: float = 0.0
    fail_status: int = 500
    is_failure_html: bool = False
    drop_percent: float = 0.0
    seed: int = 0
