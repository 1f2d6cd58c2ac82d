"""A run's account must balance, in records and in money, or nothing is published."""

from decimal import Decimal

import pytest

from expectations.errors import AccountingError
from glue_jobs.quality.balance import ZERO, FileAccount, Published, check_count, check_published, check_records

EVEN = FileAccount(
    "even.csv",
    10,
    records_accepted=6,
    records_quarantined=3,
    records_resent=1,
    lines_accepted=8,
    amount_accepted=Decimal("80.10"),
    amount_quarantined=Decimal("5.00"),
    amount_resent=Decimal("1.00"),
)
EMPTY = FileAccount("empty.csv", 0)
SHORT = FileAccount("short.csv", 1234, records_accepted=1200, records_quarantined=33)
LONG = FileAccount("long.csv", 7, records_accepted=8)


def test_the_records_read_are_all_of_them_whatever_became_of_them() -> None:
    assert (EVEN.records_read, EMPTY.records_read, SHORT.records_read) == (10, 0, 1233)


@pytest.mark.parametrize("accounts", [[], [EMPTY], [EVEN, EMPTY]], ids=["none", "empty", "even"])
def test_records_that_were_all_read_pass(accounts: list[FileAccount]) -> None:
    check_records(accounts)


def test_each_file_whose_records_were_not_all_read_is_named_with_both_counts() -> None:
    with pytest.raises(AccountingError) as error:
        check_records(account for account in (EVEN, SHORT, LONG))
    assert "short.csv: 1234 counted in the file, 1233 read" in str(error.value)
    assert "long.csv: 7 counted in the file, 8 read" in str(error.value)
    assert "even.csv" not in str(error.value)


def test_a_record_too_many_in_one_file_does_not_make_up_for_one_lost_in_another() -> None:
    with pytest.raises(AccountingError, match=r"long\.csv.*lost\.csv"):
        check_records([LONG, FileAccount("lost.csv", 9, records_accepted=8)])


def test_rows_and_money_that_were_all_written_pass() -> None:
    check_published(Published(8, Decimal("80.10")), [EVEN, EMPTY], "medical_claim")
    check_published(Published(16, Decimal("160.2")), (account for account in (EVEN, EVEN)), "medical_claim")
    check_published(Published(0, ZERO), [], "eligibility")


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        (Published(7, Decimal("80.10")), ("8 lines worth 80.10", "7 worth 80.10")),
        (Published(9, Decimal("80.10")), ("8 lines worth 80.10", "9 worth 80.10")),
        (Published(8, Decimal("80.09")), ("8 lines worth 80.10", "8 worth 80.09")),
        (Published(8, Decimal("80.1000001")), ("8 lines worth 80.10", "8 worth 80.1000001")),
        (Published(0, ZERO), ("8 lines worth 80.10", "0 worth 0.00")),
    ],
    ids=["a row lost", "a row too many", "a cent lost", "less than a cent too many", "nothing written"],
)
def test_rows_or_money_that_differ_are_an_error_with_the_table_and_both_figures(
    written: Published, figures: tuple[str, str]
) -> None:
    with pytest.raises(AccountingError, match=r"^pharmacy_claim: ") as error:
        check_published(written, [EVEN], "pharmacy_claim")
    assert all(figure in str(error.value) for figure in figures)
    assert "nothing was published" in str(error.value)


def test_what_is_found_on_a_branch_is_what_was_to_be_written() -> None:
    check_count(3, 3, "medical_claim")
    with pytest.raises(AccountingError, match="medical_claim: 3 rows were to be written, 2 were; nothing was publ"):
        check_count(2, 3, "medical_claim")


def test_what_a_run_added_is_what_stands_there_less_what_stood_before() -> None:
    assert Published(5, Decimal("7.50")) - Published(2, Decimal("8.00")) == Published(3, Decimal("-0.50"))
