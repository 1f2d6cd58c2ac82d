"""Puts fixtures together to one root: one provider, one key, one apply for all of them.

The key is made beforehand, because every fixture would wait for it.

A fixture (`fixtures/<module>/main.tf`) uses the module of its name, and what that needs, and shows it by outputs. It
takes `name_prefix` and `kms_key_arn`; one that names `configuration_aliases` is given the provider of a second region.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.cloud.local_cloud.server import REGION, ROOT
from tests.cloud.terraform_runner import copy_root

FIXTURES = Path("tests/cloud/fixtures")
MODULES = Path("terraform/modules")
LINKED = ("expectations", "glue_jobs", "lambdas")
"""Folders that Terraform reads files of."""
NAME_PREFIX = "claims-dev"
REPLICA_REGION = "us-west-2"
PROVIDERS = f"""\
terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws", version = ">= 5.100, < 7.0" }}
  }}
}}

provider "aws" {{
  region = "{REGION}"
  default_tags {{
    tags = {{ Project = "claims", Environment = "dev", ManagedBy = "terraform" }}
  }}
}}

provider "aws" {{
  alias  = "replica"
  region = "{REPLICA_REGION}"
}}
"""


def fixtures() -> list[str]:
    """The modules that have a fixture and are there."""
    named = sorted(path.parent.name for path in (ROOT / FIXTURES).glob("*/main.tf"))
    return [name for name in named if (ROOT / MODULES / name / "main.tf").is_file()]


def copy_repository(folder: Path) -> None:
    """Write a copy of the repository, as far as Terraform reads it: its roots and modules find what they look for."""
    copy_root(ROOT / "terraform", folder / "terraform")
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)


def make_root(names: Sequence[str], folder: Path, key_arn: str) -> Path:
    """Write a root of these fixtures, with copies of all it reads, and say where it is.

    Args:
        names: The modules.
        folder: Where; it becomes a copy of the repository, as far as Terraform reads it.
        key_arn: The key that fixtures encrypt with.
    """
    copy_repository(folder)
    copy_root(ROOT / FIXTURES, folder / FIXTURES)
    _zip_package(folder / FIXTURES / "package.zip")
    root = folder / "root"
    root.mkdir()
    (root / "main.tf").write_text("\n".join([PROVIDERS, *(_call(name, key_arn) for name in names)]))
    return root


def _call(name: str, key_arn: str) -> str:
    has_replica = "configuration_aliases" in (ROOT / FIXTURES / name / "main.tf").read_text()
    providers = "  providers   = { aws = aws, aws.replica = aws.replica }\n" if has_replica else ""
    return f"""\
module "{name}" {{
  source      = "../{FIXTURES / name}"
  name_prefix = "{NAME_PREFIX}-{name.replace("_", "-")}"
  kms_key_arn = "{key_arn}"
{providers}}}

output "{name}" {{
  value     = module.{name}
  sensitive = true
}}
"""


def _zip_package(path: Path) -> None:
    """A package that a function is made of, the same bytes every time."""
    with zipfile.ZipFile(path, "w") as package:
        entry = zipfile.ZipInfo("handler.py", date_time=(2024, 1, 1, 0, 0, 0))
        package.writestr(entry, "def handle(event, context):\n    return event\n")
