"""The archive of Java's classes: made once and whole, used where it is there, of this Java only."""

from pathlib import Path

import pytest

from glue_jobs.runtime.class_archive import archive_options, class_archive, dump_base, make_archive

JAVA = Path("/opt/java-17")


def write(path: Path) -> None:
    path.write_bytes(b"classes")


def test_without_an_archive_java_gets_no_option(tmp_path: Path) -> None:
    assert archive_options(JAVA, tmp_path) == []


def test_java_is_told_of_the_archive_and_says_nothing_of_it(tmp_path: Path) -> None:
    archive = class_archive(JAVA, tmp_path)
    assert make_archive(archive, write)
    assert archive_options(JAVA, tmp_path) == [f"-XX:SharedArchiveFile={archive}", "-Xlog:cds*=off"]


def test_half_an_archive_is_never_in_its_place(tmp_path: Path) -> None:
    archive = class_archive(JAVA, tmp_path)

    def interrupted(path: Path) -> None:
        path.write_bytes(b"half")
        assert not archive.exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_archive(archive, interrupted)
    assert list(archive.parent.iterdir()) == []
    assert archive_options(JAVA, tmp_path) == []


def test_a_java_that_makes_none_is_no_failure_but_told(tmp_path: Path) -> None:
    assert not make_archive(class_archive(JAVA, tmp_path), lambda path: None)


def test_an_archive_is_made_once(tmp_path: Path) -> None:
    archive, made = class_archive(JAVA, tmp_path), list[Path]()

    def make(path: Path) -> None:
        made.append(path)
        write(path)

    assert make_archive(archive, make)
    assert make_archive(archive, make)
    assert len(made) == 1


def test_another_java_has_an_archive_of_its_own(tmp_path: Path) -> None:
    home = tmp_path / "java"
    home.mkdir()
    before = class_archive(home, tmp_path)
    (home / "release").write_text('JAVA_VERSION="17.0.99"')
    assert len({before, class_archive(home, tmp_path), class_archive(JAVA, tmp_path)}) == 3


def test_a_java_without_an_archive_of_its_own_classes_is_asked_for_one_once(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    (tmp_path / "lib" / "server").mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho $@ >>{tmp_path}/asked\ntouch {tmp_path}/lib/server/classes.jsa\n")
    java.chmod(0o755)
    dump_base(tmp_path)
    dump_base(tmp_path)
    assert (tmp_path / "asked").read_text() == "-Xshare:dump\n"
