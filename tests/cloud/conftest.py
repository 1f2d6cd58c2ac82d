"""One local cloud for all tests of this folder, moto as it comes beside it; the modules and the stack, applied once."""

from collections.abc import Iterator

import pytest

from tests.cloud.applied import Applied, apply_all
from tests.cloud.fixture_roots import fixtures
from tests.cloud.local_cloud.server import LocalCloud, running_cloud
from tests.cloud.pipeline import Pipeline
from tests.cloud.stack import Stack, apply_stack
from tests.cloud.terraform_runner import find_terraform

TIME_SCALE = 0.02
"""A minute of AWS's waits is a good second."""


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The local cloud."""
    with running_cloud(tmp_path_factory.mktemp("cloud") / "cloud.log", time_scale=TIME_SCALE) as running:
        yield running


@pytest.fixture(scope="session")
def plain_moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """Moto without what we add to it."""
    with running_cloud(tmp_path_factory.mktemp("plain") / "moto.log", plain=True) as running:
        yield running


@pytest.fixture(scope="session")
def applied(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Applied:
    """Every module's fixture, applied in one root and planned again; the last file of these tests destroys them."""
    if find_terraform() is None:
        pytest.skip("Terraform is not installed")
    if not fixtures():
        pytest.skip("there are no modules of Terraform")
    return apply_all(cloud, tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def stack(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The development stack, applied once; the last test of the last file destroys it."""
    if find_terraform() is None:
        pytest.skip("Terraform is not on PATH: the stack is not applied")
    return apply_stack(cloud, tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="module")
def pipeline(stack: Stack) -> Iterator[Pipeline]:
    """The stack, used; messages of all topics are heard."""
    used = Pipeline(stack)
    used.listen()
    yield used
    used.stop_listening()
