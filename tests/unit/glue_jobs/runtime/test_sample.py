"""The generated sample: is in it what it says, to the record and the cent? Read again here by other means."""

import csv
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.contract import load_source, source_of_key
from expectations.row_rules import RULE_BITS
from glue_jobs.runtime.sample import REMARK_WITH_LINE_BREAK, FileFacts, SampleFacts, write_sample
from glue_jobs.runtime.sample_providers import with_check_digit

PAID_NAMES = {"sample_professional": "PAID", "sample_institutional": "PAID_AMT"}
"""The senders of claims in CSV."""
NESTED = "acme_claims_json"
KEYS = {
    "sample_professional": "CLAIM_NO",
    "sample_institutional": "CLM_ID",
    "tuva_pharmacy_claim": "claim_id",
    "tuva_eligibility": "person_id",
    "nppes_provider": "npi",
}
"""What a record of a CSV file is nothing without."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleFacts:
    return write_sample(tmp_path_factory.mktemp("sample"))


def content(file: FileFacts) -> str:
    stored = file.path.read_bytes()
    return (gzip.decompress(stored) if file.path.suffix == ".gz" else stored).decode()


def records(file: FileFacts) -> list[str]:
    """The texts of the records: lines without the header, the one quoted line break joined."""
    text = content(file).replace("\r\n", "\n").replace(REMARK_WITH_LINE_BREAK, "one remark, on two lines")
    lines = text.removesuffix("\n").split("\n")
    return lines if file.source == NESTED else lines[1:]


def delimiter_of(file: FileFacts) -> str:
    return load_source(file.source).format.delimiter


def csv_rows(file: FileFacts) -> Iterator[dict[str, str]]:
    """The records that are whole: even quotes and as many fields as the header."""
    header = content(file).splitlines()[0].split(delimiter_of(file))
    for text in dict.fromkeys(records(file)):
        (fields,) = csv.reader([text], delimiter=delimiter_of(file))
        if text.count('"') % 2 == 0 and len(fields) == len(header):
            yield dict(zip(header, fields, strict=True))


def is_broken(row: dict[str, str]) -> bool:
    return key_of(row) == "" or "12.3.4" in row.values() or "2024-02-30" in row.values()


def key_of(row: dict[str, str]) -> str:
    return next(row[name] for name in KEYS.values() if name in row)


def amount(text: str) -> Decimal:
    digits = Decimal(text.strip("()-").replace("$", "").replace(",", ""))
    return -digits if text.startswith(("(", "-")) or text.endswith("-") else digits


def csv_files(sample: SampleFacts) -> list[FileFacts]:
    return [file for file in sample.files if file.source != NESTED]


def csv_claims(sample: SampleFacts) -> list[FileFacts]:
    return [file for file in sample.files if file.source in PAID_NAMES]


def json_files(sample: SampleFacts) -> list[FileFacts]:
    return [file for file in sample.files if file.source == NESTED]


def good_rows(sample: SampleFacts, source: str) -> list[dict[str, str]]:
    files = [file for file in sample.files if file.source == source]
    return [row for file in files for row in csv_rows(file) if not is_broken(row)]


def json_claims(file: FileFacts) -> Iterator[dict[str, object]]:
    for text in dict.fromkeys(records(file)):
        if text.endswith("]}"):
            yield json.loads(text, parse_float=Decimal)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_sample(tmp_path / name, claim_lines=400) for name in ("first", "second"))
    assert [path.read_bytes() for path in first.paths] == [path.read_bytes() for path in second.paths]


def test_another_seed_writes_other_claims(tmp_path: Path) -> None:
    first, second = (write_sample(tmp_path / str(seed), claim_lines=400, seed=seed) for seed in (1, 2))
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(first.paths, second.paths, strict=True))


def test_it_takes_less_than_three_seconds_of_processor_time(tmp_path: Path) -> None:
    start = time.process_time()
    write_sample(tmp_path)
    assert time.process_time() - start < 3


def test_it_holds_about_twenty_thousand_claim_lines_and_whom_they_are_about(sample: SampleFacts) -> None:
    rows: Counter[str] = Counter()
    for file in sample.files:
        rows[load_source(file.source).table] += file.lines
    assert 19_500 <= rows["medical_claim"] <= 20_000
    assert (rows["pharmacy_claim"], rows["eligibility"], rows["provider"]) == (1_990, 2_564, 296)
    assert len(sample.files) == 9


def test_about_one_record_in_two_hundred_is_broken_and_as_many_are_resent(sample: SampleFacts) -> None:
    assert 0.004 < sum(sample.quarantined.values()) / sample.records < 0.006
    assert 0.004 < sample.resent / sample.records < 0.006


def test_every_file_lies_where_its_source_expects_it(sample: SampleFacts) -> None:
    assert [source_of_key(file.path.as_posix()).name for file in sample.files] == [file.source for file in sample.files]


def test_every_file_of_claims_has_the_columns_of_its_source(sample: SampleFacts) -> None:
    for file in csv_claims(sample):
        header = content(file).splitlines()[0].split(delimiter_of(file))
        assert all(set(names) & set(header) for names, _ in load_source(file.source).origins())


def test_the_planted_rules_are_rules_of_the_contract(sample: SampleFacts) -> None:
    assert set(sample.quarantined) <= set(RULE_BITS)
    assert set(sample.quarantined) == {"RC001", "RC002", "RC003", "RC010", "RC011", "RC013"}


def test_the_files_hold_as_many_records_as_they_say(sample: SampleFacts) -> None:
    assert [len(records(file)) for file in sample.files] == [file.records for file in sample.files]


def test_the_files_hold_as_many_repeated_records_as_they_say(sample: SampleFacts) -> None:
    repeated = [len(texts) - len(set(texts)) for texts in map(records, sample.files)]
    assert repeated == [file.resent for file in sample.files]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_record_is_repeated_by_chance(tmp_path: Path, seed: int) -> None:
    facts = write_sample(tmp_path, claim_lines=2_000, seed=seed)
    texts = [text for file in facts.files for text in records(file)]
    assert len(texts) - len(set(texts)) == facts.resent


def test_open_quotes_and_wrong_field_counts_are_as_many_as_planted(sample: SampleFacts) -> None:
    for file in csv_files(sample):
        texts = set(records(file))
        open_quotes = sum(text.count('"') % 2 for text in texts)
        whole = sum(1 for _ in csv_rows(file))
        assert open_quotes == file.quarantined["RC001"]
        assert len(texts) - open_quotes - whole == file.quarantined["RC002"]


def test_bad_dates_bad_amounts_and_missing_ids_are_as_many_as_planted(sample: SampleFacts) -> None:
    for file in csv_files(sample):
        rows = list(csv_rows(file))
        found = Counter(
            {
                "RC010": sum("2024-02-30" in row.values() for row in rows),
                "RC011": sum("12.3.4" in row.values() for row in rows),
                "RC013": sum(key_of(row) == "" for row in rows),
            }
        )
        assert +found == Counter({rule: file.quarantined.get(rule, 0) for rule in found if file.quarantined.get(rule)})


def test_the_accepted_rows_of_csv_files_paid_what_the_facts_say(sample: SampleFacts) -> None:
    names = {**PAID_NAMES, "tuva_pharmacy_claim": "paid_amount"}
    for file in csv_files(sample):
        good = [row for row in csv_rows(file) if not is_broken(row)]
        assert len(good) == file.accepted == file.lines
        name = names.get(file.source)
        assert (sum(amount(row[name]) for row in good) if name else 0) == file.paid


def test_the_accepted_claims_of_ndjson_files_paid_what_the_facts_say(sample: SampleFacts) -> None:
    for file in json_files(sample):
        good = [claim for claim in json_claims(file) if claim["claimId"] and claim["serviceFrom"] != "2024-02-30"]
        lines = [claim["lines"] for claim in good]
        whole = [
            items for items in lines if isinstance(items, list) and all(item["paid"] != "12.3.4" for item in items)
        ]
        assert len(whole) == file.accepted
        assert sum(len(items) for items in whole) == file.lines
        assert sum(Decimal(item["paid"]) for items in whole for item in items) == file.paid


def test_cut_json_is_as_often_as_planted(sample: SampleFacts) -> None:
    for file in json_files(sample):
        assert len(set(records(file))) - len(list(json_claims(file))) == file.quarantined["RC003"]


def test_totals_are_those_of_the_files(sample: SampleFacts) -> None:
    assert sample.records == sample.accepted + sum(sample.quarantined.values()) + sample.resent
    assert sample.paid == sum(file.paid for file in sample.files)
    assert sample.lines == sum(file.lines for file in sample.files)


def test_one_file_is_packed_one_has_crlf_and_one_a_quoted_line_break(sample: SampleFacts) -> None:
    assert [file.path.suffix for file in sample.files].count(".gz") == 1
    assert sum("\r\n" in content(file) for file in sample.files) == 1
    assert sum(content(file).count(f'"{REMARK_WITH_LINE_BREAK}"') for file in sample.files) == 1


def test_every_file_ends_with_a_line_end(sample: SampleFacts) -> None:
    assert all(content(file).endswith("\n") for file in sample.files)


def test_all_months_of_the_year_have_claims(sample: SampleFacts) -> None:
    months = {str(claim["serviceFrom"])[:7] for file in json_files(sample) for claim in json_claims(file)}
    assert months >= {f"2024-{month:02d}" for month in range(1, 13)}


def test_adjustments_name_a_claim_of_the_same_file(sample: SampleFacts) -> None:
    for file in csv_claims(sample):
        rows = list(csv_rows(file))
        claim_id, original, frequency = (
            ("CLAIM_NO", "ORIG_CLAIM_NO", "FREQ_CD") if "CLAIM_NO" in rows[0] else ("CLM_ID", "ORIG_CLM_ID", "FREQ")
        )
        ids = {text.split(delimiter_of(file))[0] for text in records(file)}
        adjusted = [row for row in rows if row[frequency] in "78"]
        assert {row[frequency] for row in adjusted} == {"7", "8"}
        assert {row[original] for row in adjusted} <= ids
        assert all(row[original] != row[claim_id] for row in adjusted)


def test_voids_take_money_back(sample: SampleFacts) -> None:
    for file in csv_claims(sample):
        name = PAID_NAMES[file.source]
        voided = [row for row in csv_rows(file) if "8" in (row.get("FREQ_CD"), row.get("FREQ")) and not is_broken(row)]
        assert voided
        assert all(amount(row[name]) <= 0 for row in voided)


def test_providers_pass_the_check_digit(sample: SampleFacts) -> None:
    npis = {row["BILL_NPI"] for file in csv_claims(sample) for row in csv_rows(file)}
    assert npis
    assert all(npi == with_check_digit(npi[:9]) and npi[0] in "12" for npi in npis)


def test_claims_are_of_members_of_their_sender_in_a_plan_of_theirs_and_most_fall_on_days_of_enrolment(
    sample: SampleFacts,
) -> None:
    spans: dict[str, list[dict[str, str]]] = {}
    for row in good_rows(sample, "tuva_eligibility"):
        spans.setdefault(row["person_id"], []).append(row)
    claims = [claim for file in json_files(sample) for claim in json_claims(file)]
    told = [(claim["member"], str(claim["serviceFrom"])) for claim in claims]
    asked = [(own["memberId"], own["plan"], day, "acme") for own, day in told if isinstance(own, dict)]
    drugs = good_rows(sample, "tuva_pharmacy_claim")
    asked.extend((row["person_id"], row["plan"], row["dispensing_date"], row["data_source"]) for row in drugs)
    known = [(spans[member], plan, day, sender) for member, plan, day, sender in asked if member in spans]
    assert 0.98 < len(known) / len(asked) < 1  # the records of some members are broken
    assert all({span["data_source"] for span in own} == {sender} for own, _, _, sender in known)
    covered = [
        plan in {span["plan"] for span in own if span["enrollment_start_date"] <= day <= span["enrollment_end_date"]}
        for own, plan, day, _ in known
    ]
    assert 0.90 < sum(covered) / len(covered) < 0.99


def test_the_old_are_in_medicare_and_nobody_else(sample: SampleFacts) -> None:
    rows = good_rows(sample, "tuva_eligibility")
    assert {row["payer_type"] for row in rows} == {"medicare", "commercial"}
    assert all((row["payer_type"] == "medicare") == (int(row["birth_date"][:4]) < 2024 - 65) for row in rows)


def test_clinicians_treat_facilities_bill_and_their_names_say_that_they_are_invented(sample: SampleFacts) -> None:
    rows = good_rows(sample, "nppes_provider")
    assert all("Invented" in (row["provider_first_name"] or row["organization_name"]) for row in rows)
    facilities = {row["npi"] for row in rows if row["entity_type_code"] == "2"}
    clinicians = {row["npi"] for row in rows} - facilities
    lines = good_rows(sample, "sample_institutional")
    assert not facilities & {row["ATT_NPI"] for row in lines}
    assert not clinicians & {row["BILL_NPI"] for row in lines}
    assert len(facilities & {row["BILL_NPI"] for row in lines}) == len(facilities)


@pytest.mark.parametrize(
    ("first_nine", "npi"), [("123456789", "1234567893"), ("100000000", "1000000004"), ("199999998", "1999999984")]
)
def test_the_check_digit_follows_from_the_nine_digits_before_it(first_nine: str, npi: str) -> None:
    assert with_check_digit(first_nine) == npi
