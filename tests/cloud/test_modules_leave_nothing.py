"""A destroy of every module leaves nothing behind; the last of the tests that use what was applied."""

import pytest

from tests.cloud.applied import Applied
from tests.cloud.fixture_roots import REPLICA_REGION
from tests.cloud.inventory import inventory

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_destroy_leaves_nothing(applied: Applied) -> None:
    report = applied.terraform.destroy()
    assert report.failures == ()
    assert inventory(applied.cloud, REPLICA_REGION) - applied.before == set()
