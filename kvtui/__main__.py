"""Run kvtui as `python -m kvtui`."""

import sys

from kvtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
