"""PyDeequ and its jar, which the product does not depend on: fetched on demand, kept below .cache/benchmarks.

`prepare` is to be called before Spark is started, because the jar must be on the class path of its Java machine.
"""

import hashlib
import os
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.error import URLError

from pyspark.sql import DataFrame

from expectations.errors import ToolMissingError
from expectations.rules import Rule
from glue_jobs.runtime.iceberg import CACHE

PACKAGE = "pydeequ==1.7.0"
JAR = "deequ-2.0.7-spark-3.5.jar"
JAR_URL = f"https://repo1.maven.org/maven2/com/amazon/deequ/deequ/2.0.7-spark-3.5/{JAR}"
JAR_SHA256 = "97c2736b1d9df4d4bb3303dd1eaa5f42db70605c79be1769ba9ef5c0cd744faa"
FOLDER = CACHE / "benchmarks"
UNIQUE = "expect_compound_columns_to_be_unique"


def prepare(folder: Path = FOLDER) -> None:
    """Have both, and let the Spark that this process starts find them.

    Raises:
        ToolMissingError: one cannot be fetched, or the jar is not the one that was pinned.
    """
    jar, packages = folder / JAR, folder / "pydeequ"
    if not jar.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(jar)
    if not (packages / "pydeequ").is_dir():
        uv = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--no-deps", "--target", str(packages)]
        answer = subprocess.run([*uv, PACKAGE], capture_output=True, text=True, check=False)  # noqa: S603 - our own text
        if answer.returncode:
            raise ToolMissingError(f"{PACKAGE} could not be fetched; cure: check the connection, or --without pydeequ")
    sys.path.append(str(packages))
    os.environ["SPARK_VERSION"] = "3.5"
    os.environ["PYSPARK_SUBMIT_ARGS"] = f'--driver-class-path "{jar}" pyspark-shell'


def _fetch(jar: Path) -> None:
    try:
        with urllib.request.urlopen(JAR_URL, timeout=60) as answer:
            content = answer.read()
    except (URLError, TimeoutError) as error:
        raise ToolMissingError(
            f"{JAR} could not be fetched from Maven Central; cure: put it into {jar.parent}, or --without pydeequ"
        ) from error
    if hashlib.sha256(content).hexdigest() != JAR_SHA256:
        raise ToolMissingError(f"{JAR} is not the file that was pinned; cure: ask who changed it on the way")
    jar.write_bytes(content)


def broken_by_deequ(rows: DataFrame, rules: Sequence[Rule]) -> dict[str, int]:
    """Rows that break each rule, by its id: a share that is compliant for a row rule, uniqueness for the grain."""
    session, deequ = rows.sparkSession, import_module("pydeequ.analyzers")
    run: Any = deequ.AnalysisRunner(session).onData(rows).addAnalyzer(deequ.Size())
    keys = {}
    for rule in rules:
        if rule.scope == "row":
            run = run.addAnalyzer(deequ.Compliance(rule.rule_id, rule.broken_sql))
        else:
            run = run.addAnalyzer(deequ.Uniqueness(list(rule.kwargs["column_list"])))
            keys[",".join(rule.kwargs["column_list"])] = rule.rule_id
    metrics = deequ.AnalyzerContext.successMetricsAsJson(session, run.run())
    share = {keys.get(one["instance"], one["instance"]): one["value"] for one in metrics}
    count = share.pop("*")
    return {
        rule.rule_id: round((1 - share[rule.rule_id] if rule.type == UNIQUE else share[rule.rule_id]) * count)
        for rule in rules
        if rule.rule_id in share
    }
