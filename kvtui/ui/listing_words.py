"""How far a listing is, in the few words that the frame of the keys has room for."""

from typing import TYPE_CHECKING, Final

from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.progress import Doing
from kvtui.ui.formatting import ago, plural

if TYPE_CHECKING:
    from kvtui.keyspace.progress import Progress
    from kvtui.session.survey import Standing

OLD_SECONDS: Final = 60
SLOW_PROBES: Final = "page by page: no search"
SLOW_PROBES_NOTICE: Final = (
    "This server takes long to say that nothing begins with a prefix: "
    "folders are read page by page instead of searched."
)

_COVERAGE: Final = {
    Coverage.UNKNOWN: "",
    Coverage.PARTIAL: "not all listed",
    Coverage.ALL_FOUND: "all found, not proven (V)",
    Coverage.PROVEN: "all found, proven",
    Coverage.COMPLETE: "all listed",
}
_DOING: Final = {Doing.FINDING: "finding", Doing.PROVING: "proving"}


def standing_words(standing: "Standing", room: int, *, is_probing_dear: bool = False) -> str:
    """Say how far the listing of a folder came, what it cost and how old it is, as it fits."""
    parts = [_COVERAGE[standing.coverage]]
    if not parts[0]:
        return ""
    if is_probing_dear and standing.coverage is Coverage.PARTIAL:
        parts[0] += f", {SLOW_PROBES}"
    if standing.request_count:
        made = plural(standing.request_count, "request")
        is_fitting = len(f"{parts[0]} · {made}") <= room
        parts.append(made if is_fitting else f"{standing.request_count:,} req")
    if standing.age_seconds is not None and standing.age_seconds > OLD_SECONDS:
        parts += [ago(standing.age_seconds), "r lists again"]
    return fitting(parts, room)


def fitting(parts: list[str], room: int) -> str:
    """Join as many parts as there is room for, the first ones first."""
    words = parts[0]
    for part in parts[1:]:
        if len(f"{words} · {part}") > room:
            break
        words += f" · {part}"
    return words


def progress_words(progress: "Progress", room: int) -> str:
    """Say what is being looked for, and how much of its budget is spent; empty while reading."""
    if progress.doing not in _DOING:
        return ""
    made = f"{progress.request_count:,}/{max(progress.request_limit, progress.request_count):,}"
    words = f"{_DOING[progress.doing]} {made} · esc stops"
    longer = words.replace("finding", "finding folders")
    return longer if len(longer) <= room else words
