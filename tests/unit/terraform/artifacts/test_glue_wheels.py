import zipfile
from pathlib import Path

import pytest

from terraform.artifacts import glue_wheels
from terraform.artifacts.glue_wheels import download_wheels, write_wheels
from tests.unit.terraform.artifacts.stand_ins import FakeTool, names, one_file


def test_the_zip_has_the_form_that_glue_installs_from(tmp_path: Path) -> None:
    target = tmp_path / "packages.gluewheels.zip"
    write_wheels("one==1.0 ; x \\\n    --hash=sha256:1\n", target, one_file("one-1.0-py3-none-any.whl"))
    assert names(target) == ["wheels/one-1.0-py3-none-any.whl", "wheels/requirements.txt"]
    with zipfile.ZipFile(target) as archive:
        assert archive.read("wheels/requirements.txt") == b"one==1.0\n"


def test_pip_takes_wheels_only_by_hash_and_none_for_a_newer_glibc_than_glues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = FakeTool()
    monkeypatch.setattr(glue_wheels, "run_tool", tool)
    download_wheels("one==1.0 --hash=sha256:1\n", tmp_path)
    assert tool.requirements == "one==1.0 --hash=sha256:1\n"
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(tool.arguments)
    tags = tool.after("--platform")
    assert tags[0] == "manylinux_2_34_x86_64"
    assert "manylinux2014_x86_64" in tags
    assert not [tag for tag in tags if tag.startswith("manylinux_2_") and int(tag.split("_")[2]) > 34]
