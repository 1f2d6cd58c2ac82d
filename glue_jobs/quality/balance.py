"""Whether a run's account balances: checked before anything is published, and again on what is about to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.errors import AccountingError

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class FileAccount:
    """What became of the records of one file; amounts are sums of paid_amount in US dollars."""

    file_name: str
    records_counted_raw: int
    records_accepted: int = 0
    records_quarantined: int = 0
    records_resent: int = 0
    lines_accepted: int = 0
    amount_accepted: Decimal = ZERO
    amount_quarantined: Decimal = ZERO
    amount_resent: Decimal = ZERO
    records_held: int = 0
    amount_held: Decimal = ZERO
    payer_lines: Mapping[int, int] = field(default_factory=dict)
    """Accepted lines by the number that stands for a payer (see account_rows)."""

    @property
    def records_read(self) -> int:
        """Records that came out of the read, whatever became of them."""
        return self.records_accepted + self.records_quarantined + self.records_resent + self.records_held

    def held(self) -> "FileAccount":
        """The same records, none of them published since the whole file is held."""
        amount = self.amount_accepted + self.amount_quarantined + self.amount_resent + self.amount_held
        return FileAccount(self.file_name, self.records_counted_raw, records_held=self.records_read, amount_held=amount)


@dataclass(frozen=True)
class Published:
    """Rows and paid amount of one run as they stand in a table."""

    rows: int
    amount: Decimal

    def __sub__(self, other: Self) -> "Published":
        """What stands in this and not in the other, which is part of it."""
        return Published(self.rows - other.rows, self.amount - other.amount)


def check_records(accounts: Iterable[FileAccount]) -> None:
    """The records that Spark read must be those that were counted in the raw file without Spark.

    Raises:
        AccountingError: they are not; names each such file and both counts.
    """
    wrong = [
        f"{account.file_name}: {account.records_counted_raw} counted in the file, {account.records_read} read"
        for account in accounts
        if account.records_counted_raw != account.records_read
    ]
    if wrong:
        raise AccountingError("records read are not those in the file, nothing was published: " + "; ".join(wrong))


def read_back(rows: DataFrame, run_id: str) -> Published:
    """Rows and paid amount that a run has written to a table, from the columns needed."""
    amount = F.sum("paid_amount") if "paid_amount" in rows.columns else F.lit(None).cast("decimal(18,2)")
    row = rows.where(F.col("ingest_run_id") == run_id).agg(F.count("*").alias("rows"), amount.alias("amount")).first()
    return Published(row["rows"], row["amount"] or ZERO) if row else Published(0, ZERO)


def accepted_in(accounts: Iterable[FileAccount]) -> Published:
    """Lines and paid amount that were accepted."""
    accepted = list(accounts)
    return Published(
        rows=sum(account.lines_accepted for account in accepted),
        amount=sum((account.amount_accepted for account in accepted), ZERO),
    )


def check_published(written: Published, accounts: Iterable[FileAccount], table_name: str) -> None:
    """What was written for a table must be what was accepted for it, in rows and in money.

    Raises:
        AccountingError: it is not; names the table and both figures.
    """
    accepted = accepted_in(accounts)
    if written != accepted:
        raise AccountingError(
            f"{table_name}: {accepted.rows} lines worth {accepted.amount} were accepted "
            f"but {written.rows} worth {written.amount} written; nothing was published"
        )


def check_count(found: int, expected: int, table_name: str) -> None:
    """Rows found on the branch must be those that were to be written.

    Raises:
        AccountingError: they are not; names the table and both counts.
    """
    if found != expected:
        raise AccountingError(f"{table_name}: {expected} rows were to be written, {found} were; nothing was published")
