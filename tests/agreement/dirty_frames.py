"""Random dirty rows of a declared table: near enough to right that rules hold, wrong often enough that they break."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from expectations.contract import Column, Table

Frame = list[dict[str, object]]

RIGHT: tuple[tuple[str, Sequence[str]], ...] = (
    (r"npi$", ("1234567893", "1000000004", "1234567898", "9999999999", "2000000000")),
    (r"^diagnosis_code_type$", ("icd-10-cm", "icd-9-cm", "icd-10-cm", "snomed")),
    (r"^procedure_code_type$", ("icd-10-pcs", "icd-9-pcs", "icd-10-pcs", "hcpcs")),
    (r"^diagnosis_code", ("E119", "U071", "I10", "25000", "V270", "E8889", "250", "S72001A", "e119")),
    (r"^procedure_code", ("0SR9019", "8154", "021109W", "9955", "99213")),
    (r"^diagnosis_poa", ("Y", "N", "1", "U", "W")),
    (r"^hcpcs_code$", ("99213", "G0463", "J1885", "0001F", "1BGP1")),
    (r"^hcpcs_modifier", ("25", "59", "TC", "RT", "25")),
    (r"^claim_type$", ("professional", "institutional", "undetermined", "dental")),
    (r"^claim_record_type$", ("original", "original", "replacement", "void", "adjusted")),
    (r"^claim_frequency_code$", ("1", "7", "8", "5", "N")),
    (r"^claim_adjustment_type_code$", ("0", "1", "2", "3", "9")),
    (r"^revenue_center_code$", ("0120", "0001", "0023", "450")),
    (r"^place_of_service_code$", ("11", "21", "1")),
    (r"^bill_type_code$", ("111", "137", "851", "0111", "11Z")),
    (r"^discharge_disposition_code$", ("01", "30", "1")),
    (r"^drg_code$", ("470", "4701", "47")),
    (r"^drg_code_type$", ("ms-drg", "apr-drg", "grouper")),
    (r"^admit_(type|source)_code$", ("1", "9", "7", "12")),
    (r"tin$", ("770000001", "77-0000001")),
    (r"^ndc_code$", ("00093750610", "00000000000", "0093-7506-10")),
    (r"(^|_)zip_code$", ("00501", "005011234", "501")),
    (r"state$", ("OH", "Ohio", "OHIO", "XX")),
    (r"^gender$", ("female", "male", "f")),
    (r"^payer_type$", ("medicare", "commercial", "dental")),
    (r"^payer$", ("medicare", "sample health", "Text")),
    (r"^member_id$", ("1EG4TE5MK73", "1EG4TE5MK7B", "M1")),
    (r"^dual_status_code$", ("02", "2", "2.0")),
    (r"^medicare_status_code$", ("10", "20", "55")),
    (r"^original_reason_entitlement_code$", ("0", "1", "7")),
    (r"^social_security_number$", ("000000000", "000-00-0000")),
    (r"^entity_type_code$", ("1", "2", "3")),
    (r"taxonomy", ("207Q00000X", "207Q00000Y")),
    (r"^(original_)?claim_id$", ("C1", "C2", "C3")),
    (r"_id$", ("P1", "P2")),
    (r"", ("some text", "Text")),
)
ODD = (
    *(
        "",
        " ",
        "x",
        "É1",
        "１２３４５６７８９０",
        "A\u0301",
        "\U0001f600",
        "\U0001f6001",
        "٣",
        "ß",
        "İ",
        "ſ",
        "\ufffd\uffff",
    ),
    *(
        "1\n",
        "11\r\n",
        "1\n\n",
        "111\u2028",
        "\u0085",
        "a b",
        "0" * 40,
        " +7\t",
        "-8",
        "+",
        "1.0",
        "2147483648",
        "E11.9",
        "%",
        "_",
        "a\tb",
        "\ue000",
    ),
)
ENDINGS = ("\n", "\r\n", "\r", "\u2028", "\u0085", " ", "x", "é", ".", "0", ".E119", "\n\n")
WHOLES = (0, 1, -1, 2, 50, 99, 100, 365, 366, 999, 1000, 2**31 - 1, -(2**31))
CENTS = (
    "0.00",
    "0.01",
    "-0.01",
    "99.95",
    "100.00",
    "100.06",
    "10000000.00",
    "10000000.01",
    f"{'9' * 16}.99",
    "-1.00",
    "1.00",
)
QUARTERS = ("0.0000", "80.0000", "0.0001", "-0.2500", "1.0000", "10000.0000", "10000.0001", f"{'9' * 14}.9999")
DAYS = (
    *(date(1, 1, 1), date(1000, 1, 1), date(1899, 12, 31), date(1904, 2, 29), date(1989, 12, 31), date(1990, 1, 1)),
    *(
        date(2005, 5, 22),
        date(2005, 5, 23),
        date(2015, 9, 30),
        date(2015, 10, 1),
        date(2016, 2, 29),
        date(9999, 12, 31),
    ),
)
NEAR = (-400, -366, -5, -4, -3, -1, 0, 1, 2, 365, 366, 367, 400)
MONEY = {"paid_amount": "80", "allowed_amount": "100", "charge_amount": "150", "coinsurance_amount": "20"}


def dirty_frames(table: Table, columns: Sequence[str], count: int, seed: int, most_rows: int = 7) -> list[Frame]:
    """So many frames of up to so many rows each, the same for the same seed; some are empty."""
    random = Random(seed)  # noqa: S311 - test data
    chosen = [table.column(name) for name in columns]
    return [[_row(random, chosen) for _ in range(random.randint(0, most_rows))] for _ in range(count)]


def _row(random: Random, columns: Sequence[Column]) -> dict[str, object]:
    day = random.choice((date(2014, 3, 1), date(2015, 9, 30), date(2015, 10, 1), date(2024, 2, 29)))
    dirt = random.choice((0.02, 0.15, 0.4, 0.9))
    row = {column.name: _right(random, column, day) for column in columns}
    wrong = {column.name: _wrong(random, column, day) for column in columns if random.random() < dirt}
    return row | wrong


def _right(random: Random, column: Column, day: date) -> object:
    if column.type in {"int", "bigint"}:
        return 1
    if column.type.startswith("decimal"):
        return Decimal(MONEY.get(column.name, "1" if column.type.endswith("4)") else "0")).quantize(_unit(column))
    if column.type == "date":
        return day if random.random() < 0.7 else None
    return random.choice(_texts(column)) if column.type == "string" and random.random() < 0.7 else None


def _wrong(random: Random, column: Column, day: date) -> object:
    if random.random() < 0.3:
        return None
    if column.type in {"int", "bigint"}:
        return random.choice(WHOLES)
    if column.type.startswith("decimal"):
        return Decimal(random.choice(QUARTERS if column.type.endswith("4)") else CENTS))
    if column.type == "date":
        return random.choice(DAYS) if random.random() < 0.3 else day + timedelta(days=random.choice(NEAR))
    return _odd_text(random, column) if column.type == "string" else None


def _odd_text(random: Random, column: Column) -> str:
    if random.random() < 0.5:
        return random.choice(ODD)
    right = random.choice(_texts(column))
    cut = random.randint(0, len(right))
    return (
        right + random.choice(ENDINGS) if random.random() < 0.7 else right[:cut] + random.choice(ENDINGS) + right[cut:]
    )


def _texts(column: Column) -> Sequence[str]:
    return next(texts for name, texts in RIGHT if re.search(name, column.name))


def _unit(column: Column) -> Decimal:
    return Decimal("0.0001") if column.type.endswith("4)") else Decimal("0.01")
