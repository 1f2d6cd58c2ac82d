"""`make rules` prints every rule with its words, on narrow screens too, and starts no Spark."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from expectations.rules import load_rules, suite_names
from glue_jobs.runtime.rule_list import main

ROOT = Path(__file__).resolve().parents[4]


def printed(width: int, *arguments: str) -> str:
    text = io.StringIO()
    assert main(arguments, Console(file=text, width=width, highlight=False)) == 0
    return text.getvalue()


@pytest.mark.parametrize("width", [60, 140, 220])
def test_every_rule_of_every_table_is_printed(width: int) -> None:
    text = printed(width)
    for name in suite_names():
        assert f"{name}: {len(load_rules(name))} rules" in text
        assert all(rule.rule_id in text for rule in load_rules(name))
    assert max(len(line) for line in text.splitlines()) <= width


def test_one_table_is_printed_with_sentences_and_cures() -> None:
    text = " ".join(printed(400, "--table", "provider").split())
    assert all(f"{rule.sentence} │ {rule.cure}" in text for rule in load_rules("provider"))
    assert "MC001" not in text


def test_a_table_without_rules_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--table", "nosuch"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("ArgumentError: there are no rules for that table; cure: TABLE= one of eligibility")
    assert len(said.splitlines()) == 1


def test_neither_spark_nor_great_expectations_is_imported() -> None:
    code = (
        "import sys; from glue_jobs.runtime.rule_list import main; main(['--table', 'provider']);"
        "sys.exit(bool({'pyspark', 'great_expectations'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stderr
