import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.latency_profiles import BASELINE, OPTIMISED, Profile, Waits, accepted, judged, waits
from glue_jobs.runtime.arguments import read_arguments
from glue_jobs.runtime.session import SETTINGS

ROOT = Path(__file__).parents[3]
BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
DEPLOYED = 'print(sys.argv[1:], session.SETTINGS["spark.sql.adaptive.enabled"])\n'
INSTALL = [sys.executable, "-c", "import sys; print('installs into', sys.argv[1].split('/')[1])"]


def at(seconds: float) -> datetime:
    return BEGUN + timedelta(seconds=seconds)


def run(profile: Profile, *arguments: str) -> list[str]:
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", profile.script(DEPLOYED, INSTALL), *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.splitlines()


def test_a_file_waits_until_the_run_that_took_it_has_ended() -> None:
    found = waits({"a": at(0), "b": at(1), "c": at(2)}, [(["a", "c"], at(60)), (["b"], at(100))])
    assert found == Waits((60.0, 99.0, 58.0), 2)


def test_a_file_that_is_not_published_is_no_short_wait() -> None:
    with pytest.raises(ValueError, match="1 of 2 files were not published, the first one b"):
        waits({"a": at(0), "b": at(0)}, [(["a"], at(60))])


@pytest.mark.parametrize(("count", "p95"), [(4, 4.0), (20, 19.0), (100, 95.0)])
def test_p95_is_by_nearest_rank(count: int, p95: float) -> None:
    assert Waits(tuple(float(number) for number in range(count, 0, -1)), 1).p95 == p95


@pytest.mark.parametrize(("seconds", "kept"), [(40.0, True), (41.0, False)])
def test_the_goal_is_two_fifths_of_the_baseline(seconds: float, kept: bool) -> None:
    lines = judged(Waits((seconds,), 1), Waits((50.0, 100.0), 2))
    assert [line.kept for line in lines] == [None, None, kept]
    assert lines[-1].figure == f"x{seconds / 100:.2f}"


def test_the_baseline_installs_first_then_runs_without_adaptive_execution_and_with_the_other_engine() -> None:
    installed, told = run(BASELINE, "--lake", "l")
    assert installed.startswith("installs into")
    assert told == "['--lake', 'l', '--audit', 'great_expectations'] false"


def test_the_optimised_profile_is_the_product_with_its_packages_installed() -> None:
    installed, told = run(OPTIMISED, "--lake", "l")
    assert installed.startswith("installs into")
    assert told == "['--lake', 'l'] true"


def test_the_profiles_change_what_there_is() -> None:
    assert read_arguments(["job", "--lake", "l", "--input", "i", *BASELINE.arguments]).audit == "great_expectations"
    assert set(BASELINE.settings) <= set(SETTINGS)
    variables = (ROOT / "terraform" / "variables.tf").read_text()
    for profile in (BASELINE, OPTIMISED):
        for name, fields in profile.variables.items():
            (declared,) = [part for part in variables.split("\nvariable ") if part.startswith(f'"{name}"')]
            assert all(f"{field} " in declared for field in fields)


def test_files_of_a_run_are_those_of_its_manifest() -> None:
    manifest = json.dumps({"files": ["s3://raw-bucket/raw/claims/a.csv"]}).encode()
    assert accepted(manifest, "raw-bucket") == ["raw/claims/a.csv"]
