"""The hand-written stories through the real job: in one run, and file by file from the last to the first."""

import pytest
from pyspark.sql import Row, SparkSession

from tests.oracle.lakes import TABLES, Lakes, assert_as_expected, content, filled_lakes


@pytest.fixture(scope="module")
def lakes(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lakes:
    return filled_lakes(spark, tmp_path_factory.getbasetemp() / "versions")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("which", ["one run", "batches"])
def test_every_story_ends_as_it_was_written(lakes: Lakes, which: str) -> None:
    assert_as_expected(lakes.both()[which], lakes.stories)


@pytest.mark.parametrize("which", ["one run", "batches"])
def test_medical_claim_holds_the_final_lines_of_all_versions_and_nothing_else(lakes: Lakes, which: str) -> None:
    versions, claims, _ = (lakes.both()[which][name] for name in TABLES)
    columns = claims[0].asDict()
    final = [Row(**{name: row[name] for name in columns}) for row in versions if row["is_final_action"]]
    assert content(final) == content(claims)


@pytest.mark.parametrize("which", ["one run", "batches"])
def test_every_surviving_claim_has_one_header(lakes: Lakes, which: str) -> None:
    _, claims, headers = (lakes.both()[which][name] for name in TABLES)
    named = [(row["data_source"], row["claim_id"]) for row in headers]
    assert len(named) == len(set(named))
    assert set(named) == {(row["data_source"], row["claim_id"]) for row in claims}


@pytest.mark.parametrize("which", ["one run", "batches"])
def test_what_took_a_place_is_named_by_its_claim_and_its_version(lakes: Lakes, which: str) -> None:
    rows = lakes.both()[which]["medical_claim_version"]
    versions = {(row["data_source"], row["claim_version_id"]): row["claim_id"] for row in rows}
    for row in rows:
        taker = row["superseded_by_version_id"]
        assert row["superseded_by"] == (versions[row["data_source"], taker] if taker else None)


@pytest.mark.parametrize("which", ["one run", "batches"])
def test_versions_of_a_family_are_ranked_from_1_without_a_gap(lakes: Lakes, which: str) -> None:
    ranks: dict[tuple[str, str], dict[str, int]] = {}
    for row in lakes.both()[which]["medical_claim_version"]:
        family = ranks.setdefault((row["data_source"], row["claim_family_id"]), {})
        assert family.setdefault(row["claim_version_id"], row["version_rank"]) == row["version_rank"]
    assert all(sorted(family.values()) == list(range(1, len(family) + 1)) for family in ranks.values())
