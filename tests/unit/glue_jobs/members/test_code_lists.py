"""Declared lists of conditions: read as written, and the chronic ones true to the code sets."""

from decimal import Decimal
from pathlib import Path

import pytest

from glue_jobs.members.code_lists import SCHEMES, condition_list


def test_a_range_is_every_prefix_from_its_first_to_its_last() -> None:
    heart_failure = condition_list("charlson")[1]
    assert [code for code in heart_failure.codes["icd-10-cm"] if code.startswith("I42")] == [
        "I420", "I425", "I426", "I427", "I428", "I429",
    ]  # fmt: skip
    (hiv,) = [entry for entry in condition_list("charlson") if entry.condition == "hiv_or_aids"]
    assert hiv.codes["icd-9-cm"] == ("042", "043", "044")


def test_the_highest_charlson_index_is_the_24_of_its_paper() -> None:
    entries = condition_list("charlson")
    assert len(entries) == 17
    assert sum(entry.weight or 0 for entry in entries if not entry.replaced_by) == Decimal(24)


def test_the_weights_of_elixhauser_go_from_minus_7_to_12() -> None:
    weights = {entry.condition: int(entry.weight or 0) for entry in condition_list("elixhauser")}
    assert len(weights) == 31
    assert (weights["drug_abuse"], weights["metastatic_cancer"], weights["liver_disease"]) == (-7, 12, 11)
    assert (min(weights.values()), max(weights.values())) == (-7, 12)


@pytest.mark.parametrize("name", SCHEMES)
def test_no_condition_is_declared_twice_and_what_replaces_one_is_declared(name: str) -> None:
    names = [entry.condition for entry in condition_list(name)]
    assert len(names) == len(set(names))
    assert {graver for entry in condition_list(name) for graver in entry.replaced_by} <= set(names)


def test_every_prefix_of_a_chronic_condition_begins_a_code_that_exists(shared: Path) -> None:
    files = {"icd-10-cm": "icd10cm-codes-2024.txt", "icd-9-cm": "icd9_CMS32_DESC_SHORT_DX.txt"}
    for system, file in files.items():
        text = (shared / "codesets" / file).read_text(encoding="latin-1")
        known = {line.split()[0][:length] for line in text.splitlines() if line for length in (3, 4, 5)}
        assert len(known) > 5000
        assert [code for entry in condition_list("chronic") for code in entry.codes[system] if code not in known] == []
