"""How far a run has come, for a person who waits: the stage, and Spark's tasks within it."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from glue_jobs.runtime.session import STARTED


class Stage:
    """The stage that a run is in, and how far Spark has come with it."""

    def __init__(self, every_seconds: float = 1) -> None:
        self.name = ""
        self._every_seconds = every_seconds
        self._over = threading.Event()

    @contextlib.contextmanager
    def watched(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Tell again and again how many of Spark's tasks are done, while the block runs."""
        watcher = threading.Thread(target=self._watch, args=(tell,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join(timeout=5)

    def _watch(self, tell: Callable[[str], None]) -> None:
        while not self._over.wait(self._every_seconds):
            with contextlib.suppress(Exception):  # a picture that fails must not stop the run
                done, tasks = active_tasks()
                if tasks:
                    tell(f"{self.name}: {done} of {tasks} tasks")


def active_tasks() -> tuple[int, int]:
    """Tasks done and tasks in all of the stages that Spark is in; (0, 0) where it is in none or has not started."""
    if not STARTED:
        return 0, 0
    tracker = STARTED[-1].sparkContext.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    return sum(stage.numCompletedTasks for stage in stages if stage), sum(stage.numTasks for stage in stages if stage)
