"""argv -> settings -> exit code: the only layer that prints."""

import sys
from typing import Final

from kvtui import __version__

_VERSION: Final = ["--version"]


def main() -> int:
    """Run the command line of this process and return its exit status."""
    if sys.argv[1:] == _VERSION:
        print(f"kvtui {__version__}")
        return 0
    from kvtui.cli.leaving import Leaving

    leaving = Leaving()
    from kvtui.cli.command_line import run_process

    leaving.status = run_process()
    return leaving.status
