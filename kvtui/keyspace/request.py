"""What a plan wants to be asked next."""

from dataclasses import dataclass

from kvtui.protocol import MAX_KEYS_LIMIT


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the server; whoever asks it gives the answer to the plan it came from.

    A listing is answered by its page. A question for one key (`is_exact`) is answered by reading
    its value: a page that holds the key if it is there, and an empty page if not.
    """

    ticket: int
    prefix: str
    cursor: str | None = None
    limit: int = MAX_KEYS_LIMIT
    is_exact: bool = False
