"""No value of a claim, and no name that may be a person's, leaves the data: planted everywhere, searched everywhere.

What is searched, and what is claims data by nature and is not: `tests/leak/places.py`.
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from expectations.contract import load_source, source_names, source_of_key
from expectations.control_files import CONTROL_ENDING
from expectations.report import RunReport
from expectations.row_rules import RECORD_RULES
from expectations.rules import load_rules
from expectations.validate_file import validate_file
from tests.conftest import ROOT
from tests.leak.places import told_in
from tests.leak.planted import HELD, Planted, one_of_each_shape, plant
from tests.leak.spoiled import row_rules_of
from tests.leak.victim import CRASHES, DUMP, HARDENING_GOES, INPUT, JOURNALS, LAKE, LOUD, OFF, STEPS
from tests.quick_spark import QUICK_JAVA, QUICK_SPARK

CHANNELS = (
    "what is printed",
    "tables about runs, read",
    "paths",
    "validation-reports",
    "ingest_audit",
    "quality_scorecard",
    "table metadata",
    "quarantine index",
    "journal",
)
RUN_ID = "claims-etl-[0-9]{8}-[0-9]{6}-[0-9]{4}"
OF_OTHER_SOURCES = {"MC016", "RC017"}
"""Rules that only sources break which Spark does not read here; see the test without Spark."""


@dataclass(frozen=True)
class Told:
    """What a process with all its trouble told, by channel, beside the lake it told it of."""

    planted: Planted
    root: Path
    texts: Mapping[str, list[str]]

    def found(self, channel: str) -> list[tuple[str, set[str]]]:
        """Canaries in the texts of a channel, each with the beginning of the text."""
        hits = ((text[:200], self.planted.needles.found_in(text)) for text in self.texts[channel])
        return [(text, found) for text, found in hits if found]

    def reports(self) -> list[RunReport]:
        """The reports of all runs, the first run first."""
        paths = sorted((self.root / LAKE / "validation-reports").glob("claims-etl-*.json"))
        return [RunReport.from_json(path.read_text()) for path in paths if re.fullmatch(RUN_ID, path.stem)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    root = tmp_path_factory.mktemp("leak")
    planted = plant(root / INPUT, one_of_each_shape())
    printed = {LAKE: printed_by(root), LOUD: printed_by(root, "--loud")}
    texts: dict[str, list[str]] = defaultdict(list)
    for channel, text in told_in(root / LAKE):
        texts[channel].append(text)
    texts["what is printed"] = printed[LAKE].partition(HARDENING_GOES)[0].splitlines()
    texts["journal"] += [path.read_text() for path in (root / JOURNALS).iterdir()]
    texts["tables about runs, read"] = (root / DUMP).read_text().splitlines()
    texts[LOUD] = [printed[LOUD]]
    for part in OFF:
        texts[part] = [text for channel, text in told_in(root / part) if channel == "validation-reports"]
    return Told(planted, root, texts)


def printed_by(root: Path, *options: str) -> str:
    """All that the process, its Java and what that runs print, in one stream; with options as quickly as it can."""
    log = root / f"printed{''.join(options)}.txt"
    with log.open("ab") as stream:
        ended = subprocess.run(  # noqa: S603 - this Python, and a module of the tests
            [sys.executable, "-m", "tests.leak.victim", str(root), *options],
            cwd=ROOT,
            env=os.environ | (QUICK_SPARK if options else {"SPARK_SUBMIT_OPTS": QUICK_JAVA}),
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=1500,
        )
    text = log.read_text(errors="replace")
    assert ended.returncode == 0, text[-3000:]
    return text


def test_no_canary_of_any_source_is_told_where_files_are_validated_without_spark(tmp_path: Path) -> None:
    planted, broken = plant(tmp_path), set()
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        if path.name.endswith(CONTROL_ENDING):
            continue
        source, control = source_of_key(str(path)), path.with_name(path.name + CONTROL_ENDING)
        said = control.read_bytes() if control.is_file() else None
        rules, stream = load_rules(source.table), partial(BytesIO, path.read_bytes())
        told = validate_file(stream, path.name, source, rules, control_file=said)
        broken |= {rule.rule_id for rule in told.rules}
        assert planted.needles.found_in(told.model_dump_json()) == set(), path.name
    asked = {rule.rule_id for name in source_names() for rule in row_rules_of(load_source(name).table)}
    assert planted.suite_rules == asked
    assert broken >= asked | {rule.rule_id for rule in RECORD_RULES}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_canary_is_told(told: Told, channel: str) -> None:
    assert told.texts[channel], "nothing was searched"
    assert told.found(channel) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_canary_is_told_in_any_channel_without_a_name(told: Told) -> None:
    others = {*told.texts} - {*CHANNELS, LOUD, *OFF}
    assert [told.found(channel) for channel in sorted(others)] == [[] for _ in others]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", [LOUD, *OFF])
def test_the_same_search_finds_canaries_where_the_hardening_is_off(told: Told, part: str) -> None:
    assert told.found(part)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_rule_and_every_fate_of_a_file_was_there(told: Told) -> None:
    asked = {rule.rule_id for name in one_of_each_shape() for rule in row_rules_of(load_source(name).table)}
    assert told.planted.suite_rules == asked - OF_OTHER_SOURCES
    assert told.planted.record_rules == {rule.rule_id for rule in RECORD_RULES} - OF_OTHER_SOURCES
    report = told.reports()[0]
    broken = {rule.rule_id for rule in report.broken_rules}
    assert report.balanced
    # what only the held files break is in their notes
    assert broken >= (told.planted.suite_rules | told.planted.record_rules) - {"RC007", "RC008"}
    by_status = defaultdict(set)
    for file in report.files:
        by_status[file.status].add(file.source)
    assert by_status == {
        "published": set(one_of_each_shape()),
        "refused": set(one_of_each_shape()),
        "held": set(HELD),
    }


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_kind_of_step_and_of_row_failed_in_a_run_that_said_so(told: Told) -> None:
    codes = json.loads((told.root / STEPS).read_text())
    crashes = {kind for kinds in CRASHES.values() for kind in kinds}
    assert set(codes) == crashes | {"every shape", "raised", "cast", "no such file"}
    assert set(codes.values()) == {1}
    failed = [report.error.error_type for report in told.reports() if report.error]
    assert len(failed) == len(codes) - 1
