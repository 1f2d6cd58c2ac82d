"""The layer below all Lambdas: what they import of other people's packages, but for what the runtime brings."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from terraform.artifacts.archives import Content, files_below, write_zip
from terraform.artifacts.bytecode import with_bytecode
from terraform.artifacts.locked import PYTHON, Needs
from terraform.artifacts.tools import run_tool

FOLDER = "python"
PLATFORM = "aarch64-manylinux2014"
"""The runtime python3.11 is Amazon Linux 2, whose glibc is 2.26: older than what wheels for Glue may ask for."""

LAMBDAS = Needs(("lambdas",), frozenset({"boto3"}), PLATFORM)

NOT_RUN = frozenset({".pyc", ".pyi", ".typed"})
NOT_READ = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "top_level.txt"})
"""Files of a `.dist-info` that only installers read. Licences, metadata and the tags of the wheel stay."""

NOT_IMPORTED = (
    "aws_lambda_powertools/event_handler",
    *(
        f"aws_lambda_powertools/utilities/{name}"
        for name in (
            "auth_alpha",
            "circuit_breaker",
            "data_classes",
            "feature_flags",
            "idempotency",
            "kafka",
            "parameters",
            "parser",
        )
    ),
    "pydantic/deprecated",
    "pydantic/v1",
    "sqlglot/executor",
)
"""Folders that no function imports when it starts: they are not compiled, which would be a quarter of the layer."""


def install_packages(requirements: str, folder: Path, platform: str = "") -> None:
    """Let uv install locked requirements into a folder, by their hashes, for that platform or for this machine."""
    with TemporaryDirectory() as place:
        lines = Path(place) / "requirements.txt"
        lines.write_text(requirements, encoding="utf-8")
        command = ["uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        command += ["--python-version", PYTHON, "--link-mode", "copy", "--requirement", str(lines)]
        command += ["--python-platform", platform] if platform else []
        run_tool([*command, "--target", str(folder)], "installing the packages of the layer")


def install_for_lambda(requirements: str, folder: Path) -> None:
    """The same for the machines that run Lambdas."""
    install_packages(requirements, folder, PLATFORM)


def write_layer(requirements: str, target: Path, install: Callable[[str, Path], None] = install_for_lambda) -> None:
    """Write the packages of locked requirements to a zip, compiled, but for what no function reads."""
    with TemporaryDirectory() as place:
        install(requirements, Path(place))
        files = files_below(Path(place), under=FOLDER).items()
        kept: dict[PurePosixPath, Content] = {name: path for name, path in files if _is_read(name)}
        write_zip(target, with_bytecode(kept, [f"{FOLDER}/{folder}" for folder in NOT_IMPORTED]))


def _is_read(name: PurePosixPath) -> bool:
    _, *folders, last = name.parts
    if not folders:
        return name.suffix == ".py"
    if folders[0].endswith(".dist-info"):
        return last not in NOT_READ
    return folders[0] != "bin" and "tests" not in folders and name.suffix not in NOT_RUN
