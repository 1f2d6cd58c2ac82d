"""Trino on this machine as Athena has it: Iceberg's tables by Glue's catalog and S3, here those of the local cloud."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import trino

from expectations.object_keys import NAMESPACE
from tests.cloud.local_cloud.server import REGION
from tests.cloud.query_engine.answers import Answer
from tests.cloud.query_engine.packages import java, server

CATALOG = "awsdatacatalog"
HOST = "127.0.0.1"
SECONDS_TO_START = 240.0
LOOK_SECONDS = 0.5
# Short lives: what is compiled quickly, and one thread that cleans up, take half the time of Trino's own settings.
JAVA_OPTIONS = (
    "-Xmx768m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djdk.attach.allowAttachSelf=true",
    "-Duser.timezone=UTC",
    "--enable-native-access=ALL-UNNAMED",
)
# Java takes the shell's place; it is killed when the standard input of who started it ends.
ENDS_WITH_INPUT = 'exec 3<&0; (cat <&3 >/dev/null; kill -9 -$$) & exec 3<&- </dev/null; exec "$@"'


class EngineError(Exception):
    """Raised when Trino does not start."""


@dataclass
class Engine:
    """A Trino that runs, or is about to."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    is_ready: bool = False

    def answer(self, sql: str) -> Answer:
        """The answer to one statement; waits for the start where that is not over."""
        self.wait()
        connection = trino.dbapi.connect(  # type: ignore[no-untyped-call]  # the client has no types for it
            host=HOST, port=self.port, user="tests", catalog=CATALOG, schema=NAMESPACE, timezone="UTC"
        )
        with closing(connection), closing(connection.cursor()) as cursor:
            rows = cursor.execute(sql).fetchall()
            return Answer.of([column.name for column in cursor.description], rows)

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            EngineError: it ended, or does not answer in time.
        """
        limit = time.monotonic() + SECONDS_TO_START
        while not self.is_ready:
            told = self.log.read_text(errors="replace")
            self.is_ready = "SERVER STARTED" in told
            if self.process.poll() is not None or time.monotonic() > limit:
                end = "\n".join(told.splitlines()[-15:])
                raise EngineError(f"Trino does not answer; cure: read {self.log}, which ends with:\n{end}")
            time.sleep(0 if self.is_ready else LOOK_SECONDS)


@contextmanager
def running_engine(cloud_url: str, folder: Path) -> Iterator[Engine]:
    """A Trino for the time of the block, on the cloud at that address; it starts while the block goes on."""
    port = _free_port()
    _write(folder / "config.properties", _config(port, folder))
    _write(folder / "catalog" / f"{CATALOG}.properties", _catalog(cloud_url))
    place, log = server(), folder / "trino.log"
    command = [
        str(java()),
        *JAVA_OPTIONS,
        f"-Dconfig={folder / 'config.properties'}",
        f"-Dplugin.dir={place / 'plugin'}",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own Java with Trino
            ["/bin/sh", "-c", ENDS_WITH_INPUT, "sh", *command, "-cp", f"{place}/lib/*", "io.trino.server.TrinoServer"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Engine(port, process, log)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdin is not None
        process.stdin.close()


def _config(port: int, folder: Path) -> dict[str, str]:
    return {
        "node.environment": "tests",
        "node.internal-address": HOST,
        "node.bind-ip": HOST,
        "coordinator": "true",
        "node-scheduler.include-coordinator": "true",
        "discovery.uri": f"http://{HOST}:{port}",
        "http-server.http.port": str(port),
        "catalog.config-dir": str(folder / "catalog"),
        "query.max-memory-per-node": "256MB",
        "memory.heap-headroom-per-node": "200MB",
        "task.concurrency": "2",
    }


def _catalog(cloud_url: str) -> dict[str, str]:
    keys = {"aws-access-key": "test", "aws-secret-key": "test", "region": REGION}
    return {
        "connector.name": "iceberg",
        "iceberg.catalog.type": "glue",
        "iceberg.security": "READ_ONLY",
        # tables change under it, and are read as they are now
        "iceberg.glue.cache-table-metadata": "false",
        "iceberg.metadata-cache.enabled": "false",
        "hive.metastore.glue.endpoint-url": cloud_url,
        "fs.native-s3.enabled": "true",
        "s3.endpoint": cloud_url,
        "s3.path-style-access": "true",
        **{f"{of}.{key}": value for of in ("hive.metastore.glue", "s3") for key, value in keys.items()},
    }


def _write(path: Path, properties: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])
