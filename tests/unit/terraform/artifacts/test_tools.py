import os
from pathlib import Path

import pytest

from terraform.artifacts.errors import BuildError
from terraform.artifacts.tools import run_tool

ROOT = Path(__file__).resolve().parents[4]


def test_a_tool_that_fails_is_told_by_its_first_line_about_an_error_and_the_cure() -> None:
    with pytest.raises(BuildError, match=r"^looking failed \(uv: .*no-such-command.*\); cure: make install"):
        run_tool(["uv", "no-such-command"], "looking")


def test_a_tool_reads_the_text_and_its_files_have_modes_that_do_not_depend_on_the_user(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        said = run_tool(["zipfile", "-c", str(tmp_path / "a.zip"), str(ROOT / "LICENSE")], "zipping", text="")
    finally:
        os.umask(before)
    assert said == ""
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o644
