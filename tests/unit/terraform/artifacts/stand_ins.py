"""What stands for uv, pip and setuptools in the tests of the build, and a look into a zip."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from importlib.util import cache_from_source
from pathlib import Path


class FakeTool:
    """Stands for `run_tool`: keeps what it was asked and the requirements that it was given, and says `answer`."""

    def __init__(self, answer: str = "") -> None:
        self.answer = answer
        self.arguments: list[str] = []
        self.text: str | None = None
        self.requirements = ""
        self.environment: Mapping[str, str] = {}

    def __call__(
        self,
        arguments: Sequence[str],
        doing: str,
        *,
        text: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        assert doing
        self.arguments, self.text, self.environment = list(arguments), text, environment or {}
        if "--requirement" in arguments:
            self.requirements = Path(self.after("--requirement")[0]).read_text()
        return self.answer

    def after(self, option: str) -> list[str]:
        """The values of an option, each time it was given."""
        return [value for name, value in zip(self.arguments, self.arguments[1:], strict=False) if name == option]


def one_file(name: str) -> Callable[[str, Path], None]:
    """Stands for pip or uv: leaves one file that holds what was asked of it."""

    def supply(requirements: str, folder: Path) -> None:
        (folder / name).write_text(requirements)

    return supply


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def sources(archive: Path) -> list[str]:
    """The names in a zip without those of compiled modules; each module is compiled."""
    found = names(archive)
    plain = [name for name in found if not name.endswith(".pyc")]
    compiled = {cache_from_source(name) for name in plain if name.endswith(".py")}
    assert compiled == set(found) - set(plain)
    return plain
