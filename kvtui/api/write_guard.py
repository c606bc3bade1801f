"""Whether writes may leave: never, always, or for as long as somebody armed them."""

from kvtui.api.clock import Clock
from kvtui.errors import ReadOnlyError


class WriteGuard:
    """Asked before every write. Arming ends by itself, whatever the screens do."""

    def __init__(
        self, clock: Clock, *, is_read_only: bool = False, needs_arming: bool = False
    ) -> None:
        self.is_read_only = is_read_only
        """Refuses every write, armed or not."""
        self.needs_arming = needs_arming
        self._clock = clock
        self._until = (0.0, 0.0)

    @property
    def is_closed(self) -> bool:
        """Whether a write would be refused now."""
        return self.is_read_only or (self.needs_arming and not self.armed_seconds)

    @property
    def armed_seconds(self) -> float:
        """How long writes stay armed from now on; 0 when they are not.

        Two clocks are asked: the one stands still while the machine sleeps, the other can be set.
        """
        now, epoch = self._until
        return max(0.0, min(now - self._clock.now(), epoch - self._clock.epoch()))

    def arm(self, seconds: float) -> None:
        """Let writes through for so long, where nothing but arming was missing."""
        if self.is_read_only:
            raise ReadOnlyError("writing is switched off for good here: it cannot be armed")
        self._until = (self._clock.now() + seconds, self._clock.epoch() + seconds)

    def disarm(self) -> None:
        self._until = (0.0, 0.0)

    def check(self) -> None:
        """Raise ReadOnlyError where a write may not leave."""
        if self.is_read_only:
            raise ReadOnlyError("writing is switched off: nothing was sent")
        if self.is_closed:
            raise ReadOnlyError("this profile is production and writes are not armed")
