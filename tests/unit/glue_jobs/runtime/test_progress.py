from types import SimpleNamespace

import pytest

from glue_jobs.runtime import progress


def spark_with(stages: dict[int, tuple[int, int]]) -> SimpleNamespace:
    tracker = SimpleNamespace(
        getActiveStageIds=lambda: list(stages),
        getStageInfo=lambda stage: SimpleNamespace(numCompletedTasks=stages[stage][0], numTasks=stages[stage][1]),
    )
    return SimpleNamespace(sparkContext=SimpleNamespace(statusTracker=lambda: tracker))


def test_tasks_of_all_active_stages_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "STARTED", [spark_with({7: (3, 10), 8: (0, 2)})])
    assert progress.active_tasks() == (3, 12)


def test_before_spark_starts_there_are_no_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "STARTED", [])
    assert progress.active_tasks() == (0, 0)


def test_a_stage_tells_how_far_it_is_while_it_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    stage = progress.Stage(every_seconds=0.01)
    stage.name = "publish"
    monkeypatch.setattr(progress, "active_tasks", lambda: (1, 4))
    with stage.watched(told.append):
        while not told:
            pass
    assert told[0] == "publish: 1 of 4 tasks"


def test_a_picture_that_fails_does_not_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fail() -> tuple[int, int]:
        asked.append(1)
        raise RuntimeError

    monkeypatch.setattr(progress, "active_tasks", fail)
    with progress.Stage(every_seconds=0.01).watched(lambda _: None):
        while len(asked) < 2:
            pass
