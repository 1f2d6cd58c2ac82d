import os
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from terraform.artifacts.archives import files_below, write_zip


def test_one_content_is_the_same_bytes_whatever_the_files_order_times_and_modes(tmp_path: Path) -> None:
    archives = []
    for number, order in enumerate((("a.py", "b/c.json"), ("b/c.json", "a.py"))):
        folder = tmp_path / str(number)
        for place, name in enumerate(order):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name * 100)
            (folder / name).chmod(0o600 + 0o111 * number)
            os.utime(folder / name, (place * 1e6, place * 1e6))
        archives.append(tmp_path / f"{number}.zip")
        write_zip(archives[-1], files_below(folder, under="python"))
    assert archives[0].read_bytes() == archives[1].read_bytes()


@pytest.mark.parametrize(("pack", "method"), [(True, zipfile.ZIP_DEFLATED), (False, zipfile.ZIP_STORED)])
def test_entries_stand_in_order_with_one_time_and_one_mode(tmp_path: Path, pack: bool, method: int) -> None:
    write_zip(tmp_path / "a.zip", {PurePosixPath("b"): b"2", PurePosixPath("a/c"): b"1"}, pack=pack)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["a/c", "b"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
        assert {entry.compress_type for entry in archive.infolist()} == {method}


def test_what_python_caches_is_left_out(tmp_path: Path) -> None:
    for name in ("a.py", "__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(files_below(tmp_path)) == [PurePosixPath("a.py")]
