"""Names that are safe to show, whatever a sender has put into them, and where the zones of a lake are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.object_keys import Lake, safe_name, safe_uri

PLAIN = (
    "claims.csv",
    "claims_2024-01-31.csv.gz",
    "claims_2024-01-31_2024-02-29.csv",
    "DE1_0_2008_Beneficiary_Summary_File_Sample_1.csv",
    "20240131.csv",
    "12345678",
    ".hidden.csv",
    "_part-0001.csv",
    "a" * 120,
)
TELLING = {
    "blank": ("Jane Doe.csv", ".csv"),
    "another alphabet": ("jos\u00e9.csv.gz", ".csv.gz"),
    "digits of another script": ("claims_\u0661\u0662.csv", ".csv"),
    "nine digits": ("member_123456789.csv", ".csv"),
    "social security number": ("123-45-6789.csv", ".csv"),
    "social security number with dots": ("x_123.45.6789.txt", ".txt"),
    "markup": ("<script>.ndjson", ".ndjson"),
    "line break": ("claims\n.csv", ".csv"),
    "line break at the end": ("claims.csv\n", ""),
    "separator": ("../../etc/passwd.csv", ".csv"),
    "bytes that are no text": ("\udcff.csv", ".csv"),
    "half a character": ("\ud800.csv", ".csv"),
    "too long": ("a" * 121, ""),
    "nothing": ("", ""),
    "a person behind a dot": ("claims of.Jane.Doe", ""),
    "digits behind a dot": ("claims of.12345678.csv", ".csv"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_name_is_shown_as_it_is(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(("name", "ending"), TELLING.values(), ids=TELLING)
def test_a_name_that_may_tell_something_is_shown_as_a_hash_with_its_ending(name: str, ending: str) -> None:
    assert re.fullmatch(rf"file-[0-9a-f-]+{re.escape(ending)}", safe_name(name))


def test_a_hash_is_the_same_for_the_same_name_and_another_for_another() -> None:
    assert safe_name("Jane Doe.csv") == safe_name("Jane Doe.csv") != safe_name("John Doe.csv")


@given(st.text() | st.from_regex(r"[0-9._ -]{5,30}", fullmatch=True))
def test_what_is_shown_is_always_plain_itself(name: str) -> None:
    shown = safe_name(name)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,120}", shown)
    assert not re.search(r"\d{9}|(?<!\d)\d{3}[._-]\d{2}[._-]\d{4}(?!\d)", shown)
    assert safe_name(shown) == shown


@pytest.mark.parametrize("root", ["/data/lake", "s3://bucket", "s3://bucket/prefix"])
def test_every_zone_lies_below_the_root_of_its_lake(root: str) -> None:
    lake = Lake(root)
    assert lake.raw == f"{root}/raw"
    assert lake.temp("run-1") == f"{root}/temp/run-1"
    assert lake.quarantine("run-1") == f"{root}/quarantine/records/run_id=run-1"
    assert lake.report("run-1", "json") == f"{root}/validation-reports/run-1.json"


def test_a_uri_keeps_its_plain_parts_and_hides_the_others() -> None:
    assert safe_uri("s3://bucket/raw/claims/acme/2024.csv") == "s3://bucket/raw/claims/acme/2024.csv"
    assert safe_uri("s3://claims-raw-123456789012/raw/acme/Jane Doe.csv") == (
        f"s3://claims-raw-123456789012/raw/acme/{safe_name('Jane Doe.csv')}"
    )
    assert safe_uri("s3://claims-raw-123456789012") == "s3://claims-raw-123456789012"
    assert safe_uri("/data/Jane Doe/x.csv") == f"/data/{safe_name('Jane Doe')}/x.csv"


def test_the_zones_of_a_lake_are_folders_of_one_root_or_buckets_of_their_own() -> None:
    folder, buckets = Lake("/data/lake"), Lake("s3://claims-dev-{zone}-123456789012")
    assert (folder.raw, folder.warehouse) == ("/data/lake/raw", "/data/lake")
    assert (folder.journal("r"), folder.temp("r")) == ("/data/lake/journal/r.json", "/data/lake/temp/r")
    assert buckets.raw == "s3://claims-dev-raw-123456789012/raw"
    assert buckets.requeued("claims", "acme", "f", "a.csv").endswith(
        "-raw-123456789012/raw/claims/acme/requeued/f/a.csv"
    )
    assert buckets.warehouse == "s3://claims-dev-processed-123456789012"
    assert buckets.temp("r") == "s3://claims-dev-temp-123456789012/r"
    assert buckets.quarantine("r") == "s3://claims-dev-quarantine-123456789012/records/run_id=r"
    assert buckets.held_note("f").startswith("s3://claims-dev-quarantine-123456789012/held/f/")
    assert buckets.sent_back("r", "f").startswith("s3://claims-dev-quarantine-123456789012/requeued/run_id=r/")
    assert buckets.report("r", "html") == "s3://claims-dev-validation-reports-123456789012/r.html"
    assert buckets.journal("r") == "s3://claims-dev-processed-123456789012/journal/r.json"
