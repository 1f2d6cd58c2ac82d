"""What is remembered beside moto's own: on its objects, so that it is copied, deleted and reset with them."""

from typing import Any

from moto.core.base_backend import BaseBackend

PREFIX = "local_cloud_"
Record = dict[str, Any]


def note(thing: object, name: str, value: object) -> None:
    """Remember a value with an object of moto."""
    vars(thing)[PREFIX + name] = value


def noted(thing: object, name: str, default: Any = None) -> Any:  # noqa: ANN401 - whatever was noted
    """What was remembered with an object of moto."""
    return vars(thing).get(PREFIX + name, default)


def kept_on(backend: BaseBackend, kind: str) -> dict[str, Record]:
    """Records of a kind that a service of moto lacks, kept with the service."""
    records: dict[str, Record] = vars(backend).setdefault(PREFIX + kind, {})
    return records
