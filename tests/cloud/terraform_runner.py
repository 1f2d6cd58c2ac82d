"""Runs Terraform on a copy of a root against the local cloud.

Nothing of the machine's own AWS settings reaches Terraform: its environment is written here, and the one variable
AWS_ENDPOINT_URL sends every service of the provider to the local cloud, so that none can be forgotten in a list.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cloud.local_cloud.server import ACCOUNT_ID, ROOT, LocalCloud
from tests.cloud.terraform_reports import ApplyReport, Plan

PLACES_OF_PROVIDERS = (Path("/opt"), Path("/usr"))
MIRROR = "registry.terraform.io"
DOWNLOADED = ROOT / ".cache" / "terraform"
"""Where providers from the registry are kept for the next time."""
DEPTH = 5
PROVIDER_BLOCK = re.compile(r'^provider "aws" \{(.*?)^\}', re.MULTILINE | re.DOTALL)
ALIAS = re.compile(r"^\s*alias\s*=\s*(\"\w+\")", re.MULTILINE)
PARALLELISM = 60
"""SQS settles for 25 s a queue; that many wait at once."""
CHANGED = 2
"""What `plan -detailed-exitcode` ends with when it would change something."""
NOT_COPIED = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate*", "*.tfplan")


class TerraformError(Exception):
    """Raised when a command of Terraform fails."""


def find_terraform() -> str | None:
    """The path of Terraform, or None where it is not installed."""
    return shutil.which("terraform")


def find_mirror(places: tuple[Path, ...] = PLACES_OF_PROVIDERS) -> Path | None:
    """A folder of providers on this machine that has the AWS provider; None: Terraform asks its registry."""
    mirrors = (folder for place in places for folder in _folders_named(MIRROR, place, DEPTH))
    return next((folder.parent for folder in mirrors if (folder / "hashicorp" / "aws").is_dir()), None)


def copy_root(root: Path, to: Path) -> Path:
    """A copy of a root's folder without what earlier runs left in it."""
    return Path(shutil.copytree(root, to, ignore=NOT_COPIED, dirs_exist_ok=True))


@dataclass(frozen=True)
class Terraform:
    """Terraform in one folder, which is changed: give it a copy.

    Attributes:
        folder: The root.
        cloud: Where it is applied.
        variables: Files of variables, seen from the folder.
    """

    folder: Path
    cloud: LocalCloud
    variables: tuple[str, ...] = ()

    def init(self) -> None:
        """Write what turns the root to the local cloud, and install providers and modules."""
        DOWNLOADED.mkdir(parents=True, exist_ok=True)
        (self.folder / "terraform.rc").write_text(cli_config(find_mirror()))
        (self.folder / "local_cloud_override.tf").write_text(override(self.folder))
        self._run("init", "-input=false", "-no-color")

    def apply(self) -> ApplyReport:
        """Apply; what failed is in the report."""
        done = self._start("apply", "-auto-approve", "-json", *self._options())
        return ApplyReport.read(done.stdout)

    def plan(self) -> Plan:
        """What an apply would change now."""
        done = self._start("plan", "-detailed-exitcode", "-out=plan.tfplan", "-json", *self._options())
        if done.returncode not in {0, CHANGED}:
            errors = "\n".join(str(failure) for failure in ApplyReport.read(done.stdout).failures)
            raise TerraformError(f"plan in {self.folder} failed:\n{errors}{done.stderr}")
        return Plan.read(self.rendered(), differs=done.returncode == CHANGED)

    def rendered(self) -> dict[str, Any]:
        """The last plan as `terraform show -json` renders it: resources with their values, changes, configuration."""
        return dict(json.loads(self._run("show", "-json", "plan.tfplan")))

    def outputs(self) -> dict[str, Any]:
        """The outputs of the root by name."""
        return {name: output["value"] for name, output in json.loads(self._run("output", "-json")).items()}

    def destroy(self) -> ApplyReport:
        """Destroy; what failed is in the report."""
        done = self._start("destroy", "-auto-approve", "-json", *self._options())
        return ApplyReport.read(done.stdout)

    def _options(self) -> list[str]:
        return ["-input=false", f"-parallelism={PARALLELISM}", *(f"-var-file={name}" for name in self.variables)]

    def _run(self, *arguments: str) -> str:
        done = self._start(*arguments)
        if done.returncode:
            raise TerraformError(f"{arguments[0]} in {self.folder} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = find_terraform()
        if program is None:
            raise TerraformError("Terraform was not found on PATH; cure: install Terraform 1.11 or later")
        return subprocess.run(  # noqa: S603 - Terraform, as it is found
            [program, *arguments], cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False
        )

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        return own | {
            "TF_CLI_CONFIG_FILE": str(self.folder / "terraform.rc"),
            "TF_IN_AUTOMATION": "1",
            "AWS_ENDPOINT_URL": self.cloud.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def cli_config(mirror: Path | None) -> str:
    """Terraform's own settings: providers from the mirror and nowhere else; without one, the registry's."""
    if mirror is None:
        return f"disable_checkpoint = true\nplugin_cache_dir = {json.dumps(str(DOWNLOADED))}\n"
    return f"""\
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path    = {json.dumps(str(mirror))}
    include = ["{MIRROR}/*/*"]
  }}
}}
"""


def override(root: Path) -> str:
    """An override of the root's AWS providers and of its backend: the state stays in the folder."""
    return "\n".join(['terraform {\n  backend "local" {}\n}\n', *map(_provider, _aliases(root))])


def _provider(alias: str | None) -> str:
    named = "" if alias is None else f"  alias = {alias}\n"
    return f"""\
provider "aws" {{
{named}\
  allowed_account_ids         = ["{ACCOUNT_ID}"]
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true
  max_retries                 = 4 # a busy machine drops a connection now and then
}}
"""


def _aliases(root: Path) -> list[str | None]:
    blocks = [block for file in sorted(root.glob("*.tf")) for block in PROVIDER_BLOCK.findall(file.read_text())]
    found = [ALIAS.search(block) for block in blocks]
    return [match[1] if match else None for match in found]


def _folders_named(name: str, place: Path, depth: int) -> Iterator[Path]:
    """Folders of that name at most so deep below a place; one that may not be read is passed over."""
    try:
        folders = [entry for entry in place.iterdir() if entry.is_dir() and not entry.is_symlink()]
    except OSError:
        return
    for folder in folders:
        if folder.name == name:
            yield folder
        elif depth > 1:
            yield from _folders_named(name, folder, depth - 1)
