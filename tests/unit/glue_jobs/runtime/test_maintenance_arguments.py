import pytest

from expectations.errors import ArgumentError
from glue_jobs.runtime.maintenance_arguments import MaintenanceArguments, read_maintenance_arguments


def test_all_but_the_lake_has_a_default() -> None:
    found = read_maintenance_arguments(["job", "--lake", "s3://bucket/lake/"])
    assert found == MaintenanceArguments(lake="s3://bucket/lake", job_id=found.job_id)
    assert found.job_id.startswith("claims-etl-")
    assert (found.tables, found.target_file_megabytes, found.keep_days, found.orphan_hours) == ((), 256, 7, 24)


def test_values_come_after_a_blank_or_an_equals_sign() -> None:
    found = read_maintenance_arguments(
        ["job", "--lake=lake", "--tables", "provider, medical_claim", "--keep_days=0", "--job_id", "nightly.1"]
    )
    assert (found.tables, found.keep_days, found.job_id) == (("provider", "medical_claim"), 0, "nightly.1")
    assert not found.on_glue


def test_on_glue_its_own_arguments_are_passed_over() -> None:
    found = read_maintenance_arguments(
        ["job", "--JOB_NAME", "maintain", "--lake", "s3://bucket", "--TempDir", "s3://temp", "--enable-metrics", "true"]
    )
    assert found.on_glue
    assert found.lake == "s3://bucket"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "--lake names no folder"),
        (["--lake", "/"], "--lake names no folder"),
        (["--lake", "lake", "--keep-days", "7"], "unknown argument: --keep-days; expected: --lake, --tables"),
        (["--lake", "lake", "M123456789"], "unknown argument: a value without a name"),
        (["--lake", "lake", "--orphan_hours", "-1"], "expected one argument|whole number from 0"),
        (["--lake", "lake", "--target_file_megabytes", "0"], "--target_file_megabytes is a whole number from 1 up"),
        (["--lake", "lake", "--tables", "provider,nothing"], "1 of the tables are not in the contract"),
        (["--lake", "lake", "--job_id", "../up"], "--job_id is part of file names"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_argument_is_one_line_with_the_cure_and_without_its_value(given: list[str], said: str) -> None:
    with pytest.raises(ArgumentError, match=said) as raised:
        read_maintenance_arguments(["job", *given])
    assert "cure: " in str(raised.value)
    assert not any(value in str(raised.value) for value in ("M123456789", "../up", "nothing"))
