"""The end of the process, once everything that has to be done at its end is done."""

import atexit
import os
import sys


class Leaving:
    """Leaves it to the system to free what the process holds.

    Python would empty one module after the other, for longer than all the rest of quitting takes.
    It is made before anything else registers what it does at the end, so that its turn comes last:
    threads that must end have ended then. Without a `status`, the process ends as usual.
    """

    def __init__(self) -> None:
        self.status: int | None = None
        # Who looks for what was not closed, or counts what was run, does so after the last turn.
        if not sys.flags.dev_mode and sys.gettrace() is None:
            atexit.register(self._leave)

    def _leave(self) -> None:
        if self.status is None:
            return
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(self.status)
