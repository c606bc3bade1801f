"""What happens to an exception that nobody foresaw: a report without data, and one sentence."""

import resource
import sys
import threading
import time
from pathlib import Path
from types import TracebackType


def take_precautions(state_folder: Path) -> None:
    """Let neither tracebacks nor core files show what the process holds in memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def tell(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        _tell(state_folder, error)

    def tell_of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            _tell(state_folder, args.exc_value)

    sys.excepthook = tell
    threading.excepthook = tell_of_thread


def _tell(state_folder: Path, error: BaseException) -> None:
    """Keep a report where that is possible, else put it out: it holds no data."""
    from kvtui.errors import VaultError
    from kvtui.vault.bug_report import FOLDER, keep_report, report

    print(f"kvtui: a bug ended this ({type(error).__name__}); drafts are kept.", file=sys.stderr)
    try:
        path = keep_report(state_folder / FOLDER, error, at=time.time())
    except VaultError:
        print(report(error), file=sys.stderr)
    else:
        print(f"A report without keys and values is in {path}", file=sys.stderr)
