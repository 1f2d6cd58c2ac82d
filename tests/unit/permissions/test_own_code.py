"""The project's own functions and jobs are read whole: nothing hides a call, and no declaration is left over."""

from collections.abc import Iterator

import pytest

from tests.permissions.code_needs import code, job_module, reached
from tests.permissions.iam_actions import actions_of
from tests.permissions.reached_calls import uses
from tests.permissions.service_needs import CATALOG_WRITES, SPARK
from tests.permissions.told_places import TOLD

pytestmark = pytest.mark.slow
ENTRIES = (
    *((f"lambdas.{one}.handler", "handle") for one in ("s3_event_trigger", "data_validation", "error_handler")),
    ("lambdas.post_processing.handler", "handle"),
    *((job_module(one), "main") for one in ("process-medical-claims", "maintain-tables", "load-code-sets")),
    (job_module("summarize-claims"), "main"),
)


@pytest.mark.parametrize(("module", "entry"), ENTRIES)
def test_nothing_hides_a_call_of_aws(module: str, entry: str) -> None:
    found = reached(module, entry)
    assert found.unresolved == set()
    assert found.calls
    assert all(actions_of(call) for call in found.calls)


def test_every_function_of_the_lambdas_is_reached_from_one_of_their_entries() -> None:
    """What is there and is not reached would be dead, or overlooked by the reader."""
    found = {name for module, entry in ENTRIES for name in reached(module, entry).callers}
    assert {name for name in code().functions if name.startswith("lambdas.")} <= found


def test_every_place_that_is_told_is_of_a_call_and_told_by_nothing_else() -> None:
    asked = set(_undecided())
    assert set(TOLD) == {(function, wrapper) for function, wrapper, _ in asked}
    assert {(*key, name) for key, places in TOLD.items() for name in places} == asked


def test_every_statement_of_spark_that_is_told_is_a_function_that_a_job_reaches() -> None:
    jobs = [reached(module, entry) for module, entry in ENTRIES if module.startswith("glue_jobs.")]
    named = {f"glue_jobs.storage.{name}" for name in (*SPARK, *CATALOG_WRITES)}
    assert named <= set(code().functions)
    assert named <= {name for one in jobs for name in one.callers}


def _undecided() -> Iterator[tuple[str, str, str]]:
    """Parameters of wrappers that a place in S3 is given in, where the source does not tell which."""
    for module, entry in ENTRIES:
        found = reached(module, entry)
        for asking, asked, call in uses(found):
            wrapper = asked.rpartition(".")[2]
            given = {name: texts for (one, two, name), texts in found.places.items() if (one, two) == (asking, asked)}
            if call.service == "s3" and not asked:
                yield asking, wrapper, ""
            elif call.service == "s3":
                names = [name for name in ("uri", "stored", "to", "target") if name in given]
                yield from ((asking, wrapper, name) for name in names if not given[name])
