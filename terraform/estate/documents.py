"""The documents that say what the plans say: docs/compliance.md, the picture and the costs in docs/deployment.md."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from terraform.estate.compliance import JUDGED, compliance_document
from terraform.estate.errors import EstateError
from terraform.estate.picture import pictures
from terraform.estate.plan import Estate
from terraform.estate.prices import cost_table

COMPLIANCE = PurePosixPath("docs/compliance.md")
DEPLOYMENT = PurePosixPath("docs/deployment.md")
CURE = "make estate"


def documents(project: Path, estates: Mapping[str, Estate]) -> dict[PurePosixPath, str]:
    """Path inside the project to text, of each document as it should be."""
    deployment = (project / DEPLOYMENT).read_text(encoding="utf-8")
    for name, part in (("picture", pictures(estates[JUDGED])), ("costs", cost_table(estates))):
        deployment = _with_part(deployment, name, part)
    return {COMPLIANCE: compliance_document(estates), DEPLOYMENT: deployment}


def stale(project: Path, estates: Mapping[str, Estate]) -> tuple[PurePosixPath, ...]:
    """The documents that are missing or say something else than the plans."""
    return tuple(path for path, text in documents(project, estates).items() if _on_disk(project / path) != text)


def write(project: Path, estates: Mapping[str, Estate]) -> None:
    """Write them."""
    for path, text in documents(project, estates).items():
        (project / path).write_text(text, encoding="utf-8", newline="\n")


def _with_part(text: str, name: str, part: str) -> str:
    """A text with the part between its two marks replaced."""
    start, end = f"<!-- {name}: made by {CURE} -->\n", f"<!-- end of {name} -->\n"
    marked = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if len(marked.findall(text)) != 1:
        raise EstateError(f"{DEPLOYMENT} has not once the marks {start.strip()} and {end.strip()}; cure: put them back")
    return marked.sub(lambda _: f"{start}\n{part}\n{end}", text)


def _on_disk(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
