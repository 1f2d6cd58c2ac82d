"""What stands between the tests and Trino: how it is fetched, how it fails, how answers are put into one form."""

import hashlib
import io
import signal
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cloud.query_engine.answers import Answer, first_difference, plain
from tests.cloud.query_engine.engine import ENDS_WITH_INPUT, Engine, EngineError
from tests.cloud.query_engine.packages import Package, server
from tests.cloud.query_engine.statements import order_of, tables_of, with_asked
from tests.installed_tools import ToolError


@pytest.fixture
def central(tmp_path: Path) -> Path:
    """A folder in place of Maven Central, with a small server in it."""
    folder = tmp_path / "central"
    folder.mkdir()
    with tarfile.open(folder / "core.tar.gz", "w:gz") as packed:
        for name in ("core/lib/main.jar", "core/plugin/other/other.jar"):
            packed.addfile(tarfile.TarInfo(name), io.BytesIO())
    with zipfile.ZipFile(folder / "iceberg.zip", "w") as opened:
        opened.writestr("iceberg/connector.jar", b"jar")
    return folder


def packages(central: Path) -> list[Package]:
    places = {"core.tar.gz": ("core/lib", "lib"), "iceberg.zip": ("iceberg", "plugin/iceberg")}
    sums = {name: hashlib.sha256((central / name).read_bytes()).hexdigest() for name in places}
    return [Package(name, sums[name], *place) for name, place in places.items()]


def test_of_the_packages_only_what_is_taken_is_kept(central: Path, tmp_path: Path) -> None:
    folder = server(packages(central), tmp_path / "cache", central.as_uri())
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {"lib/main.jar", "plugin/iceberg/connector.jar"}


def test_what_was_fetched_is_not_fetched_again(central: Path, tmp_path: Path) -> None:
    folder = server(packages(central), tmp_path / "cache", central.as_uri())
    assert server((), tmp_path / "cache", "file:///nowhere") == folder


def test_a_file_that_is_not_the_pinned_one_is_refused_and_not_kept(central: Path, tmp_path: Path) -> None:
    core, iceberg = packages(central)
    with pytest.raises(ToolError, match="not the file that was pinned"):
        server((core, replace(iceberg, sha256="0" * 64)), tmp_path / "cache", central.as_uri())
    assert list((tmp_path / "cache").iterdir()) == []


def test_where_nothing_can_be_fetched_the_cure_is_said(central: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cure: check the connection, or name a mirror of Maven Central in DEFAULT"):
        server(packages(central), tmp_path / "cache", (tmp_path / "nowhere").as_uri())
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_engine_that_ended_says_what_it_wrote(tmp_path: Path) -> None:
    log = tmp_path / "trino.log"
    log.write_text("1) Configuration property 'x' was not used\n")
    with subprocess.Popen(["/bin/false"]) as ended:
        ended.wait()
        with pytest.raises(EngineError, match="was not used"):
            Engine(1, ended, log).answer("SELECT 1")


def test_what_was_started_is_killed_when_the_input_of_who_started_it_ends() -> None:
    command = ["/bin/sh", "-c", ENDS_WITH_INPUT, "sh", "/bin/sleep", "100"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as started:  # noqa: S603 - sleep
        with pytest.raises(subprocess.TimeoutExpired):
            started.wait(0.5)
        assert started.stdin is not None
        started.stdin.close()
        assert started.wait(30) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Decimal("1.50"), Decimal("1.5"), id="scale"),
        pytest.param(7, Decimal("7.00"), id="integer and decimal"),
        pytest.param(0.1 + 0.2, 0.3, id="order of a sum"),
        pytest.param(
            datetime(2024, 3, 1, 12, tzinfo=UTC),
            datetime(2024, 3, 1, 13, tzinfo=timezone(timedelta(hours=1))),
            id="zone",
        ),
        pytest.param((1, [None]), [1, (None,)], id="rows in rows"),
    ],
)
def test_equal_values_of_two_engines_have_one_form(one: object, other: object) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Decimal("0.01"), Decimal("0.02"), id="cents"),
        pytest.param(None, "", id="no value and no text"),
        pytest.param(date(2024, 3, 1), datetime(2024, 3, 1, tzinfo=UTC), id="day and time"),
        pytest.param(True, 1, id="yes and one"),
    ],
)
def test_other_values_keep_apart(one: object, other: object) -> None:
    assert plain(one) != plain(other)


def test_the_first_difference_names_the_cells() -> None:
    here, there = Answer.of(["A", "b"], [(1, 2), (3, 4)]), Answer.of(["a", "b"], [(1, 2), (3, 5)])
    assert first_difference(here, there) == "row 1: b '4' and '5'"
    assert first_difference(here, Answer.of(["a"], [])) == "columns ['a', 'b'] and ['a']"
    assert first_difference(here, Answer.of(["a", "b"], [(1, 2)])) == "2 and 1 rows"
    assert first_difference(here, here) == ""


def test_rows_without_an_order_are_compared_as_a_set() -> None:
    here, there = Answer.of(["a"], [(1,), (None,)]), Answer.of(["a"], [(None,), (1,)])
    assert here != there
    assert here.without_order() == there.without_order()


def test_parameters_stand_before_the_query_and_before_its_own_with() -> None:
    asked = {"claim_id": "O'Neill"}
    before = "WITH asked AS (SELECT 'O''Neill' AS claim_id)"
    assert with_asked("-- what\nSELECT 1", asked) == f"{before}\n-- what\nSELECT 1"
    assert (
        with_asked("-- what\nWITH x AS (SELECT 1)\nSELECT 1", asked) == f"-- what\n{before}, x AS (SELECT 1)\nSELECT 1"
    )
    assert with_asked("SELECT 1", {}) == "SELECT 1"


def test_the_order_of_a_query_is_that_of_the_whole_as_far_as_it_shows() -> None:
    assert order_of("SELECT a, b, sum(c) AS d FROM t ORDER BY t.a, D DESC, hidden, b", ["a", "b", "d"]) == ("a", "d")
    assert order_of("SELECT a FROM (SELECT a FROM t ORDER BY a LIMIT 1) AS s", ["a"]) == ()


def test_rows_are_in_an_order_wherever_an_engine_puts_those_without_a_value() -> None:
    first = Answer.of(["a", "b"], [(None, 1), (2, 2), (3, 3)])
    last, wrong = Answer.of(["a", "b"], [(2, 2), (3, 3), (None, 1)]), Answer.of(["a", "b"], [(3, 3), (2, 2), (None, 1)])
    assert first.in_order_of(["a"]) == last.in_order_of(["a"]) == [("2",), ("3",)]
    assert first.in_order_of(["a"]) != wrong.in_order_of(["a"])


def test_a_query_reads_the_tables_that_stand_in_it() -> None:
    sql = 'WITH x AS (SELECT 1 FROM "medical_claim$snapshots" AS s) SELECT 1 FROM x INNER JOIN processed.code_set AS c'
    assert tables_of(sql) >= {"medical_claim", "code_set"}
