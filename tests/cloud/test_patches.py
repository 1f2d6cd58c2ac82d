"""Each change to moto is still needed: a new moto that does what AWS does makes these tests fail, and code go."""

import pytest

from tests.cloud import probes_of_runtimes, probes_of_s3  # noqa: F401 - declare their probes
from tests.cloud.local_cloud.dispatcher import load_services, new_services
from tests.cloud.local_cloud.registry import PATCHES, Patch
from tests.cloud.local_cloud.server import LocalCloud
from tests.cloud.probes import PROBES, Probe

load_services()
every_patch = pytest.mark.parametrize("patch", [pytest.param(patch, id=patch.name) for patch in PATCHES])
every_probe = pytest.mark.parametrize("probe", [pytest.param(probe, id=probe.look.__name__) for probe in PROBES])


@every_patch
def test_moto_is_what_a_change_was_written_for(patch: Patch) -> None:
    assert patch.fits


@every_patch
def test_a_change_says_why_it_is_there(patch: Patch) -> None:
    assert patch.expected
    assert patch.moto


def test_no_two_changes_are_of_the_same_thing() -> None:
    names = [patch.name for patch in PATCHES]
    assert len(names) == len(set(names))


def test_each_changed_behaviour_and_each_new_service_has_a_probe() -> None:
    covered = {change for probe in PROBES for change in probe.changes}
    changed = {patch.name for patch in PATCHES if not patch.is_new}
    assert covered == changed | {service.__name__ for service in new_services()}


@every_probe
def test_moto_alone_fails_a_probe(plain_moto: LocalCloud, probe: Probe) -> None:
    assert not probe.passes(plain_moto)


@every_probe
def test_the_local_cloud_passes_a_probe(cloud: LocalCloud, probe: Probe) -> None:
    assert probe.passes(cloud)
