from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.progress import Doing, Progress
from kvtui.session.survey import Standing
from kvtui.ui.listing_words import SLOW_PROBES, progress_words, standing_words


def words(coverage: Coverage, age_seconds: float = 0.0, room: int = 200) -> str:
    return standing_words(Standing(coverage, 276, age_seconds), room)


def test_every_coverage_has_its_own_words() -> None:
    said = [words(coverage) for coverage in Coverage if coverage is not Coverage.UNKNOWN]

    assert said == [
        "not all listed · 276 requests",
        "all found, not proven (V) · 276 requests",
        "all found, proven · 276 requests",
        "all listed · 276 requests",
    ]
    assert words(Coverage.UNKNOWN) == ""


def test_an_age_is_told_once_it_may_matter() -> None:
    assert words(Coverage.COMPLETE, 59.0) == "all listed · 276 requests"
    assert words(Coverage.COMPLETE, 180.0) == (
        "all listed · 276 requests · 3 min ago · r lists again"
    )


def test_where_there_is_little_room_the_coverage_is_what_stays() -> None:
    assert words(Coverage.ALL_FOUND, 180.0, room=36) == "all found, not proven (V) · 276 req"
    assert words(Coverage.ALL_FOUND, 180.0, room=30) == "all found, not proven (V)"
    assert words(Coverage.ALL_FOUND, 180.0, room=5) == "all found, not proven (V)"


def test_it_is_said_why_a_folder_is_read_page_by_page() -> None:
    standing = Standing(Coverage.PARTIAL, 40, 0.0)

    assert SLOW_PROBES in standing_words(standing, 200, is_probing_dear=True)
    assert SLOW_PROBES not in standing_words(standing, 200)


def test_progress_tells_the_budget_and_how_to_stop() -> None:
    def said(doing: Doing, made: int, limit: int, room: int = 40) -> str:
        progress = Progress("", 0, False, doing=doing, request_count=made, request_limit=limit)
        return progress_words(progress, room)

    assert said(Doing.FINDING, 65, 256) == "finding folders 65/256 · esc stops"
    assert said(Doing.FINDING, 65, 256, room=30) == "finding 65/256 · esc stops"
    assert said(Doing.FINDING, 300, 256) == "finding folders 300/300 · esc stops"
    assert said(Doing.PROVING, 1065, 3000) == "proving 1,065/3,000 · esc stops"
    assert said(Doing.READING, 0, 0) == ""
