"""What one value becomes, by its declaration, and which rule a text that cannot be read breaks."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.cell_amounts import amount_reader, read_flag, read_integer
from expectations.cell_dates import date_reader
from expectations.cell_text import has_hidden_characters, is_plain_identifier, text_cleaner
from expectations.cells import compiled_cell
from expectations.contract import AmountStyle, Cleaning, load_source
from expectations.errors import ContractError

PROFESSIONAL = load_source("sample_professional")
ALL_STYLES: tuple[AmountStyle, ...] = (
    "currency",
    "thousands",
    "parentheses",
    "trailing_minus",
    "negative_zero",
    "round",
)


@pytest.mark.parametrize(
    ("text", "styles", "amount"),
    [
        ("12.50", (), "12.50"),
        ("+12.5", (), "12.50"),
        ("-.5", (), "-0.50"),
        ("5.", (), "5.00"),
        ("60.000", (), "60.00"),
        ("123.455", (), None),
        ("123.455", ("round",), "123.46"),
        ("-0.00", (), None),
        ("-0.00", ("negative_zero",), "0.00"),
        ("-0.001", ("round",), "0.00"),
        ("0." + "4" * 19 + "9" * 40, ("round",), "0.44"),
        ("12345678901", (), None),
        ("1e3", (), None),
        ("\u0661", (), None),
        ("$1,250.00", (), None),
        ("$1,250.00", ("currency", "thousands"), "1250.00"),
        ("1,25", ("thousands",), None),
        ("(12.50)", ("parentheses",), "-12.50"),
        ("(-12.50)", ("parentheses",), None),
        ("12.50-", ("trailing_minus",), "-12.50"),
        ("-12.50-", ("trailing_minus",), None),
        ("-$ 3.10", ("currency",), "-3.10"),
        ("", ALL_STYLES, None),
    ],
)
def test_an_amount_is_exact_or_nothing(text: str, styles: tuple[AmountStyle, ...], amount: str | None) -> None:
    found = amount_reader(styles, 2)(text)
    assert (found if found is None else str(found)) == amount


@given(st.decimals(min_value=-(10**10) + 1, max_value=10**10 - 1, places=2))
def test_a_plain_amount_is_what_was_written(amount: Decimal) -> None:
    assert amount_reader(("negative_zero",), 2)(f"{amount:f}") == amount


@given(st.text(max_size=12), st.lists(st.sampled_from(ALL_STYLES), unique=True))
def test_no_text_makes_a_reader_fail(text: str, styles: list[AmountStyle]) -> None:
    found = amount_reader(tuple(styles), 4)(text)
    assert found is None or text.strip()
    assert read_flag(text) in {0, 1, None}
    assert read_integer(text) is None or text.isascii()
    date_reader(("yyyy-MM-dd", "yyyyMMdd", "d-MMM-yyyy"))(text)


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("2024-02-29", ("yyyy-MM-dd",), date(2024, 2, 29)),
        ("2023-02-29", ("yyyy-MM-dd",), None),
        ("0000-01-01", ("yyyy-MM-dd",), None),
        ("2024-1-5", ("yyyy-MM-dd",), None),
        ("20240115", ("yyyy-MM-dd", "yyyyMMdd"), date(2024, 1, 15)),
        ("15-JAN-2024", ("dd-MMM-yyyy",), date(2024, 1, 15)),
        ("5-Jul-2024", ("d-MMM-yyyy",), date(2024, 7, 5)),
        ("15-ANF-2024", ("d-MMM-yyyy",), None),
        ("31-apr-2024", ("d-MMM-yyyy",), None),
        ("2024-03-15T09:30:00Z", ("yyyy-MM-dd'T'HH:mm:ssXXX",), date(2024, 3, 15)),
        ("2024-01-15 ", ("yyyy-MM-dd",), None),
        ("2024-01-15\n", ("yyyy-MM-dd",), None),
        ("\u0662\u0660\u0662\u0664-01-15", ("yyyy-MM-dd",), None),
        ("13/01/2024", ("MM/dd/yyyy", "dd/MM/yyyy"), None),
    ],
)
def test_a_date_is_a_day_in_a_declared_format_or_nothing(text: str, formats: tuple[str, ...], day: date | None) -> None:
    assert date_reader(formats)(text) == day


@given(st.dates())
def test_every_day_of_the_calendar_is_read_back(day: date) -> None:
    assert date_reader(("yyyy-MM-dd",))(f"{day.year:04}-{day:%m-%d}") == day
    assert date_reader(("M/d/yyyy",))(f"{day.month}/{day.day}/{day.year:04}") == day


@pytest.mark.parametrize("date_format", ["yyyy-MM", "yyyy-MM-dd-dd", "yyyy-MM-dd zz"])
def test_a_format_that_names_no_day_is_the_contracts_fault(date_format: str) -> None:
    with pytest.raises(ContractError, match="date format"):
        date_reader((date_format,))


@pytest.mark.parametrize(
    ("cleaning", "text", "clean"),
    [
        (Cleaning(remove=".", case="upper"), "e11.9", "E119"),
        (Cleaning(remove="."), "..", None),
        (Cleaning(remove_suffix=".0"), "1437702123.0", "1437702123"),
        (Cleaning(pad_to=4), "1", "0001"),
        (Cleaning(cut_leading_zero_at=4), "0131", "131"),
        (Cleaning(cut_leading_zero_at=4), "131", "131"),
        (Cleaning(ndc_segments=True), "1234-5678-90", "01234567890"),
        (Cleaning(ndc_segments=True), "12345-678-90", "12345067890"),
        (Cleaning(ndc_segments=True), "12345-6789-1", "12345678901"),
        (Cleaning(ndc_segments=True), "123-4", "123-4"),
        (Cleaning(case="lower"), "HMO", "hmo"),
    ],
)
def test_a_text_gets_its_standard_form(cleaning: Cleaning, text: str, clean: str | None) -> None:
    assert text_cleaner(cleaning, {}, None)(text) == clean


def test_a_lookup_comes_last_and_leaves_what_it_does_not_list_unless_told_otherwise() -> None:
    upper = Cleaning(case="upper")
    assert [text_cleaner(upper, {"P": "professional", "X": ""}, None)(text) for text in ("p", "q", "x")] == [
        "professional",
        "Q",
        None,
    ]
    assert text_cleaner(upper, {"P": "professional"}, "unknown")("q") == "unknown"


@pytest.mark.parametrize("text", ["A1", "1.5", "a-b", "12E4"])
def test_a_plain_identifier_is_accepted(text: str) -> None:
    assert is_plain_identifier(text)


@pytest.mark.parametrize("text", ["", "a b", "=1", "@x", "+1", "1.23E+11", "1e+5", "a%20b", "Jos\u00e9", "a\n"])
def test_what_is_no_plain_identifier_is_told(text: str) -> None:
    assert not is_plain_identifier(text)


def test_hidden_characters_are_told_from_odd_ones() -> None:
    assert not any(map(has_hidden_characters, ("plain", "Jos\u00e9", "\u00a0", "a\tb\r\n", "\U0001f600")))
    assert all(map(has_hidden_characters, ("a\x00", "a\x7f", "\u200b", "\ufeff", "\u202e", "\u00ad")))


@pytest.mark.parametrize(
    ("name", "text", "value", "rule"),
    [
        ("claim_id", " C1 ", "C1", ""),
        ("claim_id", "C 1", "C 1", "RC014"),
        ("claim_id", "~", None, "RC013"),
        ("claim_id", None, None, "RC013"),
        ("claim_line_number", "1.0", None, "RC012"),
        ("claim_line_number", "", None, "RC013"),
        ("claim_start_date", "2024-02-30", None, "RC010"),
        ("claim_end_date", "", None, ""),
        ("paid_amount", "1.234", None, "RC011"),
        ("service_unit_quantity", "1.2345", Decimal("1.2345"), ""),
        ("in_network_flag", "maybe", None, "RC015"),
        ("in_network_flag", "YES", 1, ""),
        ("diagnosis_code_1", "e11.9", "E119", ""),
    ],
)
def test_a_value_that_cannot_be_read_names_its_rule(name: str, text: str | None, value: object, rule: str) -> None:
    cell = compiled_cell(name, PROFESSIONAL.columns[name], PROFESSIONAL, " ")
    assert cell(text) == (value, rule)
