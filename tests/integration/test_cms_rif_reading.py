"""CMS Research Identifiable Files as their sources read them: every record, in whatever order its header is."""

import json
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_source
from expectations.headers import match_header, parse_fields
from expectations.row_rules import CRITICAL_MASK, mask_of
from glue_jobs.transforms.clean_columns import clean_columns
from glue_jobs.transforms.conform_records import conform_records
from glue_jobs.transforms.parse_records import FileLayout, parse_records

SYNTHEA = {"inpatient": 16, "outpatient": 19, "snf": 67, "hospice": 8, "hha": 15, "carrier": 221, "dme": 1, "pde": 18}
"""Records of each file of cms_rif_synthea, as ../shared/data/EXPECTED.md has them."""

STATIC = {
    "inpatient": ("inpatient", "inpatient-with-four-character-drg-code"),
    "outpatient": ("outpatient",),
    "snf": ("snf", "snf-with-four-character-drg-code"),
    "hospice": ("hospice",),
    "hha": ("hha",),
    "dme": ("dme",),
    "pde": ("pde",),
    "carrier": ("bcarrier", "bcarrier-multiple-lines"),
}

DRGS = {"inpatient": {"695", "6955"}, "snf": {"645", "6455"}}
"""One file of each kind has a DRG of four characters, which must not be cut."""

every_kind = pytest.mark.parametrize("kind", SYNTHEA)


def read(spark: SparkSession, kind: str, lines: Iterable[str]) -> DataFrame:
    """Typed rows of a file's lines, the first being the header; what cannot be read stands in `_mask`."""
    source = load_source(f"cms_rif_{kind}")
    header, *records = lines
    fields = parse_fields(header, "|", '"')
    match_header(fields, source, "sample")
    rows = [("sample", 0, place, line) for place, line in enumerate([header, *records])]
    frame = spark.createDataFrame(rows, "_path string, _block bigint, _position bigint, line string")
    layout = FileLayout(fields, header, rewritten=False)
    cleaned = clean_columns(conform_records(parse_records(frame, source, layout), source, layout), source)
    return cleaned.where(~F.col("_skipped")).localCheckpoint()


def broken(rows: DataFrame) -> int:
    return rows.where(F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) != 0).count()


@every_kind
def test_a_synthea_file_is_read_whole(spark: SparkSession, shared: Path, kind: str) -> None:
    path = shared / "data" / "cms_rif_synthea" / f"{kind}.csv"
    rows = read(spark, kind, path.read_text(encoding="utf-8").splitlines())
    assert (rows.count(), broken(rows)) == (SYNTHEA[kind], 0)
    if kind == "pde":
        return
    for name in ("person_id", "claim_group_id", "claim_start_date", "claim_effective_date", "diagnosis_code_1"):
        assert rows.where(F.col(name).isNull()).count() == 0, name
    told = rows.select("sender_final_action_flag", "claim_sequence_number").distinct().collect()
    assert [tuple(row) for row in told] == [(1, 0)], "FINAL_ACTION F and DML_IND INSERT throughout"


@pytest.mark.parametrize("kind", STATIC)
def test_a_static_file_is_read_whole_though_its_records_end_with_a_bar_and_its_header_does_not(
    spark: SparkSession, shared: Path, kind: str
) -> None:
    files = [shared / "data" / "cms_rif_static" / f"sample-a-{name}.txt" for name in STATIC[kind]]
    (header,) = {path.read_text(encoding="utf-8").splitlines()[0] for path in files}
    as_sent = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    # a second bar, and one too many within, is a field too many
    odd = [as_sent[0].removesuffix("|") + "||", "|" + as_sent[0]]
    rows = read(spark, kind, [header, *as_sent, *odd]).orderBy("_position")
    masks = [row["_mask"] for row in rows.select("_mask").collect()]
    assert len(as_sent) == (8 if kind == "carrier" else len(files))
    assert masks == [0 for _ in as_sent] + [mask_of("RC002")] * 2
    if kind in DRGS:
        assert {row["drg_code"] for row in rows.where("_mask = 0").select("drg_code").collect()} == DRGS[kind]


def test_order_of_columns_case_of_months_and_further_columns_change_nothing(spark: SparkSession, shared: Path) -> None:
    path = shared / "data" / "cms_rif_synthea" / "hha.csv"
    header, *records = path.read_text(encoding="utf-8").splitlines()
    turned = ["|".join([*reversed(line.split("|")), "more"]) for line in records]
    turned_header = "|".join([*reversed(header.lower().split("|")), "NEW_COLUMN"])
    usual = read(spark, "hha", [header, *records, *records])
    other = [_with_months(line, case) for case in (str.upper, str.lower) for line in turned]
    found = read(spark, "hha", [turned_header, *other])
    as_sent = ("_record_hash", "_raw")
    assert found.drop(*as_sent).collect() == usual.drop(*as_sent).collect()


def _with_months(line: str, case: Callable[[str], str]) -> str:
    return "|".join(case(field) if field[2:3] == "-" else field for field in line.split("|"))


@every_kind
def test_only_what_a_claim_cannot_do_without_is_required_of_a_header(kind: str) -> None:
    source = load_source(f"cms_rif_{kind}")
    optional = {names for names, may_lack in source.origins() if may_lack}
    for names in (("DML_IND",), ("FINAL_ACTION",), ("ICD_DGNS_CD12",), ("NCH_WKLY_PROC_DT",)):
        declared = {name for name, _ in source.origins()}
        assert names not in declared or names in optional
    assert kind == "pde" or ("CLM_GRP_ID", "CLM_ID") in dict(source.origins())


def test_every_source_of_research_files_has_one_way_of_telling_versions() -> None:
    declared = {kind: load_source(f"cms_rif_{kind}").versions for kind in SYNTHEA}
    assert declared.pop("pde") is None, "pharmacy_claim has no versions"
    shared_part = {json.dumps(versions.model_dump(exclude={"actions"})) for versions in declared.values() if versions}
    assert len(shared_part) == 1
    assert reduce(or_, ({versions.actions} for versions in declared.values() if versions)) == {
        ("claim_frequency_code",),
        ("claim_adjustment_type_code",),
    }
