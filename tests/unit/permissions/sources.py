"""Small programs that the reader of AWS calls is tried on."""

import textwrap
from pathlib import Path

from tests.permissions.code_index import CodeIndex
from tests.permissions.reached_calls import Reached, reached_from

SHARED = {
    "lambdas/common/settings.py": """
        class Settings:
            environment: str
            @classmethod
            def read(cls, environment) -> Self: ...
        """,
    "lambdas/common/object_store.py": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from mypy_boto3_s3 import S3Client
        class ObjectStore:
            def __init__(self, client: "S3Client") -> None:
                self._client = client
            def read(self, uri: str) -> bytes:
                return self._client.get_object(Bucket=uri)
            def write(self, uri: str, content: bytes) -> None:
                self._client.put_object(Bucket=uri, Body=content)
            def delete(self, uri: str) -> None:
                self._client.delete_object(Bucket=uri)
            def list(self, uri: str) -> list[str]:
                return [found for found in self._client.get_paginator("list_objects_v2").paginate(Bucket=uri)]
        """,
}
HANDLER = "lambdas.ours.handler"


def read(folder: Path, handler: str, **modules: str) -> Reached:
    """What `handle` of a handler reaches; other modules of its package are given by name."""
    files = SHARED | {f"lambdas/ours/{name}.py": text for name, text in {"handler": handler, **modules}.items()}
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    return reached_from(CodeIndex(folder, ("lambdas",)), HANDLER, "handle")


def called(reached: Reached) -> set[str]:
    """The calls as `service.method`, with the argument that names an operation."""
    return {f"{one.service}.{one.method}" + (f"({one.argument})" if one.argument else "") for one in reached.calls}
