"""Small frames of the tables that summaries are made of, and what they say in plain Python."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from expectations.contract import load_table

Row = dict[str, Any]

MONEY = ("charge_amount", "allowed_amount", "paid_amount", "member_responsibility_amount")
MEMBER_SHARE = ("coinsurance_amount", "copayment_amount", "deductible_amount")
ENRICHED_TYPES = {
    "service_category_1": "string",
    "service_category_2": "string",
    "diagnosis_chapter": "string",
    "ccsr_category_code": "string",
    "ccsr_category_description": "string",
    "member_responsibility_amount": "decimal(18,2)",
    "provider_name": "string",
    "provider_specialty": "string",
    "provider_state": "string",
    "member_state": "string",
    "denied_flag": "int",
}
"""Columns of medical_claim_enriched that summaries read and medical_claim does not have."""
READ = (
    *("data_source", "claim_id", "claim_version_id", "claim_line_number", "claim_type", "person_id", "payer", "plan"),
    *("claim_start_date", "claim_end_date", "admission_date", "discharge_date", "admit_source_code", "admit_type_code"),
    *("discharge_disposition_code", "bill_type_code", "drg_code_type", "drg_code", "revenue_center_code", "hcpcs_code"),
    *("rendering_npi", "billing_npi", "facility_npi", "received_date", "paid_date", "paid_amount", "allowed_amount"),
    *("charge_amount", "diagnosis_code_type", "diagnosis_code_1", "claim_frequency_code"),
    *("line_processing_indicator_code", "adjustment_group_code", "adjustment_reason_code", "year", "month"),
)
USUAL: Row = {
    "data_source": "a",
    "claim_version_id": "v",
    "claim_line_number": 1,
    "claim_type": "professional",
    "person_id": "p",
    "payer": "medicare",
    "plan": "medicare",
}
MEMBER_MONTH_TYPES = {
    **dict.fromkeys(("data_source", "person_id", "member_id", "payer", "plan", "year_month"), "string"),
    "month_start_date": "date",
    "year": "string",
    "month": "string",
}


def frame(spark: SparkSession, rows: Iterable[Row], types: Mapping[str, str]) -> DataFrame:
    """Rows with exactly these columns; a key that is none of them is an error of the test."""
    listed = list(rows)
    unknown = {name for row in listed for name in row} - set(types)
    assert not unknown, unknown
    schema = ", ".join(f"`{name}` {kind}" for name, kind in types.items())
    return spark.createDataFrame([tuple(row.get(name) for name in types) for row in listed], schema)


def line(claim_id: str, start: date | None = date(2024, 1, 5), paid: object = None, **others: object) -> Row:
    """A line of medical_claim_enriched; amounts may be given as text or whole numbers."""
    row: Row = {**USUAL, "claim_id": claim_id, "claim_start_date": start, "paid_amount": paid, **others}
    for name in (*MONEY, *MEMBER_SHARE):
        if row.get(name) is not None:
            row[name] = Decimal(row[name])
    return {**row, **partition(start)}


def partition(day: date | None) -> Row:
    return {"year": f"{day.year:04d}", "month": f"{day.month:02d}"} if day else {"year": "0000", "month": "00"}


def lines_frame(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    """`medical_claim_enriched`, with the columns that summaries read."""
    table = load_table("medical_claim")
    return frame(spark, rows, {name: table.column(name).type for name in READ} | ENRICHED_TYPES)


def headers(lines: Sequence[Row], **said: Mapping[str, object]) -> list[Row]:
    """Rows of medical_claim_header: amounts that `said` gives by claim, else sums of lines without total lines."""
    claims = defaultdict(list)
    for row in lines:
        claims[row["data_source"], row["claim_id"]].append(row)
    made = []
    for (data_source, claim_id), rows in claims.items():
        days = [row["claim_start_date"] for row in rows if row["claim_start_date"]]
        header = {"data_source": data_source, "claim_id": claim_id, "line_count": len(rows)}
        header |= partition(min(days) if days else None)
        for name in MONEY[:-1]:
            header[name] = _sum_of_lines(rows, name)
        header["coinsurance_amount"] = _sum_of_lines(rows, MONEY[-1])
        amounts = said.get(claim_id, {})
        header |= {name: Decimal(str(amount)) for name, amount in amounts.items()}
        made.append(header)
    return made


def _sum_of_lines(rows: Sequence[Row], name: str) -> Decimal | None:
    own = [row[name] for row in rows if row.get(name) is not None and row.get("revenue_center_code") != "0001"]
    amounts = own or [row[name] for row in rows if row.get(name) is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def headers_frame(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    """`medical_claim_header`, with the columns that summaries read."""
    names = ("data_source", "claim_id", *MONEY[:-1], *MEMBER_SHARE, "line_count", "year", "month")
    table = load_table("medical_claim_header")
    return frame(spark, rows, {name: table.column(name).type for name in names})


def found(result: DataFrame, *names: str) -> set[tuple[Any, ...]]:
    """The rows as a set of values of these columns; as many as there are rows."""
    rows = [tuple(row) for row in result.select(*names).collect()]
    assert len(set(rows)) == len(rows)
    return set(rows)
