"""The plans of all environments, rendered once."""

from pathlib import Path

import pytest

from terraform.estate.plan import Estate
from tests.cloud.terraform_runner import find_terraform
from tests.estate.rendering import ENVIRONMENTS, Rendered, render


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The files of the plans; about two and a half minutes."""
    if find_terraform() is None:
        pytest.skip("Terraform is not on PATH: no plan is rendered")
    return render(tmp_path_factory.mktemp("plans"), tmp_path_factory.mktemp("rendering"))


@pytest.fixture(scope="session")
def files(rendered: Rendered) -> list[Path]:
    """The files alone."""
    return list(rendered.files.values())


@pytest.fixture(scope="session")
def estates(rendered: Rendered) -> dict[str, Estate]:
    """The estate of each environment."""
    return {name: rendered.estate(name) for name in ENVIRONMENTS}
