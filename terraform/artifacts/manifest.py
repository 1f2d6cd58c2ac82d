"""What was built, by name: the files under names that hold their content's hash, and the list that Terraform reads."""

import base64
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from terraform.artifacts.errors import BuildError

MANIFEST = "artifacts.json"
SHORT = 16
"""Hexadecimal digits of the SHA-256 in a name: two contents with one name would take 2 ** 32 builds."""

Kind = Literal["wheel", "job_script", "glue_wheels", "lambda_function", "lambda_layer"]


@dataclass(frozen=True)
class Artifact:
    """One file: `file` is its path from the manifest, and the end of its key in the bucket."""

    name: str
    kind: Kind
    file: str
    sha256: str
    size: int


def keep(path: Path, name: str, kind: Kind, folder: Path) -> Artifact:
    """Move a file into `folder` under a name that holds its hash.

    The name of a wheel says what is in it, to pip and to Glue: the hash is that of its folder.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    place = f"{name}-{digest[:SHORT]}"
    file = f"{place}/{path.name}" if kind == "wheel" else f"{place}{_ending(path)}"
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, folder / file)
    return Artifact(name, kind, file, digest, len(content))


def write_manifest(artifacts: Sequence[Artifact], folder: Path) -> None:
    """Write the list; Lambda compares code by its SHA-256 in base64, so it is there in that form too.

    Raises:
        BuildError: two artifacts have one name.
    """
    twice = [name for name, times in Counter(artifact.name for artifact in artifacts).items() if times > 1]
    if twice:
        raise BuildError(f"two artifacts are called {', '.join(twice)}; cure: rename the folder of the Lambda")
    listed = {
        artifact.name: {
            "file": artifact.file,
            "kind": artifact.kind,
            "sha256": artifact.sha256,
            "sha256_base64": base64.b64encode(bytes.fromhex(artifact.sha256)).decode(),
            "size": artifact.size,
        }
        for artifact in artifacts
    }
    (folder / MANIFEST).write_text(json.dumps(listed, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _ending(path: Path) -> str:
    """All that follows the first dot: `.gluewheels.zip` tells Glue what the file is."""
    return "".join(path.suffixes)
