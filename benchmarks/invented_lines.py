"""Invented claim lines for the benchmarks, as a CSV of the source `bench_lines`; a few percent of them are dirty.

Three lines a claim, a quarter of the claims institutional; one claim in fifty is sent again as its replacement, and one
line in two hundred twice. Every value follows from its line's number, so that the same size is the same file.
"""

from pathlib import Path

import duckdb

LINES_A_CLAIM = 3
LUHN_START = 24
"""What the prefix 80840 adds to the sum of an NPI's check digit."""

MACROS = """
CREATE MACRO chance(of, salt, parts) AS CAST(hash(of, salt) % parts AS BIGINT);
CREATE MACRO digit(text, place) AS CAST(substring(text, place, 1) AS INTEGER);
CREATE MACRO doubled(text, place) AS (digit(text, place) * 2) // 10 + (digit(text, place) * 2) % 10;
CREATE MACRO luhn(nine) AS nine || CAST((10 - ({start} + doubled(nine, 1) + digit(nine, 2) + doubled(nine, 3)
    + digit(nine, 4) + doubled(nine, 5) + digit(nine, 6) + doubled(nine, 7) + digit(nine, 8) + doubled(nine, 9)) % 10)
    % 10 AS VARCHAR);
CREATE MACRO icd(of, salt) AS chr(CAST(65 + chance(of, salt, 20) AS INTEGER))
    || lpad(CAST(chance(of, salt + 1, 90) AS VARCHAR), 2, '0')
    || CASE WHEN chance(of, salt + 2, 3) = 0 THEN '' ELSE '.' || chance(of, salt + 3, 10) END;
CREATE MACRO money(cents) AS CAST(CAST(cents AS DECIMAL(18, 0)) / 100 AS DECIMAL(18, 2));
"""

CLAIMS = """
WITH lines AS (
    SELECT number, number // {a_claim} AS claim, number % {a_claim} + 1 AS claim_line_number
    FROM range({lines}) t(number)
), known AS (
    SELECT *, claim % 50 = 49 AS replaces, claim - CAST(claim % 50 = 49 AS BIGINT) AS family FROM lines
), facts AS (
    SELECT *, family % 4 = 0 AS facility, family % 8 = 0 AS stay,
        DATE '2023-01-01' + CAST(family * 7919 % 730 AS INTEGER) AS start,
        CAST(chance(number, 1, 60000) + 1000 AS BIGINT) AS charged
    FROM known
), amounts AS (
    SELECT *, charged * (40 + chance(number, 2, 60)) // 100 AS allowed FROM facts
), paid AS (
    SELECT *, allowed * chance(number, 3, 20) // 100 AS coinsurance, chance(number, 4, 4) * 1000 AS copayment
    FROM amounts
)
"""

DIRT = {
    "person_id": (4001, "''"),
    "claim_start_date": (211, "strftime(start, '%Y%m%d')"),
    "claim_end_date": (307, "CAST(start - 1 AS VARCHAR)"),
    "claim_line_start_date": (401, "CAST(start - 3 AS VARCHAR)"),
    "place_of_service_code": (251, "'office'"),
    "bill_type_code": (503, "'11'"),
    "revenue_center_code": (257, "'450X'"),
    "service_unit_quantity": (199, "'0'"),
    "hcpcs_code": (149, "'99A13'"),
    "hcpcs_modifier_1": (263, "'x-'"),
    "rendering_npi": (101, "'1234567890'"),
    "billing_npi": (97, "'8888888888'"),
    "paid_date": (283, "'2019-01-31'"),
    "received_date": (311, "''"),
    "paid_amount": (109, "''"),
    "allowed_amount": (113, "CAST(money(charged + 100000) AS VARCHAR)"),
    "diagnosis_code_1": (127, "'250.00'"),
    "diagnosis_code_2": (131, "'Z9'"),
    "admit_type_code": (61, "'7'"),
    "discharge_disposition_code": (67, "'1'"),
    "claim_line_number": (8009, "'-1'"),
}
"""By column: one line in so many holds this instead."""

VALUES = {
    "claim_id": "'C' || lpad(CAST(family AS VARCHAR), 12, '0')",
    "claim_line_number": "CAST(claim_line_number AS VARCHAR)",
    "claim_type": "CASE WHEN facility THEN 'institutional' ELSE 'professional' END",
    "person_id": "'M' || lpad(CAST(family * 31 % 400000 AS VARCHAR), 9, '0')",
    "member_id": "'M' || lpad(CAST(family * 31 % 400000 AS VARCHAR), 9, '0')",
    "payer": "['acme health', 'Medicare', 'medicaid ', 'BlueX'][1 + family % 4]",
    "claim_start_date": "CAST(start AS VARCHAR)",
    "claim_end_date": "CAST(CASE WHEN stay THEN start + 4 ELSE start END AS VARCHAR)",
    "claim_line_start_date": "CAST(start AS VARCHAR)",
    "claim_line_end_date": "CAST(start AS VARCHAR)",
    "admission_date": "CASE WHEN stay THEN CAST(start AS VARCHAR) ELSE '' END",
    "discharge_date": "CASE WHEN stay THEN CAST(start + 4 AS VARCHAR) ELSE '' END",
    "admit_source_code": "CASE WHEN stay THEN '1' ELSE '' END",
    "admit_type_code": "CASE WHEN stay THEN '3' ELSE '' END",
    "discharge_disposition_code": "CASE WHEN stay THEN '01' ELSE '' END",
    "place_of_service_code": "CASE WHEN facility THEN '' ELSE ['11', ' 11', '21', '22'][1 + family % 4] END",
    "bill_type_code": "CASE WHEN NOT facility THEN '' ELSE CASE WHEN stay THEN '11' ELSE '13' END || "
    "CASE WHEN replaces THEN '7' ELSE '1' END END",
    "drg_code": "CASE WHEN stay THEN CAST(100 + chance(family, 5, 800) AS VARCHAR) ELSE '' END",
    "revenue_center_code": "CASE WHEN facility THEN ['0450', '0300', '0250'][claim_line_number] ELSE '' END",
    "service_unit_quantity": "CAST(1 + chance(number, 6, 5) AS VARCHAR)",
    "hcpcs_code": "CASE WHEN chance(number, 7, 3) = 0 THEN 'J' || lpad(CAST(chance(number, 8, 500) AS VARCHAR), 4, '0')"
    " ELSE CAST(99200 + chance(number, 8, 300) AS VARCHAR) END",
    "hcpcs_modifier_1": "CASE WHEN chance(number, 9, 10) = 0 THEN '25' ELSE '' END",
    "hcpcs_modifier_2": "CASE WHEN chance(number, 9, 100) = 0 THEN '59' ELSE '' END",
    "rendering_npi": "luhn(CAST(100000000 + chance(family, 10, 50000) AS VARCHAR))",
    "billing_npi": "luhn(CAST(150000000 + chance(family, 11, 5000) AS VARCHAR))",
    "paid_date": "CAST(start + 20 + CAST(chance(family, 12, 90) AS INTEGER) AS VARCHAR)",
    "received_date": "CAST(start + 10 + CAST(replaces AS INTEGER) * 30 AS VARCHAR)",
    "paid_amount": "CAST(money(greatest(allowed - coinsurance - copayment, 0)) AS VARCHAR)",
    "allowed_amount": "CAST(money(allowed) AS VARCHAR)",
    "charge_amount": "CAST(money(charged) AS VARCHAR)",
    "coinsurance_amount": "CAST(money(coinsurance) AS VARCHAR)",
    "copayment_amount": "CAST(money(copayment) AS VARCHAR)",
    "deductible_amount": "'0.00'",
    "diagnosis_code_1": "icd(number, 20)",
    "diagnosis_code_2": "icd(number, 30)",
    "diagnosis_code_3": "CASE WHEN chance(number, 40, 2) = 0 THEN icd(number, 41) ELSE '' END",
    "diagnosis_code_4": "CASE WHEN chance(number, 50, 4) = 0 THEN icd(number, 51) ELSE '' END",
    "in_network_flag": "CAST(CAST(chance(number, 60, 10) > 0 AS INTEGER) AS VARCHAR)",
    "claim_frequency_code": "CASE WHEN replaces THEN '7' ELSE '1' END",
}


def write_lines(path: Path, lines: int) -> None:
    """Write so many lines, and those that are sent twice behind them."""
    columns = ", ".join(f"nullif({_with_dirt(name, value)}, '') AS {name}" for name, value in VALUES.items())
    every = f"{CLAIMS.format(a_claim=LINES_A_CLAIM, lines=lines)} SELECT {columns} FROM paid"  # noqa: S608 - our own text
    with duckdb.connect() as database:
        database.execute(MACROS.format(start=LUHN_START))
        again = f"{every} WHERE number % 200 = 17"
        database.execute(f"COPY (({every}) UNION ALL ({again})) TO '{path}' (HEADER)")


def _with_dirt(name: str, value: str) -> str:
    if name not in DIRT:
        return value
    parts, dirty = DIRT[name]
    return f"CASE WHEN chance(number, {parts}, {parts}) = 0 THEN {dirty} ELSE {value} END"
