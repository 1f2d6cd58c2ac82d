"""Reads Avro object container files in plain Python: enough for the manifests of Iceberg tables, and no more.

The readers of the crash tests share no code with Spark or with Iceberg's own library, so that a fault of theirs shows.
"""

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Schema = str | list[Any] | dict[str, Any]
Names = dict[str, Schema]

MAGIC = b"Obj\x01"
SYNC_BYTES = 16


class _Bytes:
    """Avro's primitive values, one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def __bool__(self) -> bool:
        return self._place < len(self._content)

    def take(self, length: int) -> bytes:
        self._place += length
        return self._content[self._place - length : self._place]

    def long(self) -> int:
        shift = folded = 0
        while True:
            byte = self._content[self._place]
            self._place += 1
            folded |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (folded >> 1) ^ -(folded & 1)
            shift += 7

    def bytes(self) -> bytes:
        return self.take(self.long())

    def text(self) -> str:
        return self.bytes().decode()

    def counts(self) -> Iterator[int]:
        """Number of items of each block of an array or a map."""
        while count := self.long():
            if count < 0:  # then the block's length in bytes follows
                self.long()
            yield abs(count)


PRIMITIVES: dict[str, Callable[[_Bytes], object]] = {
    "null": lambda data: None,
    "boolean": lambda data: data.take(1) == b"\x01",
    "int": _Bytes.long,
    "long": _Bytes.long,
    "float": lambda data: struct.unpack("<f", data.take(4))[0],
    "double": lambda data: struct.unpack("<d", data.take(8))[0],
    "bytes": _Bytes.bytes,
    "string": _Bytes.text,
}


def read_avro(path: Path) -> list[dict[str, object]]:
    """The records of the file, in order."""
    data = _Bytes(path.read_bytes())
    if data.take(len(MAGIC)) != MAGIC:
        raise ValueError(f"{path.name} is no Avro file")
    header = {data.text(): data.bytes() for count in data.counts() for _ in range(count)}
    codec = header.get("avro.codec", b"null").decode()
    schema: Schema = json.loads(header["avro.schema"])
    data.take(SYNC_BYTES)
    records: list[dict[str, object]] = []
    while data:
        count, stored = data.long(), data.bytes()
        block = _Bytes(_unpacked(stored, codec))
        names: Names = {}
        for _ in range(count):
            record = _value(block, schema, names)
            assert isinstance(record, dict)
            records.append(record)
        data.take(SYNC_BYTES)
    return records


def _unpacked(stored: bytes, codec: str) -> bytes:
    if codec == "null":
        return stored
    if codec == "deflate":
        return zlib.decompress(stored, wbits=-zlib.MAX_WBITS)
    raise ValueError(f"Avro codec {codec} is not read here; expected null or deflate")


def _value(data: _Bytes, schema: Schema, names: Names) -> object:
    if isinstance(schema, list):
        return _value(data, schema[data.long()], names)
    if isinstance(schema, str):
        return PRIMITIVES[schema](data) if schema in PRIMITIVES else _value(data, names[schema], names)
    if "name" in schema:
        names[schema["name"]] = schema
    kind = schema["type"]
    return COMPLEX[kind](data, schema, names) if kind in COMPLEX else _value(data, kind, names)


def _record(data: _Bytes, schema: dict[str, Any], names: Names) -> object:
    return {field["name"]: _value(data, field["type"], names) for field in schema["fields"]}


def _array(data: _Bytes, schema: dict[str, Any], names: Names) -> object:
    return [_value(data, schema["items"], names) for count in data.counts() for _ in range(count)]


def _map(data: _Bytes, schema: dict[str, Any], names: Names) -> object:
    return {data.text(): _value(data, schema["values"], names) for count in data.counts() for _ in range(count)}


COMPLEX: dict[str, Callable[[_Bytes, dict[str, Any], Names], object]] = {
    "record": _record,
    "array": _array,
    "map": _map,
    "fixed": lambda data, schema, names: data.take(schema["size"]),
    "enum": lambda data, schema, names: schema["symbols"][data.long()],
}
