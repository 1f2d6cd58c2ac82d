"""Stages are timed whatever becomes of them, and log lines are JSON of allowed fields only."""

import json
import logging
from collections.abc import Callable

import pytest

from glue_jobs.runtime.telemetry import ALLOWED_FIELDS, LOGGER, Telemetry


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock forward by some seconds; it stands still otherwise."""
    moments = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: moments[-1])
    return lambda seconds: moments.append(moments[-1] + seconds)


def lines(caplog: pytest.LogCaptureFixture) -> list[object]:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == LOGGER.name]


def test_a_stage_is_timed_logged_and_told_when_it_begins(
    clock: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    telemetry = Telemetry("run-1", told.append)
    with caplog.at_level(logging.INFO, LOGGER.name), telemetry.stage("publish"):
        assert told == ["publish"]
        clock(1.5)
    assert telemetry.stages == [("publish", 1.5)]
    assert lines(caplog) == [{"event": "stage_ended", "run_id": "run-1", "stage": "publish", "seconds": 1.5}]


def test_times_of_stages_of_one_name_add_up_in_the_place_of_the_first(clock: Callable[[float], None]) -> None:
    telemetry = Telemetry("run-1")
    for name, seconds in (("read", 0.1), ("publish", 1.0), ("read", 0.2)):
        with telemetry.stage(name):
            clock(seconds)
    assert telemetry.stages == [("read", 0.3), ("publish", 1.0)]


def test_a_stage_that_fails_is_timed_and_its_failure_goes_on(clock: Callable[[float], None]) -> None:
    telemetry = Telemetry("run-1")

    def publish() -> None:
        with telemetry.stage("publish"):
            clock(2.0)
            raise KeyError("planted")

    with pytest.raises(KeyError, match="planted"):
        publish()
    assert telemetry.stages == [("publish", 2.0)]


@pytest.mark.parametrize("field", ["claim_id", "message", "file_name", "person"])
def test_a_field_that_is_not_allowed_is_an_error_and_nothing_is_logged(
    field: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.INFO, LOGGER.name),
        pytest.raises(ValueError, match=f"log fields not allowed: {field}$") as error,
    ):
        Telemetry("run-1").log("read", **{field: "planted value", "records": 3})
    assert "planted value" not in str(error.value)
    assert lines(caplog) == []


def test_a_log_line_is_one_json_object_on_one_line_with_the_run(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER.name):
        Telemetry("run-1").log("refused", reason="two\nlines", files=2)
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    assert lines(caplog) == [{"event": "refused", "run_id": "run-1", "reason": "two\nlines", "files": 2}]


def test_no_field_takes_the_place_of_the_run(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER.name):
        Telemetry("run-1").log("read", run_id="another")
    assert [line["run_id"] for line in lines(caplog) if isinstance(line, dict)] == ["run-1"]


def test_no_allowed_field_is_named_for_what_a_claim_holds() -> None:
    assert not [name for name in ALLOWED_FIELDS if any(part in name for part in ("claim", "person", "member", "name"))]
