import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from expectations.errors import ToolMissingError
from glue_jobs.runtime import iceberg
from glue_jobs.runtime.iceberg import iceberg_runtime, resolve_with_ivy

CONTENT = b"a jar"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class FakeIvy:
    """Fetches a file with the given content, and counts how often it was asked."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content
        self.asked = 0

    def __call__(self, folder: Path) -> Path:
        self.asked += 1
        (folder / "jars").mkdir(parents=True, exist_ok=True)
        fetched = folder / "jars" / "fetched_iceberg-spark-runtime-3.5_2.12.jar"
        fetched.write_bytes(self.content)
        return fetched


def an_answer(returncode: int, stderr: str = "") -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401 - subprocess.run's own
        return subprocess.CompletedProcess(command, returncode, "", stderr)

    return run


def test_the_jar_is_fetched_once_and_then_taken_from_the_cache(tmp_path: Path) -> None:
    ivy = FakeIvy()
    first = iceberg_runtime(tmp_path, ivy, SHA256)
    assert iceberg_runtime(tmp_path, ivy, SHA256) == first
    assert first.read_bytes() == CONTENT
    assert first.parent == tmp_path / "jars"
    assert ivy.asked == 1
    assert list(first.parent.iterdir()) == [first]


def test_a_fetched_file_that_is_not_the_pinned_one_is_deleted_and_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolMissingError, match=f"expected {SHA256}.*cure"):
        iceberg_runtime(tmp_path, FakeIvy(b"another jar"), SHA256)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_cached_file_that_was_changed_is_deleted_and_the_next_run_fetches_it_again(tmp_path: Path) -> None:
    ivy = FakeIvy()
    jar = iceberg_runtime(tmp_path, ivy, SHA256)
    jar.write_bytes(b"changed")
    with pytest.raises(ToolMissingError, match="not the file that was pinned"):
        iceberg_runtime(tmp_path, ivy, SHA256)
    assert iceberg_runtime(tmp_path, ivy, SHA256).read_bytes() == CONTENT
    assert ivy.asked == 2


def test_a_failed_fetch_says_what_ivy_said_and_where_to_put_the_jar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iceberg, "_environment", lambda _: {})
    monkeypatch.setattr(subprocess, "run", an_answer(1, "noise\nunresolved dependency: not found\nmore"))
    with pytest.raises(ToolMissingError, match=r"\(unresolved dependency: not found\); cure: .*jars"):
        resolve_with_ivy(tmp_path / "ivy")


def test_a_fetch_without_a_jar_is_a_failure_though_the_program_ended_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iceberg, "_environment", lambda _: {})
    monkeypatch.setattr(subprocess, "run", an_answer(0))
    with pytest.raises(ToolMissingError, match="no answer"):
        resolve_with_ivy(tmp_path / "ivy")


def test_a_java_from_pip_is_told_which_certificates_this_machine_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, str] = {}

    def run(command: list[str], *, env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
        seen.update(env)
        return subprocess.CompletedProcess(FakeIvy()(tmp_path).parts, 0, "", "")

    monkeypatch.setattr(iceberg, "java_home", lambda: tmp_path)
    monkeypatch.setattr(iceberg, "packaged_java_home", lambda: tmp_path)
    monkeypatch.setattr(iceberg, "_trust_options", lambda folder: f"-Dtrust={folder.name}")
    monkeypatch.delenv("SPARK_SUBMIT_OPTS", raising=False)
    monkeypatch.setattr(subprocess, "run", run)
    assert resolve_with_ivy(tmp_path).name == "fetched_iceberg-spark-runtime-3.5_2.12.jar"
    assert seen["JAVA_HOME"] == str(tmp_path)
    assert seen["SPARK_SUBMIT_OPTS"] == f"-Dtrust={tmp_path.name}"


def test_the_installation_goes_on_with_one_line_where_the_jar_cannot_be_fetched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> Path:
        raise ToolMissingError("could not be fetched; cure: check the connection")

    monkeypatch.setattr(iceberg, "iceberg_runtime", fails)
    assert iceberg.main() == 1
    assert capsys.readouterr().err == "could not be fetched; cure: check the connection\n"
