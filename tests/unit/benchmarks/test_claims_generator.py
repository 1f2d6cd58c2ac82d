import csv
import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from benchmarks.claims_generator import SOURCES, Format, main, write_claims
from benchmarks.generated_claims import BROKEN, GeneratedClaims, Recipe, npi
from expectations.contract import load_source
from expectations.rules import suite_rules
from expectations.validate_file import validate_file
from expectations.validation import FileValidation

DECLARATIONS = Path(__file__).parents[3] / "benchmarks" / "sources"
LINES = 15_000


def rows_of(recipe: Recipe) -> list[dict[str, str]]:
    columns = GeneratedClaims(recipe).columns(0, recipe.lines)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def read(path: Path, form: Format) -> FileValidation:
    source = load_source(SOURCES[form], DECLARATIONS)
    return validate_file(lambda: path.open("rb"), path.name, source, suite_rules(source.table))


def critical(found: FileValidation) -> dict[tuple[str, ...], int]:
    return {rule.columns: rule.records for rule in found.rules if rule.severity == "critical"}


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_the_same_options_are_the_same_bytes_and_another_seed_is_others(
    tmp_path: Path, form: Format, packed: bool
) -> None:
    once, twice, other = (
        write_claims(Recipe(900, seed=seed), tmp_path / name, form=form, packed=packed)[0].read_bytes()
        for name, seed in (("once", 7), ("twice", 7), ("other", 8))
    )
    assert once == twice
    assert once != other


def test_files_together_are_the_one_file_and_one_of_them_can_be_written_alone(tmp_path: Path) -> None:
    recipe = Recipe(1_000, duplicates=0.1)
    (whole,) = write_claims(recipe, tmp_path / "whole")
    parts = write_claims(recipe, tmp_path / "parts", files=7)
    header, *lines = whole.read_text().splitlines()
    texts = [path.read_text().splitlines() for path in parts]
    assert {text[0] for text in texts} == {header}
    assert [line for text in texts for line in text[1:]] == lines
    (third,) = write_claims(recipe, tmp_path / "alone", files=7, only=3)
    assert (third.name, third.read_bytes()) == (parts[2].name, parts[2].read_bytes())


def test_what_is_compressed_is_what_is_plain(tmp_path: Path) -> None:
    (plain,), (packed,) = (write_claims(Recipe(300), tmp_path, packed=packed) for packed in (False, True))
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()


def test_shares_are_as_asked() -> None:
    rows = rows_of(Recipe(LINES, corrections=0.1, duplicates=0.05, broken=0.04))
    assert len(rows) / LINES == pytest.approx(1.05, abs=0.012)
    lines = [dict(row) for row in {tuple(row.items()) for row in rows}]
    assert LINES * 0.995 < len(lines) <= LINES
    replacing = sum(row["claim_frequency_code"] == "7" for row in lines) / len(lines)
    assert replacing == pytest.approx(0.1, abs=0.012)
    broken = sum(any(row[name] == text for name, text in BROKEN.items()) for row in lines) / len(lines)
    assert broken == pytest.approx(0.04, abs=0.006)


def test_none_asked_is_none() -> None:
    rows = rows_of(Recipe(3_000, corrections=0, duplicates=0, broken=0))
    assert len({(row["claim_id"], row["claim_line_number"]) for row in rows}) == len(rows) == 3_000


def test_a_correction_comes_after_the_claim_whose_place_it_takes_and_has_its_id_and_member() -> None:
    rows = rows_of(Recipe(LINES, corrections=0.3, duplicates=0, broken=0))
    firsts = {row["claim_id"]: row for row in rows if row["claim_frequency_code"] == "1"}
    corrections = [row for row in rows if row["claim_frequency_code"] == "7"]
    assert len(corrections) > LINES / 4
    for row in corrections:
        first = firsts[row["claim_id"]]
        assert row["received_date"] > first["received_date"]
        assert row["person_id"] == first["person_id"]


def test_months_are_filled_alike_and_in_order() -> None:
    rows = rows_of(Recipe(12_000, months=6, corrections=0, duplicates=0, broken=0))
    starts = [row["claim_start_date"] for row in rows]
    assert starts == sorted(starts)
    months = Counter(start[:7] for start in starts)
    assert sorted(months) == [f"2020-0{month}" for month in range(1, 7)]
    assert min(months.values()) > 0.9 * 2_000
    assert max(row["paid_date"] for row in rows) < date(2021, 1, 1).isoformat()


def test_few_payers_and_providers_hold_most_lines_and_without_skew_they_do_not() -> None:
    def held_by_a_tenth(name: str, skew: float) -> float:
        counts = sorted(Counter(row[name] for row in rows_of(Recipe(LINES, skew=skew, providers=500))).values())
        return sum(counts[-len(counts) // 10 :]) / sum(counts)

    for name in ("payer", "rendering_npi"):
        assert held_by_a_tenth(name, 1.1) > 0.5, name
        assert held_by_a_tenth(name, 0.0) < 0.25, name


@pytest.mark.parametrize(("form", "packed"), [("csv", False), ("ndjson", True)])
def test_the_contract_reads_all_of_it_and_finds_what_was_broken_only(
    tmp_path: Path, form: Format, packed: bool
) -> None:
    (clean,) = write_claims(Recipe(1_500, broken=0), tmp_path / "clean", form=form, packed=packed)
    found = read(clean, form)
    assert (found.reason, found.error_records, found.extra_columns, found.warnings) == ("", 0, (), ())
    assert found.resent_records == found.total_records - 1_500 > 0
    assert {rule.severity for rule in found.rules} <= {"info"}
    (dirty,) = write_claims(Recipe(1_500, broken=0.1), tmp_path / "dirty", form=form, packed=packed)
    by_column = critical(read(dirty, form))
    assert set(by_column) == {(name,) for name in BROKEN}
    assert sum(by_column.values()) == pytest.approx(150, abs=40)


def test_providers_have_a_check_digit() -> None:
    assert npi(123_456_789) == "1234567893"


def test_a_chunk_is_what_it_is_among_all() -> None:
    claims = GeneratedClaims(Recipe(3_000, duplicates=0))
    whole, part = claims.columns(0, 3_000), claims.columns(1_200, 1_500)
    assert {name: values[1_200:1_500] for name, values in whole.items()} == dict(part)
    assert (claims.replaced(np.arange(1_000)) <= np.arange(1_000)).all()


def test_the_command_line_writes_what_it_names(tmp_path: Path) -> None:
    application = typer.Typer()
    application.command()(main)
    asked = ["--lines", "600", "--files", "2", "--format", "ndjson", "--gzip"]
    answer = CliRunner().invoke(application, [str(tmp_path), *asked])
    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims_00001.ndjson.gz", "claims_00002.ndjson.gz"]
    assert CliRunner().invoke(application, [str(tmp_path), "--only", "2"]).exit_code == 2


def test_the_header_names_what_the_declaration_reads(tmp_path: Path) -> None:
    (path,) = write_claims(Recipe(3), tmp_path)
    with path.open(newline="") as file:
        header = next(csv.reader(file))
    for form in SOURCES:
        read_columns = load_source(SOURCES[form], DECLARATIONS).mapped().values()
        assert set(header) == {name for column in read_columns for name in column.from_}
