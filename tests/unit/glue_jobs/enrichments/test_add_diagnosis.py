from datetime import date

from pyspark.sql import SparkSession

from glue_jobs.enrichments import diagnosis_chapters as chapters
from glue_jobs.enrichments.add_diagnosis import ADD_DIAGNOSIS
from tests.unit.glue_jobs.enrichments.claim_lines import Row, added, column, references

ICD_10 = {
    "A000": chapters.INFECTIOUS,
    "B99": chapters.INFECTIOUS,
    "C7A00": chapters.NEOPLASMS,
    "D3A00": chapters.NEOPLASMS,
    "D49": chapters.NEOPLASMS,
    "D500": chapters.BLOOD,
    "E119": chapters.ENDOCRINE,
    "F329": chapters.MENTAL,
    "G309": chapters.NERVOUS,
    "H269": chapters.EYE,
    "H6690": chapters.EAR,
    "I10": chapters.CIRCULATORY,
    "J449": chapters.RESPIRATORY,
    "K9589": chapters.DIGESTIVE,
    "L409": chapters.SKIN,
    "M1A00X0": chapters.MUSCULOSKELETAL,
    "M9A30X1": chapters.MUSCULOSKELETAL,
    "N390": chapters.GENITOURINARY,
    "O9A211": chapters.PREGNANCY,
    "P0700": chapters.PERINATAL,
    "Q909": chapters.CONGENITAL,
    "R05": chapters.SYMPTOMS,
    "S72001A": chapters.INJURY,
    "T887XXA": chapters.INJURY,
    "U071": chapters.SPECIAL,
    "V0001XA": chapters.EXTERNAL,
    "Y999": chapters.EXTERNAL,
    "Z3A38": chapters.FACTORS,
    "25000": None,
    "OTHER": None,
    "": None,
}
ICD_9 = {
    "0010": chapters.INFECTIOUS,
    "1398": chapters.INFECTIOUS,
    "140": chapters.NEOPLASMS,
    "25000": chapters.ENDOCRINE,
    "2790": chapters.BLOOD,
    "2859": chapters.BLOOD,
    "311": chapters.MENTAL,
    "3310": chapters.NERVOUS,
    "36610": chapters.EYE,
    "3829": chapters.EAR,
    "4019": chapters.CIRCULATORY,
    "486": chapters.RESPIRATORY,
    "5789": chapters.DIGESTIVE,
    "5990": chapters.GENITOURINARY,
    "650": chapters.PREGNANCY,
    "7061": chapters.SKIN,
    "71590": chapters.MUSCULOSKELETAL,
    "7580": chapters.CONGENITAL,
    "76518": chapters.PERINATAL,
    "7862": chapters.SYMPTOMS,
    "82020": chapters.INJURY,
    "V700": chapters.FACTORS,
    "E8889": chapters.EXTERNAL,
    "OTHER": None,
}


def test_every_chapter_of_both_code_systems_is_found(spark: SparkSession) -> None:
    cases = [("icd-10-cm", code, chapter) for code, chapter in ICD_10.items()]
    cases += [("icd-9-cm", code, chapter) for code, chapter in ICD_9.items()]
    lines = [{"diagnosis_code_type": system, "diagnosis_code_1": code} for system, code, _ in cases]
    found = added(spark, ADD_DIAGNOSIS, lines)
    wrong = [case for case, row in zip(cases, found, strict=True) if case[2] != row["diagnosis_chapter"]]
    assert wrong == []


def test_the_code_system_is_the_senders_or_that_of_the_day(spark: SparkSession) -> None:
    before, after = date(2015, 9, 30), date(2015, 10, 1)
    v_code = {"diagnosis_code_1": "V700"}  # a check-up in ICD-9-CM, a bus accident in ICD-10-CM
    lines: list[Row] = [
        {**v_code, "diagnosis_code_type": "icd-9-cm", "claim_start_date": after},
        {**v_code, "claim_start_date": before},
        {**v_code, "claim_start_date": after},
        {**v_code, "claim_start_date": before, "discharge_date": after},
        {**v_code, "claim_start_date": after, "claim_line_start_date": before},
        {**v_code, "diagnosis_code_type": "icd-10-pcs", "claim_start_date": before},
        v_code,
    ]
    factors, external = chapters.FACTORS, chapters.EXTERNAL
    expected = [factors, factors, external, external, factors, factors, external]
    assert column(added(spark, ADD_DIAGNOSIS, lines), "diagnosis_chapter") == expected


def test_the_category_is_that_of_the_loaded_list_for_icd_10_only_and_one_row_stays_one(spark: SparkSession) -> None:
    codes = [
        {"code_system": "ccsr", "code": "E119", "category_code": "END002", "description": "Diabetes"},
        {"code_system": "ccsr", "code": "E119", "category_code": "END001", "description": "Sent twice"},
        {"code_system": "ccsr", "code": "V700", "category_code": "EXT001"},
        {"code_system": "icd-10-cm", "code": "I10", "description": "Hypertension"},
    ]
    cases = [("icd-10-cm", code) for code in ("E119", "V700", "I10", None)] + [("icd-9-cm", "V700")]
    lines: list[Row] = [{"diagnosis_code_type": system, "diagnosis_code_1": code} for system, code in cases]
    found = added(spark, ADD_DIAGNOSIS, lines, references(spark, codes))
    assert [(row["ccsr_category_code"], row["ccsr_category_description"]) for row in found] == [
        ("END002", "Diabetes"),
        ("EXT001", None),
        (None, None),
        (None, None),
        (None, None),
    ]
