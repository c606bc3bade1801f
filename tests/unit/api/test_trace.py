from kvtui.api.call import Call, Endpoint
from kvtui.api.trace import Trace
from kvtui.records import TraceEntry
from tests.support.clock import VirtualClock

CALL = Call(Endpoint.PUT_VALUE, "/v2/x", lambda answer: None, 1, b"value", "text/plain")


def test_an_attempt_is_there_while_it_is_under_way_and_completed_afterwards() -> None:
    clock = VirtualClock()
    trace = Trace(clock)

    number = trace.begin(CALL, attempt=2)
    begun = trace.entries
    in_flight_count = trace.in_flight_count
    clock.advance(0.25)
    trace.finish(number, status=201, sent_bytes=5, received_bytes=0, request_id="r-1")

    started = TraceEntry(1, clock.epoch() - 0.25, "PUT", "/v2/x", 2, content_type="text/plain")
    assert list(begun) == [started]
    assert in_flight_count == 1
    assert trace.in_flight_count == 0
    assert list(trace.entries) == [
        TraceEntry(
            1, started.started_at, "PUT", "/v2/x", 2, 201, 0.25, 5, 0, "r-1", None, "text/plain"
        )
    ]


def test_the_oldest_are_forgotten_but_still_counted() -> None:
    trace = Trace(VirtualClock(), capacity=3)
    for _ in range(5):
        trace.finish(trace.begin(CALL, 1), status=200)

    assert [entry.number for entry in trace.entries] == [3, 4, 5]
    assert trace.request_count == 5


def test_an_attempt_that_outlives_its_entry_does_not_come_back() -> None:
    trace = Trace(VirtualClock(), capacity=1)
    slow = trace.begin(CALL, 1)
    quick = trace.begin(CALL, 1)
    trace.finish(quick, status=200)
    trace.finish(slow, error="late")

    assert [entry.number for entry in trace.entries] == [2]
    assert trace.in_flight_count == 0


def test_attempts_that_overlap_stay_in_the_order_in_which_they_began() -> None:
    trace = Trace(VirtualClock())
    first, second = trace.begin(CALL, 1), trace.begin(CALL, 1)
    trace.finish(second, status=200)
    trace.finish(first, status=404)

    assert [(entry.number, entry.status) for entry in trace.entries] == [(1, 404), (2, 200)]
