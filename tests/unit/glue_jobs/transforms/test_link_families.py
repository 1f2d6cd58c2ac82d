from itertools import pairwise

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.transforms.link_families import link_families


def families(spark: SparkSession, *versions: tuple[str, str, str]) -> dict[str, str]:
    """Family by claim key, of versions given as claim id, claim key and target key."""
    rows = spark.createDataFrame(
        [("d", *version) for version in versions],
        "data_source string, claim_id string, claim_key string, target_key string",
    )
    linked = link_families(rows, DataFrame.localCheckpoint)
    return {row["claim_key"]: row["claim_family_id"] for row in linked.collect()}


def test_a_claim_that_refers_to_none_is_a_family_of_its_own(spark: SparkSession) -> None:
    assert families(spark, ("a", "a", "a"), ("b", "b", "b")) == {"a": "a", "b": "b"}


def test_a_chain_is_one_family_whatever_its_length_named_by_its_least_key(spark: SparkSession) -> None:
    keys = [f"k{(n * 7) % 40:02d}" for n in range(40)]
    chain = [(key, key, before) for before, key in pairwise(keys)]
    assert set(families(spark, *chain).values()) == {"k00"}


def test_a_claim_that_has_not_come_ties_those_that_refer_to_it(spark: SparkSession) -> None:
    found = families(spark, ("b", "b", "never came"), ("c", "c", "never came"), ("d", "d", "d"))
    assert found == {"b": "b", "c": "b", "d": "d"}


def test_claims_that_refer_to_each_other_in_a_circle_are_one_family(spark: SparkSession) -> None:
    assert families(spark, ("a", "a", "c"), ("b", "b", "a"), ("c", "c", "b")) == {"a": "a", "b": "a", "c": "a"}


def test_two_keys_under_which_one_claim_id_stands_are_one_family(spark: SparkSession) -> None:
    found = families(spark, ("c1", "k1", "k1"), ("c1", "k2", "k2"), ("c2", "k3", "k3"), ("c1", "c1", "c1"))
    assert found == {"k1": "c1", "k2": "c1", "c1": "c1", "k3": "k3"}


def test_equal_keys_of_two_senders_have_nothing_to_do_with_each_other(spark: SparkSession) -> None:
    rows = spark.createDataFrame(
        [("x", "b", "b", "a"), ("y", "b", "b", "b")],
        "data_source string, claim_id string, claim_key string, target_key string",
    )
    linked = link_families(rows, DataFrame.localCheckpoint).collect()
    assert {(row["data_source"], row["claim_family_id"]) for row in linked} == {("x", "a"), ("y", "b")}
