from pathlib import Path

import pytest

from terraform.artifacts import lambda_layer
from terraform.artifacts.lambda_layer import install_packages, write_layer
from tests.unit.terraform.artifacts.stand_ins import FakeTool, sources


def test_only_what_a_function_reads_and_its_licences_are_packed(tmp_path: Path) -> None:
    kept = [
        "one-1.0.dist-info/METADATA",
        "one-1.0.dist-info/WHEEL",
        "one-1.0.dist-info/licenses/LICENSE",
        "one/__init__.py",
        "one/fast.cpython-311-aarch64-linux-gnu.so",
        "one/part/data.json",
        "six.py",
    ]
    left_out = [
        ".lock",
        "bin/one",
        "one-1.0.dist-info/INSTALLER",
        "one-1.0.dist-info/RECORD",
        "one/__init__.pyi",
        "one/__pycache__/a.cpython-311.pyc",
        "one/part/tests/test_one.py",
        "one/py.typed",
    ]

    def install(requirements: str, folder: Path) -> None:
        for name in [*kept, *left_out]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"'{requirements.strip()}'\n")

    write_layer("one==1.0\n", tmp_path / "layer.zip", install)
    assert sources(tmp_path / "layer.zip") == [f"python/{name}" for name in kept]


@pytest.mark.parametrize(
    ("platform", "given"), [("aarch64-manylinux2014", ["aarch64-manylinux2014"]), ("", [])], ids=["arm64", "here"]
)
def test_uv_installs_by_hash_for_a_platform_or_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, given: list[str]
) -> None:
    tool = FakeTool()
    monkeypatch.setattr(lambda_layer, "run_tool", tool)
    install_packages("one==1.0 --hash=sha256:1\n", tmp_path, platform)
    assert tool.requirements == "one==1.0 --hash=sha256:1\n"
    assert {"--require-hashes", "--no-deps"} <= set(tool.arguments)
    assert tool.after("--python-platform") == given
