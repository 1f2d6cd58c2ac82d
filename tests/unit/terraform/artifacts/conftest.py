"""A small checkout for the tests of the build."""

from pathlib import Path

import pytest

TREE = {
    "LICENSE": "a licence",
    "pyproject.toml": '[project]\ndependencies = ["one>=1"]\n[project.optional-dependencies]\n'
    'jobs = ["spark==3.5.6", "two[more]~=2.0"]\nquality = ["three"]\nlambdas = ["boto3"]\n',
    "requirements.lock": "# made by a tool\none==1.5 \\\n    --hash=sha256:11 \\\n    --hash=sha256:12\n    # via two\n"
    'two==2.0 ; python_full_version < "3.12" \\\n    --hash=sha256:20\n'
    'two==2.1 ; python_full_version >= "3.12" \\\n    --hash=sha256:21\n',
    "expectations/__init__.py": "",
    "expectations/contract.py": "import json\nfrom expectations import errors\n",
    "expectations/errors.py": "",
    "expectations/rules.py": "from expectations.contract import load\n",
    "expectations/untouched.py": "",
    "expectations/sources/tpa.json": "{}",
    "expectations/suites/claim.json": "{}",
    "expectations/tables/claim.json": "{}",
    "expectations/schemas/table.schema.json": "{}",
    "glue_jobs/__init__.py": "",
    "glue_jobs/jobs/__init__.py": "",
    "glue_jobs/jobs/load.py": 'import expectations.contract\nif __name__ == "__main__":\n    pass\n',
    "glue_jobs/jobs/step.py": 'STARTED = """if __name__ == "__main__":"""\n',
    "lambdas/__init__.py": "",
    "lambdas/common/__init__.py": "",
    "lambdas/common/events.py": "",
    "lambdas/common/clock.py": "",
    "lambdas/common/fields.json": "[]",
    "lambdas/trigger/__init__.py": "",
    "lambdas/trigger/handler.py": "import boto3\nfrom lambdas.common import events\n"
    "def handle():\n    from expectations.contract import load\n",
    "lambdas/trigger/batch.py": "",
    "lambdas/validation/__init__.py": "",
    "lambdas/validation/handler.py": "import expectations.rules\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small checkout with two Lambdas and one job."""
    root = tmp_path / "checkout"
    for name, text in TREE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root
