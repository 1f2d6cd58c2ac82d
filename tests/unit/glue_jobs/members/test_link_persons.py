"""The cross-reference of members: transitive, the same in any order, and done on circles and long chains."""

import random
from itertools import pairwise

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.members.link_persons import link_persons, person_pairs

PAIRS = "data_source string, person_id string, other_person_id string"


def linked(spark: SparkSession, pairs: list[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """Linked id by source and id."""
    found = link_persons(spark.createDataFrame(pairs, PAIRS), DataFrame.localCheckpoint).collect()
    links = {(row["data_source"], row["person_id"]): row["linked_person_id"] for row in found}
    assert len(links) == len(found)
    return links


def expected(pairs: list[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """The same by joining sets of ids, in plain Python."""
    groups: dict[tuple[str, str], set[str]] = {}
    for source, one, other in pairs:
        if one != other:
            merged = groups.get((source, one), {one}) | groups.get((source, other), {other})
            groups |= {(source, person): merged for person in merged}
    return {key: min(group) for key, group in groups.items()}


def test_chains_circles_stars_and_drawn_pairs_are_linked_as_by_plain_python(spark: SparkSession) -> None:
    """One frame of several sources, because each round of the search is a job of Spark, however small."""
    draw = random.Random(3)  # noqa: S311 - drawn cases, no secret
    names = [f"k{number:03d}" for number in range(130)]
    draw.shuffle(names)
    pairs = [("chain", one, other) for one, other in pairwise(names)]
    pairs += [
        ("circle", "c", "a"),
        ("circle", "a", "b"),
        ("circle", "b", "c"),
        ("circle", "c", "a"),
        ("circle", "x", "x"),
    ]
    pairs += [("star", f"s{number}", "center") for number in range(5)]
    pairs += [("drawn", f"d{draw.randrange(60):02d}", f"d{draw.randrange(60):02d}") for _ in range(25)]
    draw.shuffle(pairs)
    found = linked(spark, pairs)
    assert found == expected(pairs)
    assert {name for (source, _), name in found.items() if source == "chain"} == {"k000"}
    assert {name for (source, _), name in found.items() if source == "circle"} == {"a"}
    assert len({name for (source, _), name in found.items() if source == "drawn"}) > 3


def test_one_member_number_or_social_security_number_under_two_ids_makes_a_pair(spark: SparkSession) -> None:
    rows = [
        ("p1", "acme", "M1", "219-45-6789"),
        ("p2", "acme", "M1", None),
        ("p3", "other", "M1", "219456789"),
        ("p4", "acme", None, "111111111"),
        ("p5", "acme", None, "111111111"),
        ("p6", "acme", "M6", "000456789"),
        ("p7", "acme", "M7", "000456789"),
    ]
    eligibility = spark.createDataFrame(
        [("src", *row) for row in rows],
        "data_source string, person_id string, payer string, member_id string, social_security_number string",
    )
    found = {(row["person_id"], row["other_person_id"]) for row in person_pairs(eligibility).collect()}
    assert found == {("p2", "p1"), ("p3", "p1")}
