import pytest

from tests.chaos.claim_states import Prints
from tests.chaos.contest import ONE_MONTH, start_contest
from tests.chaos.corpus import Plan
from tests.chaos.kill_chain import Chain
from tests.chaos.reader import PollingReader
from tests.chaos.victims import VictimPool

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

KINDS = ("quarantined", "journal", "branched", "updated", "written", "deleted", "staged", "publishing", "published")
"""First words of the names of steps."""


def test_twenty_kills_lose_double_and_tear_nothing_and_leave_nothing_behind(killed_lake: Chain) -> None:
    assert killed_lake.tally.must_be_zero == dict.fromkeys(killed_lake.tally.must_be_zero, 0)
    assert killed_lake.tally.kills.total() >= 20
    assert killed_lake.tally.looks > killed_lake.tally.runs / 2


def test_runs_were_killed_at_every_kind_of_step(killed_lake: Chain) -> None:
    assert {step.split()[0] for step in killed_lake.killed_at} >= set(KINDS)


def test_kills_did_leave_something_for_maintenance_to_take_away(killed_lake: Chain) -> None:
    assert killed_lake.tally.left_by_kills["staging_branch"] > 0
    assert killed_lake.tally.left_by_kills["temporary"] > 0


def test_runs_at_once_end_as_if_in_turn_and_maintenance_beside_them_disturbs_none(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    contest = start_contest(tmp_path_factory.mktemp("contest"), seed=1)
    with PollingReader(contest.lake, [Prints()]) as reader, VictimPool(contest.lake, ahead=0) as pool:
        contest.trial(pool, reader, 2, Plan(2).months, crashed=0.0)
        contest.trial(pool, reader, 3, ONE_MONTH, crashed=0.5, maintained=True)
    contest.tally.torn += reader.torn
    assert contest.tally.must_be_zero == dict.fromkeys(contest.tally.must_be_zero, 0)
    assert contest.tally.kills.total() > 0
