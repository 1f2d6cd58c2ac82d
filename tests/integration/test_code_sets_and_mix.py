"""Lists of codes are loaded once, claims are judged by them, and a payer that vanished from the files is told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from expectations.report import RunReport
from glue_jobs import cli
from glue_jobs.jobs.load_code_sets import main
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.objects import write_object
from tests.oracle.lakes import lake_of_its_own

DRUGS = (
    "claim_id,claim_line_number,person_id,member_id,payer,plan,dispensing_date,ndc_code,quantity,days_supply,refills,"
)
DRUGS += "paid_date,paid_amount,allowed_amount,charge_amount,coinsurance_amount,copayment_amount,deductible_amount,"
DRUGS += "data_source\n"
CLAIMS = (
    "CLAIM_NO,LINE_NO,FREQ_CD,ORIG_CLAIM_NO,MEMBER_NO,PLAN_NAME,CLAIM_FROM,CLAIM_THRU,SVC_FROM,SVC_THRU,POS,PROC_CD,"
)
CLAIMS += (
    "MOD_1,MOD_2,UNITS,REND_NPI,BILL_NPI,BILL_TIN,PAID_DT,CHARGE,ALLOWED,PAID,COINS,COPAY,DEDUCT,DX_1,DX_2,DX_3,DX_4,"
)
CLAIMS += "NETWORK,REMARK\n"
OLD_LIST = "E119    Type 2 diabetes mellitus without complications\nI10     Essential hypertension\nA0100   Fever\n"
NEW_LIST = "9\nI10\nE11\nE119\nA0100\nA0109\n"


@pytest.fixture
def own_lake(spark: SparkSession, tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "lake"
    with lake_of_its_own(spark, root):
        yield root


def drug_file(root: Path, name: str, **lines: int) -> None:
    path = root / "raw" / "claims" / "tuva_pharmacy_claim" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        f"{name}-{payer}-{n},1,P1,M1,{payer},{payer},2024-03-01,00002000101,1,1,,2024-03-05,1.00,1.00,1.00,,,,made up\n"
        for payer, count in lines.items()
        for n in range(count)
    )
    path.write_text(DRUGS + "".join(rows))


def claim_line(number: int, day: str, *diagnoses: str, procedure: str = "G0463") -> str:
    codes = ",".join([*diagnoses, "", "", "", ""][:4])
    return (
        f"C{number},1,1,,M7,Gold,{day},{day},{day},{day},11,{procedure},,,1,1000000004,1000000012,770000001,2026-09-20,"
        f"10.00,10.00,10.00,0.00,0.00,0.00,{codes},Y,\n"
    )


def run(root: Path) -> RunReport:
    job_id = new_job_id()
    arguments = RunArguments(input=str(root / "raw"), lake=str(root), job_id=job_id, cores="1", partitions=2)
    return process(arguments, Telemetry(job_id))


def load_codes(root: Path, folder: Path) -> str:
    answer = CliRunner().invoke(cli.app, ["codesets", "--lake", str(root), "--input", str(folder)])
    assert answer.exit_code == 0, answer.output
    return answer.output


def snapshots() -> int:
    session = SparkSession.getActiveSession()
    assert session is not None
    return session.sql("SELECT * FROM claims.processed.code_set.snapshots").count()


def test_codes_are_judged_by_lists_and_files_by_the_payers_of_earlier_ones(own_lake: Path, tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "icd10cm-codes-2024.txt").write_text(OLD_LIST)
    (lists / "icd10cm_code-list-April-2026.txt").write_text(NEW_LIST)
    (lists / "hcpcs.csv").write_text("code,valid_from,valid_to\nG0463,2014-01-01,\nG0008,1990-01-01,2024-02-29\n")
    told = load_codes(own_lake, lists)
    assert "icd-10-cm" in told
    assert "hcpcs" in told
    assert "cpt" not in told
    written = snapshots()
    load_codes(own_lake, lists)
    assert snapshots() == written

    path = own_lake / "raw" / "claims" / "sample_professional" / "claims.csv"
    path.parent.mkdir(parents=True)
    path.write_text(
        CLAIMS
        + claim_line(1, "2024-03-01", "E119", "I10", "A0100")  # all in force
        + claim_line(2, "2024-03-01", "B20", "B21")  # in no list
        + claim_line(3, "2024-03-01", "E11")  # a heading
        + claim_line(4, "2024-03-01", "A0109")  # not yet in force
        + claim_line(5, "2026-06-01", "A0109", "e11.9")  # in force by now
        + claim_line(7, "2024-03-01", "E119", procedure="G9999")  # in no list
        + claim_line(8, "2024-03-01", "E119", procedure="g0008")  # ended the day before
        + claim_line(9, "2024-02-29", "E119", procedure="G0008")  # on its last day
        + claim_line(10, "2024-03-01", "E119", procedure="99213")  # of this system no list was loaded
        + claim_line(11, "2024-03-01", "E119", procedure="G12")  # wrong form, which is another rule's finding
        + claim_line(6, "2024-03-01", "not a code")  # wrong form, which is another rule's finding
    )
    for number in range(3):
        drug_file(own_lake, f"d{number}.csv", first=12, second=10)
    report = run(own_lake)
    assert report.balanced
    outcome = json.loads((own_lake / "validation-reports" / f"{report.run_id}-medical_claim.json").read_text())
    broken = {one["rule_id"]: one["broken"] for one in outcome["outcomes"]}
    assert {rule_id: broken[rule_id] for rule_id in ("MC094", "MC095", "MC096")} == {
        "MC094": 2,
        "MC095": 1,
        "MC096": 2,
    }
    assert not [warning for file in report.files for warning in file.warnings if "payer" in warning]

    drug_file(own_lake, "d3.csv", first=30, third=1)
    again = run(own_lake)
    (told,) = [warning for file in again.files for warning in file.warnings if "payer" in warning]
    assert told.startswith("1 of 2 payers that each of the last 3 files of its source had is missing")


def test_lists_are_read_from_a_bucket_as_from_a_folder(own_lake: Path, bucket: str) -> None:
    write_object(f"{bucket}/lists/2024/icd10cm-codes-2024.txt", OLD_LIST.encode())
    write_object(f"{bucket}/lists/places/CLM-POS-CD.csv", b'code,display\n11,OFFICE\n28,UNASSIGNED\n99,"OTHER, ALL"\n')
    write_object(f"{bucket}/lists/README.txt", b"Not a list.\n")
    assert main(["job", "--lake", str(own_lake), "--input", f"{bucket}/lists/"]) == 0
    session = SparkSession.getActiveSession()
    assert session is not None
    rows = session.table("claims.processed.code_set").where("billable_flag = 1").collect()
    assert sorted((row["code_system"], row["code"]) for row in rows) == [
        ("icd-10-cm", "A0100"),
        ("icd-10-cm", "E119"),
        ("icd-10-cm", "I10"),
        ("place-of-service", "11"),
        ("place-of-service", "99"),
    ]


def test_without_lists_the_job_ends_with_one_line(own_lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["job", "--lake", str(own_lake)]) == 1
    assert "no folder with lists of codes is given; cure: " in capsys.readouterr().err


def test_a_folder_without_lists_of_codes_is_refused_in_one_line(own_lake: Path, tmp_path: Path) -> None:
    for given in ([], ["--input", str(tmp_path)]):
        answer = CliRunner().invoke(cli.app, ["codesets", "--lake", str(own_lake), *given])
        assert answer.exit_code == 1
