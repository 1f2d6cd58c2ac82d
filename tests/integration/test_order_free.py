"""Whatever the order, the batches, the splits and the repeats of files: the same rows, those that the oracle expects.

Hypothesis chooses histories of every test source and how each is delivered; Spark takes all of them in few runs.
CLAIMS_EXAMPLES=500 CLAIMS_SEED=7 makes a long run of other histories.
"""

import pytest
from pyspark.sql import SparkSession

from tests.oracle.histories import EXAMPLES
from tests.oracle.lakes import TABLES, Lakes, assert_as_expected, content, filled_lakes


@pytest.fixture(scope="module")
def lakes(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lakes:
    return filled_lakes(spark, tmp_path_factory.getbasetemp() / "versions")


@pytest.mark.timeout(600 + 10 * EXAMPLES)
@pytest.mark.parametrize("which", ["one run", "batches"])
def test_any_history_gives_what_the_oracle_expects(lakes: Lakes, which: str) -> None:
    assert_as_expected(lakes.both()[which], lakes.histories)


@pytest.mark.parametrize("table", TABLES)
def test_batches_in_any_order_give_the_rows_of_one_run_over_everything(lakes: Lakes, table: str) -> None:
    batches, one_run = content(lakes.batch_by_batch[table]), content(lakes.in_one_run[table])
    assert one_run
    assert batches == one_run
