"""Enrichments on public claims, against counts made in plain Python from the same files."""

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from glue_jobs.enrichments.add_age import ADD_AGE
from glue_jobs.enrichments.add_service_category import ADD_SERVICE_CATEGORY
from glue_jobs.enrichments.flag_denied import FLAG_DENIED
from glue_jobs.enrichments.mark_claims import MARK_CLAIMS
from tests.unit.glue_jobs.enrichments.claim_lines import TYPES, added, column, references

READ = sorted({*MARK_CLAIMS.needs, *(name for name in ADD_SERVICE_CATEGORY.needs if not name.startswith("_has"))})


def rows_of(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def categories(spark: SparkSession, lines: Iterable[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """The three levels of each line, in the order of the lines; marks are made of them too."""
    rows = [(number, *(line.get(name) for name in READ)) for number, line in enumerate(lines)]
    frame = spark.createDataFrame(rows, ", ".join(["number int", *(f"{name} {TYPES[name]}" for name in READ)]))
    given = references(spark)
    found = ADD_SERVICE_CATEGORY.add(MARK_CLAIMS.add(frame, given), given).collect()
    assert len(found) == len(rows)
    by_number = {row["number"]: tuple(row[name] for name in ADD_SERVICE_CATEGORY.adds) for row in found}
    return [by_number[number] for number in range(len(rows))]


def is_office_visit(line: dict[str, str]) -> bool:
    is_remote = bool({"95", "GT", "GQ"} & {line[f"hcpcs_modifier_{n}"] for n in range(1, 6)})
    code = line["hcpcs_code"]
    is_visit = code in {"G0402", "G0438", "G0439"} or code[:4] in {"9920", "9921", "9924", *map(str, range(9938, 9943))}
    return line["place_of_service_code"] == "11" and is_visit and not is_remote


def test_every_line_of_the_tuva_sample_has_the_category_of_its_place_or_bill(spark: SparkSession, shared: Path) -> None:
    sent = rows_of(shared / "data/tuva_input_layer/medical_claim.csv")
    text = [name for name in READ if TYPES[name] == "string" and not name.startswith("_")]
    lines = [
        {name: line[name] or None for name in text if name in line}
        | {"_member": line["person_id"], "claim_version_id": "v"}
        for line in sent
    ]
    found = categories(spark, lines)
    assert len(found) == 1229
    by_place: dict[str, Counter[str]] = {}
    for line, (_, second, _) in zip(sent, found, strict=True):
        by_place.setdefault(line["place_of_service_code"], Counter())[second] += 1
    assert by_place["41"] == {"ambulance": 5}
    assert by_place["21"] == {"acute inpatient": 38}
    assert by_place["81"] == {"lab": 229}
    assert by_place["31"] == {"skilled nursing": 1}
    assert by_place["11"]["office visit"] == sum(is_office_visit(line) for line in sent)
    emergencies = {line["claim_id"] for line in sent if line["revenue_center_code"] == "0450"}
    of_claims = [second for line, (_, second, _) in zip(sent, found, strict=True) if line["claim_id"] in emergencies]
    assert set(of_claims) == {"emergency department"}
    stays = [levels for line, levels in zip(sent, found, strict=True) if line["bill_type_code"] == "111"]
    assert stays == [("inpatient", "acute inpatient", "medical")] * 2
    assert sum(levels[0] == "other" for levels in found) < 0.05 * len(found)


def test_a_file_of_one_setting_has_the_category_of_that_setting(spark: SparkSession, shared: Path) -> None:
    expected = {"inpatient": 16, "snf": 67, "hospice": 8, "hha": 15}
    lines, files = [], []
    for name, count in expected.items():
        sent = rows_of(shared / f"data/cms_rif_synthea/{name}.csv", "|")
        assert len(sent) == count
        files += [name] * count
        lines += [
            {
                "_member": line["BENE_ID"],
                "claim_id": line["CLM_ID"],
                "claim_type": "institutional",
                "bill_type_code": line["CLM_FAC_TYPE_CD"] + line["CLM_SRVC_CLSFCTN_TYPE_CD"] + line["CLM_FREQ_CD"],
                "revenue_center_code": line["REV_CNTR"] or None,
                "hcpcs_code": line["HCPCS_CD"] or None,
                "drg_code": line.get("CLM_DRG_CD") or None,
            }
            for line in sent
        ]
    found = Counter(zip(files, (levels[:2] for levels in categories(spark, lines)), strict=True))
    assert {(file, second) for file, (_, second) in found} == {
        ("inpatient", "acute inpatient"),
        ("snf", "skilled nursing"),
        ("hospice", "outpatient hospice"),
        ("hha", "home health"),
    }
    assert sum(found.values()) == sum(expected.values())


def test_lines_without_a_place_are_sorted_by_their_procedure_and_denied_where_they_say_so(
    spark: SparkSession, shared: Path
) -> None:
    sent = rows_of(shared / "data/cms_synpuf/DE1_0_2008_to_2010_Carrier_Claims_Sample_TestAA.csv")
    lines = [
        {
            "_member": claim["DESYNPUF_ID"],
            "claim_id": claim["CLM_ID"],
            "claim_type": "professional",
            "hcpcs_code": claim[f"HCPCS_CD_{n}"],
            "paid_amount": Decimal(claim[f"LINE_NCH_PMT_AMT_{n}"]),
            "allowed_amount": Decimal(claim[f"LINE_ALOWD_CHRG_AMT_{n}"]),
            "line_processing_indicator_code": claim[f"LINE_PRCSG_IND_CD_{n}"] or None,
        }
        for claim in sent
        for n in range(1, 14)
        if claim[f"HCPCS_CD_{n}"]
    ]
    found = categories(spark, lines)
    codes: list[str] = [line["hcpcs_code"] for line in lines]  # type: ignore[misc]
    seconds = Counter(second for _, second, _ in found)
    assert seconds["emergency department"] == sum(
        code in {"99281", "99282", "99283", "99284", "99285"} for code in codes
    )
    assert seconds["ambulance"] == sum(code.startswith("A0") for code in codes)
    assert seconds["lab"] == sum(code[0] in "8P" for code in codes if code.isdigit() or code[0] == "P")
    assert seconds["office visit"] > 0

    denied = column(added(spark, FLAG_DENIED, lines), "denied_flag")
    assert sum(denied) == sum(
        line["paid_amount"] == 0 and line["line_processing_indicator_code"] not in {"A", None} for line in lines
    )


def test_sixteen_people_of_synpuf_are_over_89_at_the_end_of_2010(spark: SparkSession, shared: Path) -> None:
    births = {
        row["DESYNPUF_ID"]: datetime.strptime(row["BENE_BIRTH_DT"], "%Y%m%d").date()  # noqa: DTZ007 - a day
        for year in (2008, 2009, 2010)
        for row in rows_of(shared / f"data/cms_synpuf/DE1_0_{year}_Beneficiary_Summary_File_Sample_TestB.csv")
    }
    assert len(births) == 269
    lines = [{"_birth_date": birth, "claim_start_date": date(2010, 12, 31)} for birth in births.values()]
    found = added(spark, ADD_AGE, lines)
    assert sum(row["age_at_service_years"] > 89 for row in found) == 16
