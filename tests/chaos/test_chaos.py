import pytest

from tests.chaos.claim_states import Prints
from tests.chaos.contest import ONE_MONTH, start_contest
from tests.chaos.corpus import Plan
from tests.chaos.kill_chain import Chain
from tests.chaos.reader import PollingReader
from tests.chaos.victims import VictimPool

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

DURABLE = ("staged", "journal", "written", "publishing", "published", "audited")
"""Beginnings of the names of steps beside which something durable happens."""


def test_twenty_kills_lose_double_and_tear_nothing_and_leave_nothing_behind(killed_lake: Chain) -> None:
    assert killed_lake.tally.must_be_zero == dict.fromkeys(killed_lake.tally.must_be_zero, 0)
    assert killed_lake.tally.kills.total() >= 20
    assert killed_lake.tally.looks > killed_lake.tally.runs / 2


def test_runs_were_killed_beside_every_kind_of_durable_step(killed_lake: Chain) -> None:
    missing = [name for name in DURABLE if not any(step.startswith(name) for step in killed_lake.killed_at)]
    assert missing == []


def test_kills_did_leave_something_for_maintenance_to_take_away(killed_lake: Chain) -> None:
    assert killed_lake.tally.left_by_kills["staging_branch"] > 0
    assert killed_lake.tally.left_by_kills["temporary"] > 0


def test_two_runs_at_once_on_overlapping_months_and_jobs_on_one_month_end_as_if_in_turn(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    contest = start_contest(tmp_path_factory.mktemp("contest"), seed=1)
    with PollingReader(contest.lake, [Prints()]) as reader, VictimPool(contest.lake, ahead=0) as pool:
        contest.trial(pool, reader, 2, Plan(2).months, crashed=0.0)
        contest.trial(pool, reader, 3, ONE_MONTH, crashed=0.5)
    contest.tally.torn += reader.torn
    assert contest.tally.must_be_zero == dict.fromkeys(contest.tally.must_be_zero, 0)
    assert contest.tally.kills.total() > 0
