"""The lake on which runs were killed, once for all tests of this folder."""

import time

import pytest

from tests.chaos.claim_states import Prints
from tests.chaos.kill_chain import Chain, kill_until, start_chain
from tests.chaos.reader import PollingReader
from tests.chaos.victims import VictimPool

KILLS = 20
SPARED = frozenset(
    {
        "staged chaos_claims",
        "branched medical_claim_version",
        "written medical_claim_version",
        "staged medical_claim_version",
        "branched medical_claim_header",
        "staged ingest_audit",
        "audited",
    }
)
"""What lies in the lake at these steps lies there at another one too: only `make chaos` kills at them."""


@pytest.fixture(scope="session")
def killed_lake(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """Files were delivered while a reader looked on and runs were killed, at first at every named step; maintained."""
    began, chain = time.monotonic(), start_chain(tmp_path_factory.mktemp("chaos"), seed=1, files=60)
    chain.spared = SPARED
    with PollingReader(chain.lake, [Prints()]) as reader:
        with VictimPool(chain.lake) as pool:
            kill_until(chain, pool, reader, KILLS)
        chain.maintain()
    chain.tally.add_reader(reader, began)
    (chain.work / "chaos.json").write_text(chain.tally.to_json())
    return chain
