import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from terraform.artifacts.errors import BuildError
from terraform.artifacts.manifest import MANIFEST, Artifact, keep, write_manifest


def test_names_hold_the_hash_and_a_wheel_keeps_the_name_that_pip_reads(tmp_path: Path) -> None:
    files = {"wheel": "claims_etl-1-py3-none-any.whl", "glue_wheels": "x.gluewheels.zip", "job_script": "x.py"}
    digest = hashlib.sha256(b"content").hexdigest()
    kept = []
    for kind, name in files.items():
        (tmp_path / name).write_bytes(b"content")
        kept.append(keep(tmp_path / name, kind, kind, tmp_path / "done").file)  # type: ignore[arg-type]
    assert kept == [
        f"wheel-{digest[:16]}/claims_etl-1-py3-none-any.whl",
        f"glue_wheels-{digest[:16]}.gluewheels.zip",
        f"job_script-{digest[:16]}.py",
    ]
    assert all((tmp_path / "done" / file).read_bytes() == b"content" for file in kept)


def test_the_manifest_says_of_each_what_terraform_asks(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"content")
    write_manifest([Artifact("load", "job_script", "load-1.py", digest.hexdigest(), 7)], tmp_path)
    assert json.loads((tmp_path / MANIFEST).read_text()) == {
        "load": {
            "file": "load-1.py",
            "kind": "job_script",
            "sha256": digest.hexdigest(),
            "sha256_base64": base64.b64encode(digest.digest()).decode(),
            "size": 7,
        }
    }


def test_two_artifacts_of_one_name_are_refused(tmp_path: Path) -> None:
    one = Artifact("load", "job_script", "load-1.py", "00", 7)
    with pytest.raises(BuildError, match="two artifacts are called load"):
        write_manifest([one, replace(one, kind="lambda_function")], tmp_path)
