"""`make validate`: exit codes, one line an error, no Spark, and the same counts as a run would have."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glue_jobs.validate import app

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "data" / "sources"
SAMPLE = SAMPLES / "cms_rif_dme" / "sample.csv"


def answered(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments])
    return result.exit_code, result.output


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A file of the product's generated sample source without a fault."""
    header = (SAMPLES / "sample_professional" / "sample.csv").read_text().splitlines()[0]
    values = {"CLAIM_NO": "C1", "LINE_NO": "1", "MEMBER_NO": "M1", "DX_1": "E119", "POS": "11", "FREQ_CD": "1"}
    values |= dict.fromkeys(("CLAIM_FROM", "CLAIM_THRU", "SVC_FROM", "SVC_THRU"), "2024-01-15")
    values |= {"PAID": "80.00", "ALLOWED": "80.00", "CHARGE": "100.00", "UNITS": "1", "PROC_CD": "99213"}
    values |= {"REND_NPI": "1234567893", "BILL_NPI": "1234567893", "PAID_DT": "2024-02-01"}
    file = tmp_path / "raw" / "claims" / "sample_professional" / "good.csv"
    file.parent.mkdir(parents=True)
    file.write_text(f"{header}\n" + ",".join(values.get(name, "") for name in header.split(",")) + "\n")
    return file


def test_a_file_without_fault_passes_with_its_source_told_by_its_place(good: Path) -> None:
    code, output = answered("--input", str(good))
    assert (code, output) == (0, "passed good.csv: 1 record: 1 valid, 0 in error\n")


def test_a_file_with_faults_fails_with_a_table_by_rule() -> None:
    code, output = answered("--input", str(SAMPLE), "--source", "cms_rif_dme", "--max-error-share", "0.05")
    assert code == 1
    expected = json.loads((SAMPLE.parent / "expected.json").read_text())
    for rule in {rule for record in expected["quarantined"] for rule in record["rules"]}:
        assert rule in output
    assert "FAILED sample.csv" in output


def test_what_the_tables_rules_find_is_told_by_rule_and_row_but_only_critical_ones_are_errors(good: Path) -> None:
    good.write_text(good.read_text().replace(",80.00,80.00,", ",80.00,90.00,").replace("1234567893", "1234567898"))
    code, output = answered("--input", str(good))
    assert code == 0
    assert "1 record: 1 valid, 0 in error" in output
    found = {line.split()[1]: line.split()[3] for line in output.splitlines() if line.startswith("│ M")}
    assert {"MC063": "warning", "MC080": "warning"}.items() <= found.items()


def test_a_folder_has_one_verdict_a_file_and_a_file_of_no_source_fails_alone(good: Path) -> None:
    good.with_name("second.csv").write_bytes(good.read_bytes())
    (good.parents[1] / "stray.csv").write_text("a,b\n1,2\n")
    good.with_name("second.csv.control.json").write_text('{"records": 7}')
    code, output = answered("--input", str(good.parents[2]))
    lines = output.splitlines()
    assert code == 1
    assert lines[0].startswith("passed good.csv")
    assert lines[1].startswith("FAILED second.csv: refused (control_totals)")
    assert lines[2].startswith("FAILED stray.csv: refused (UnknownSourceError)")
    assert lines[-1] == "3 files: 1 pass, 2 fail."


def test_the_share_of_errors_that_is_allowed_can_be_given() -> None:
    assert answered("--input", str(SAMPLE), "--source", "cms_rif_dme", "--max-error-share", "1")[0] == 0


def test_json_is_one_object_a_file(good: Path) -> None:
    code, output = answered("--input", str(good), "--json")
    assert code == 0
    assert json.loads(output)["validation_status"] == "success"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "ArgumentError: no INPUT; cure: "),
        (("--input", "nosuch.csv"), "InputNotFoundError: "),
        (("--input", str(SAMPLE), "--source", "nosuch"), "UnknownSourceError: "),
        (("--input", str(SAMPLE), "--sources", "nosuch"), "ArgumentError: SOURCES is no folder; cure: "),
        (("--input", str(SAMPLE), "--max-error-share", "5%"), "ArgumentError: MAX_ERROR_SHARE is no share"),
    ],
)
def test_wrong_arguments_are_one_line_with_a_cure_and_code_2(arguments: tuple[str, ...], said: str) -> None:
    code, output = answered(*arguments)
    assert code == 2
    assert output.startswith(said)
    assert "cure: " in output
    assert output.count("\n") == 1


def test_a_failure_that_nobody_foresaw_shows_its_class_alone(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("SECRET")

    monkeypatch.setattr("glue_jobs.validate.validate_file", fail)
    code, output = answered("--input", str(good))
    assert code == 1
    assert output.startswith("FAILED good.csv: refused (UnexpectedError): ValueError stopped the validation")
    assert "SECRET" not in output
    assert isinstance(CliRunner().invoke(app, ["--input", str(good), "--trace"]).exception, ValueError)


def test_neither_spark_nor_the_aws_library_is_loaded(good: Path) -> None:
    program = (
        "import sys, runpy\n"
        "try: runpy.run_module('glue_jobs.validate', run_name='__main__')\n"
        "except SystemExit as end: print(end.code)\n"
        "print([name for name in ('pyspark', 'boto3', 'great_expectations', 'pandas') if name in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603 - this interpreter with this test's own text
        [sys.executable, "-c", program, "--input", str(good)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.splitlines()[-2:] == ["0", "[]"]


def test_make_passes_values_untouched(tmp_path: Path, good: Path) -> None:
    odd = tmp_path / 'it\'s $HOME "x" `y`' / good.name
    odd.parent.mkdir()
    odd.write_bytes(good.read_bytes())
    command = [
        "make",
        "--no-print-directory",
        "INSTALLED=",  # a test installs nothing
        "validate",
        f"INPUT={odd}",
        "SOURCE=sample_professional",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "CLAIMS_"))}
    answer = subprocess.run(  # noqa: S603 - the project's own Makefile
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    assert answer.stdout == "passed good.csv: 1 record: 1 valid, 0 in error\n", answer.stderr
