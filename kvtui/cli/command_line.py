"""One command line from argv to its exit status."""

import sys
from collections.abc import Callable

from kvtui.cli.call import Call
from kvtui.cli.console import Console
from kvtui.cli.exit_status import ExitStatus, status_of
from kvtui.cli.last_resort import take_precautions
from kvtui.cli.parser import parse
from kvtui.errors import KvtuiError
from kvtui.launch.collector import quiet_collector
from kvtui.settings import Surroundings


def run_process() -> int:
    """Run the command line of this process, which ends with it."""
    with quiet_collector():
        surroundings = Surroundings.of_this_process()
        take_precautions(surroundings.state_folder)
        arguments = parse(sys.argv[1:])
        return run(Call(arguments, surroundings, Console.of_this_process()))


def run(call: Call) -> int:
    """Carry a command out and write out what it left."""
    status = _told(call.console, lambda: call.arguments.run(call))
    return _told(call.console, call.console.close) or status


def _told(console: Console, action: Callable[[], object]) -> ExitStatus:
    """Do something; every way in which it can end has its exit status."""
    try:
        outcome = action()
    except BrokenPipeError:
        return ExitStatus.DONE
    except KeyboardInterrupt:
        console.say("interrupted")
        return ExitStatus.INTERRUPTED
    except KvtuiError as error:
        console.say(f"kvtui: {error}")
        return status_of(error)
    return outcome if isinstance(outcome, ExitStatus) else ExitStatus.DONE
