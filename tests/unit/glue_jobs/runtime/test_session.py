import dataclasses
from pathlib import Path
from typing import Self

import pytest

from glue_jobs.runtime import session
from glue_jobs.runtime.session import LOOKED_UP, SessionOptions, start_session

CATALOG = "spark.sql.catalog.claims"


class JavaView:
    """Stands for py4j's view of Java: looks for a package or class again whenever it is asked."""

    def __init__(self, name: str = "", searched: list[str] | None = None) -> None:
        self.name = name
        self.searched: list[str] = [] if searched is None else searched

    def __getattr__(self, part: str) -> "JavaView":
        name = f"{self.name}.{part}".lstrip(".")
        self.searched.append(name)
        return JavaView(name, self.searched)


class RecordedBuilder:
    """Stands for Spark's builder: keeps the settings, and the session that it gives is itself."""

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.name = ""
        self.java = self._jvm = JavaView()

    def appName(self, name: str) -> Self:  # noqa: N802 - Spark's own name
        self.name = name
        return self

    def config(self, key: str, value: str) -> Self:
        self.settings[key] = value
        return self

    def getOrCreate(self) -> Self:  # noqa: N802 - Spark's own name
        return self


class Machine:
    """What a session asked of the machine: how often for Java, and the settings it was built with."""

    def __init__(self) -> None:
        self.java_asked = 0
        self.builder = RecordedBuilder()

    def use_java(self) -> Path:
        self.java_asked += 1
        return Path("/java")

    def settings(self, options: SessionOptions) -> dict[str, str]:
        self.builder = RecordedBuilder()
        start_session(options)
        return self.builder.settings


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine()

    class FakeSession:
        @property
        def builder(self) -> RecordedBuilder:
            return found.builder

    monkeypatch.setattr(session, "SparkSession", FakeSession())
    monkeypatch.setattr(session, "use_java", found.use_java)
    monkeypatch.setattr(session, "iceberg_runtime", lambda: Path("/jars/iceberg.jar"))
    return found


ON_GLUE = SessionOptions("s3://claims-lake", on_glue=True, region="eu-central-1")
ON_ONE_MACHINE = SessionOptions("/data/lake", driver_memory_gigabytes=3, cores="2")


@pytest.mark.parametrize("options", [ON_GLUE, ON_ONE_MACHINE], ids=["Glue", "one machine"])
def test_what_decides_how_rows_are_read_and_written_is_the_same_everywhere(
    machine: Machine, options: SessionOptions
) -> None:
    expected = {
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.adaptive.coalescePartitions.enabled": "true",
        "spark.sql.adaptive.skewJoin.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.legacy.timeParserPolicy": "CORRECTED",
        "spark.sql.files.ignoreCorruptFiles": "false",
        "spark.sql.files.ignoreMissingFiles": "false",
        "spark.sql.parquet.compression.codec": "snappy",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.defaultCatalog": "claims",
        CATALOG: "org.apache.iceberg.spark.SparkCatalog",
        f"{CATALOG}.warehouse": options.lake,
    }
    settings = machine.settings(options)
    assert {key: settings.get(key) for key in expected} == expected
    assert machine.builder.name == "claims-etl"


def test_on_glue_the_catalog_is_glues_and_nothing_is_brought_along(machine: Machine) -> None:
    settings = machine.settings(ON_GLUE)
    assert settings[f"{CATALOG}.catalog-impl"] == "org.apache.iceberg.aws.glue.GlueCatalog"
    assert settings[f"{CATALOG}.io-impl"] == "org.apache.iceberg.aws.s3.S3FileIO"
    assert settings["spark.hadoop.fs.s3a.endpoint.region"] == "eu-central-1"
    assert machine.java_asked == 0
    own = {"spark.master", "spark.jars", "spark.driver.memory", "spark.ui.enabled", f"{CATALOG}.type"}
    assert own.isdisjoint(settings)


def test_on_one_machine_the_catalog_lies_in_the_lake_and_java_and_iceberg_are_brought_along(machine: Machine) -> None:
    settings = machine.settings(ON_ONE_MACHINE)
    assert settings[f"{CATALOG}.type"] == "hadoop"
    assert settings["spark.master"] == "local[2]"
    assert settings["spark.driver.memory"] == "3g"
    assert settings["spark.jars"] == "/jars/iceberg.jar"
    assert settings["spark.local.dir"] == "/data/lake/temp/spark"
    assert settings["spark.ui.enabled"] == "false"
    assert settings["spark.driver.host"] == settings["spark.driver.bindAddress"] == "127.0.0.1"
    assert machine.java_asked == 1
    assert not {f"{CATALOG}.catalog-impl", f"{CATALOG}.io-impl"} & settings.keys()


def test_the_log_settings_that_a_session_names_exist(machine: Machine) -> None:
    java_options = machine.settings(ON_ONE_MACHINE)["spark.driver.extraJavaOptions"]
    named = java_options.split("-Dlog4j2.configurationFile=file:")[1].split()[0]
    assert Path(named).is_file()


def test_a_run_over_few_rows_does_without_javas_second_compiler(machine: Machine) -> None:
    few = dataclasses.replace(ON_ONE_MACHINE, few_rows=True)
    options = [machine.settings(asked)["spark.driver.extraJavaOptions"] for asked in (ON_ONE_MACHINE, few)]
    assert ["TieredStopAtLevel=1" in text for text in options] == [False, True]


def test_java_classes_behind_every_function_are_searched_once(machine: Machine) -> None:
    machine.settings(SessionOptions("/lake"))
    view = machine.builder.java
    start_session(SessionOptions("/lake"))
    assert view.functions.name == "functions"
    assert view.org.apache.iceberg.spark.Spark3Util.name in LOOKED_UP
    assert len(view.searched) == len(set(view.searched))
    assert set(LOOKED_UP) <= set(view.searched)
