"""CMS's Integrated Data Repository: our own resolution of versions beside the flags that CMS sends with each version.

The flags are not used to resolve. Where the two differ, each difference has one reason, and its count is exact.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_source
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry

Claim = Mapping[str, str]

SOURCE = "cms_idr_claim"
SYSTEMS = {"20000": "cms_idr_nch", "21000": "cms_idr_fiss"}
VOID_FREQUENCIES = {"8", "D", "X"}
IDR_KEY = ("GEO_BENE_SK", "CLM_TYPE_CD", "CLM_NUM_SK")
"""What the repository joins its claim tables by, but for the signature of dates, which each version has anew."""

NAMES_OF_A_VERSION = ("CLM_UNIQ_ID", "CLM_DT_SGNTR_SK", "CLM_LTST_CLM_IND")
VOID, COPY, KEYS = "void", "copy of a version", "another key under one control number"
DIFFERENCES = {
    # CMS flags every version of this sample as final, a void (type of bill 8, D, X) too: its frequency codes are drawn
    # at random. A void does not survive here, whatever it voids.
    (VOID, "Y", False): 16,
    # The 4 versions that CMS holds for stale are copies of another one, equal in every column but their own numbers:
    # same effective date, same load date, nothing says which came first. Ours is then the greater claim id, and a copy
    # that is a late charge stands beside the first. 2 of 4 come out as CMS says, 2 do not, and one of these takes the
    # place of the version that CMS keeps.
    (COPY, "N", True): 2,
    (COPY, "Y", False): 1,
    # CMS keeps two versions of one system under one control number where they differ in the repository's key (the
    # place of the person, or the claim type). For us one control number of one system is one claim.
    (KEYS, "Y", False): 14,
}


@pytest.fixture(scope="module")
def claims(shared: Path) -> dict[str, Claim]:
    """The sender's rows by CLM_UNIQ_ID."""
    with (shared / "data" / "cms_idr_star" / "SYNTHETIC_CLM.csv").open(encoding="utf-8", newline="") as file:
        return {row["CLM_UNIQ_ID"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def versions(spark: SparkSession, shared: Path, lake: Path) -> DataFrame:
    """The rows of medical_claim_version that the sender's file became."""
    job_id = new_job_id()
    path = shared / "data" / "cms_idr_star" / "SYNTHETIC_CLM.csv"
    report = process(RunArguments(input=str(path), lake=str(lake), source=SOURCE, job_id=job_id), Telemetry(job_id))
    assert (report.status, report.balanced) == ("SUCCEEDED", True)
    assert (report.records_read, report.records_accepted) == (150, 150)
    return spark.table("claims.processed.medical_claim_version").where(F.col("ingest_run_id") == job_id).cache()


def test_the_flags_are_kept_and_play_no_part(versions: DataFrame, claims: dict[str, Claim]) -> None:
    declared = load_source(SOURCE).versions
    assert declared is not None
    assert not declared.final_flag
    kept = versions.select("claim_id", "sender_final_action_flag").collect()
    assert {row[0]: row[1] for row in kept} == {
        key: int(claim["CLM_FINL_ACTN_IND"] == "Y") for key, claim in claims.items()
    }


def test_missing_dates_and_provider_numbers_are_cleaned(versions: DataFrame, claims: dict[str, Claim]) -> None:
    row = versions.agg(
        *(F.max(name).alias(name) for name in ("paid_date", "claim_effective_date", "received_date")),
        *(F.count(F.when(~F.col(n).rlike("^[0-9]{10}$"), 1)).alias(n) for n in ("billing_npi", "rendering_npi")),
        F.count("billing_npi").alias("billed"),
    ).first()
    assert row is not None
    assert max(row["paid_date"], row["claim_effective_date"], row["received_date"]) < date(2026, 1, 1)
    assert (row["billing_npi"], row["rendering_npi"]) == (0, 0)
    sent = ("PRVDR_BLG_PRVDR_NPI_NUM", "CLM_BLG_PRVDR_NPI_NUM")
    assert row["billed"] == sum(any(claim[name] not in {"", "~"} for name in sent) for claim in claims.values())


def test_each_processing_system_is_a_source_of_its_own(versions: DataFrame, claims: dict[str, Claim]) -> None:
    found = {row["claim_id"]: row["data_source"] for row in versions.select("claim_id", "data_source").collect()}
    assert found == {key: SYSTEMS[claim["CLM_SRC_ID"]] for key, claim in claims.items()}


def test_every_version_that_cms_holds_for_stale_is_a_copy_that_differs_in_its_numbers_only(
    claims: dict[str, Claim],
) -> None:
    stale = [claim for claim in claims.values() if claim["CLM_LTST_CLM_IND"] == "N"]
    assert len(stale) == 4
    assert all(len(list(copies_of(claim, claims))) == 1 for claim in stale)
    assert {claim["CLM_FINL_ACTN_IND"] for claim in claims.values()} == {"Y"}
    keys = Counter(tuple(claim[name] for name in (*IDR_KEY, "CLM_CNTL_NUM")) for claim in claims.values())
    assert sorted(keys.values()) == [1] * 142 + [2] * 4, "the repository's key has several versions nowhere else"


def test_our_resolution_differs_from_the_flags_for_these_reasons_and_no_other(
    versions: DataFrame, claims: dict[str, Claim]
) -> None:
    final = {
        row["claim_id"]: row["is_final_action"] for row in versions.select("claim_id", "is_final_action").collect()
    }
    assert len(final) == len(claims)
    latest = {key: claim["CLM_LTST_CLM_IND"] for key, claim in claims.items()}
    differing = [key for key in claims if (latest[key] == "Y") != final[key]]
    assert Counter((reason(claims[key], claims), latest[key], final[key]) for key in differing) == DIFFERENCES
    assert len(claims) - len(differing) == 117


def reason(claim: Claim, claims: Mapping[str, Claim]) -> str:
    """Why the survival of one version differs from its flags, by the sender's columns alone."""
    if claim["CLM_BILL_FREQ_CD"] in VOID_FREQUENCIES:
        return VOID
    if any(values(claim, IDR_KEY) != values(other, IDR_KEY) for other in beside(claim, claims)):
        return KEYS
    return COPY if any(copies_of(claim, claims)) else "unexplained"


def beside(claim: Claim, claims: Mapping[str, Claim]) -> list[Claim]:
    """Versions of one processing system with the same control number, the claim itself among them."""
    same = ("CLM_SRC_ID", "CLM_CNTL_NUM")
    return [other for other in claims.values() if values(other, same) == values(claim, same)]


def copies_of(claim: Claim, claims: Mapping[str, Claim]) -> Iterator[Claim]:
    """Other versions that are equal in every column but their own numbers."""
    names = [name for name in claim if name not in NAMES_OF_A_VERSION]
    for other in beside(claim, claims):
        if other is not claim and values(other, names) == values(claim, names):
            yield other


def values(claim: Claim, names: Sequence[str]) -> list[str]:
    return [claim[name] for name in names]
