"""A PostgreSQL of its own for a test, by the machine's installation; it is gone with the test."""

import csv
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

ACCOUNT = "postgres"
NULL = "\\N"


def postgres_tools() -> Path | None:
    """The folder of initdb, pg_ctl and psql; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class Postgres:
    """A running server, reached by a socket in its folder."""

    tools: Path
    folder: Path

    def run(self, sql: str) -> list[list[str]]:
        """Run statements as one transaction; the rows of what they select. A failure has PostgreSQL's own words."""
        command = ["psql", "-h", str(self.folder), "-U", ACCOUNT, "-d", "postgres", "-qAtX", "-F", "\t", "-1"]
        answer = subprocess.run(  # noqa: S603 - the machine's own psql
            [str(self.tools / command[0]), *command[1:], "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=f"SET client_min_messages = warning; SET timezone = 'UTC';\n{sql}",
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            raise AssertionError(answer.stderr)
        return [line.split("\t") for line in answer.stdout.splitlines()]

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Let a table hold these rows and no others."""
        path = self.folder / "rows.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([NULL if value is None else value for value in row] for row in rows)
        names = ", ".join(columns)
        self.run(f"DELETE FROM {table};\n\\copy {table} ({names}) FROM '{path}' WITH (FORMAT csv, NULL '{NULL}')\n")  # noqa: S608 - a test's own names


@contextmanager
def running_postgres(tools: Path) -> Iterator[Postgres]:
    """Make a server, and take it away again. It does not run as root: there it runs as PostgreSQL's own user."""
    folder = Path(mkdtemp(prefix="postgres-", dir="/tmp"))  # short: it is in the path of a socket
    user = ACCOUNT if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"

    def tool(*command: str) -> None:
        subprocess.run(  # noqa: S603 - the machine's own tools
            [str(tools / command[0]), *command[1:]],
            check=True,
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    try:
        tool("initdb", "-D", str(data), "-U", ACCOUNT, "-A", "trust", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        tool("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", settings, "start")
        try:
            yield Postgres(tools, folder)
        finally:
            tool("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
