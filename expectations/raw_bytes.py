"""The bytes of a raw file: counted and hashed as stored, unpacked, and in an encoding whose line ends are ASCII's.

Everything passes in chunks, so a file of any size takes the same memory.
"""

import codecs
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import BinaryIO

from expectations.errors import ContractError, FileRefusedError

CHUNK_BYTES = 8 * 1024**2
HEAD_BYTES = 4096
GZIP_MAGIC = b"\x1f\x8b"
UTF8 = "utf-8"
UTF8_WITH_MARK = "utf-8-sig"
_VISIBLE_BYTES = "claims.visible_bytes"

# UTF-32 first: its little-endian mark begins with that of UTF-16
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, UTF8_WITH_MARK),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TEXT = (
    (rb"PK(?:\x03\x04|\x05\x06).*?\[Content_Types\]", "an Excel workbook", "export the sheet as CSV"),
    (rb"PK(?:\x03\x04|\x05\x06)", "a zip archive", "unpack it and send the files"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", "export the sheet as CSV"),
    (rb"PAR1[^ -~\t\r\n]", "a Parquet file", "export it as CSV or NDJSON"),
    (rb"Obj\x01", "an Avro file", "export it as CSV or NDJSON"),
    (rb"%PDF-", "a PDF document", "export the data as CSV or NDJSON"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and send the files"),
    (rb"BZh[1-9]1AY&SY", "bzip2 data", "unpack it, or pack it with gzip"),
    (rb"\xfd7zXZ\x00", "xz data", "unpack it, or pack it with gzip"),
    (rb"\x28\xb5\x2f\xfd", "zstd data", "unpack it, or pack it with gzip"),
    (rb".{257}ustar", "a tar archive", "unpack it and send the files"),
)


class RefusalReason(StrEnum):
    """Stable codes of `FileRefusedError.reason`."""

    EMPTY = "empty"
    NOT_TEXT = "not_text"
    GZIP_TRUNCATED = "gzip_truncated"
    GZIP_CORRUPT = "gzip_corrupt"
    UNREADABLE_ENCODING = "unreadable_encoding"
    WRONG_DELIMITER = "wrong_delimiter"
    NOT_NDJSON = "not_ndjson"
    MISSING_COLUMN = "missing_column"
    DUPLICATE_COLUMN = "duplicate_column"
    CONTROL_TOTALS = "control_totals"
    CHANGED = "changed"


def refusal(reason: RefusalReason, name: str, found: str, expected: str, cure: str) -> FileRefusedError:
    """The error for a refused file, one line; none of the texts may hold a value of a record."""
    return FileRefusedError(reason.value, f"{name}: {found}; expected {expected}; cure: {cure}")


class StoredBytes:
    """The bytes of a file as they are stored, in chunks, counted and hashed while they pass."""

    def __init__(self, stream: BinaryIO, chunk_bytes: int) -> None:
        self._stream = stream
        self._chunk_bytes = chunk_bytes
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._stream.read(self._chunk_bytes):
            self.size_bytes += len(chunk)
            self._digest.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the bytes that have passed."""
        return self._digest.hexdigest()


class Gunzip:
    """The content of a gzip file of one or more members, zero padding allowed; FileRefusedError where it is damaged.

    What follows the last member and is not gzip is left out, and `has_trailing_bytes` says so.
    """

    def __init__(self, chunks: Iterable[bytes], name: str) -> None:
        self._chunks = chunks
        self._name = name
        self.has_trailing_bytes = False

    def __iter__(self) -> Iterator[bytes]:
        member, between = zlib.decompressobj(31), b""
        for chunk in self._chunks:
            data = between + chunk
            between = b""
            while data and not self.has_trailing_bytes:
                if member.eof:
                    data = data.lstrip(b"\0")
                    if GZIP_MAGIC.startswith(data):
                        between = data
                        break
                    if not data.startswith(GZIP_MAGIC):
                        self.has_trailing_bytes = True
                        break
                    member = zlib.decompressobj(31)
                yield from self._inflate(member, data)
                data = member.unused_data
        self.has_trailing_bytes |= bool(between)
        if not member.eof:
            raise refusal(
                RefusalReason.GZIP_TRUNCATED,
                self._name,
                "gzip data that ends in the middle",
                "a complete gzip file",
                "send the file again",
            )

    def _inflate(self, member: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
        content = b""
        # zlib may hold back output after it took all input, so an empty tail alone is not the end
        while not member.eof and (data or len(content) == CHUNK_BYTES):
            try:
                content = member.decompress(data, CHUNK_BYTES)
            except zlib.error as error:
                raise refusal(
                    RefusalReason.GZIP_CORRUPT,
                    self._name,
                    "gzip data that is damaged (code or checksum)",
                    "an intact gzip file",
                    "send the file again",
                ) from error
            data = member.unconsumed_tail
            yield content


def _with_head(chunks: Iterable[bytes], length: int = HEAD_BYTES) -> tuple[bytes, Iterator[bytes]]:
    rest, head = iter(chunks), b""
    for chunk in rest:
        head += chunk
        if len(head) >= length:
            break
    return head, chain((head,), rest)


@dataclass(frozen=True)
class OpenedText:
    """The text of a file as ASCII-based chunks, the encoding it was stored in, and its unpacking, if it needs any."""

    chunks: Iterator[bytes]
    encoding: str
    gunzip: Gunzip | None


def open_text(stored: StoredBytes, name: str, declared: str) -> OpenedText:
    """Tell compression and encoding by the first bytes; FileRefusedError where they are not those of text."""
    head, chunks = _with_head(stored)
    gunzip = Gunzip(chunks, name) if head.startswith(GZIP_MAGIC) else None
    if gunzip:
        head, chunks = _with_head(gunzip)
    _refuse_what_is_no_text(head, name)
    encoding = _encoding_of(head, declared, name)
    return OpenedText(as_ascii_based(chunks, encoding), encoding, gunzip)


def _refuse_what_is_no_text(head: bytes, name: str) -> None:
    if not head:
        raise refusal(RefusalReason.EMPTY, name, "an empty file", "at least one line", "send the file again")
    for magic, found, cure in (*_NOT_TEXT, (re.escape(GZIP_MAGIC), "gzip data inside gzip", "pack it once")):
        if re.match(magic, head[:HEAD_BYTES], re.DOTALL):
            raise refusal(RefusalReason.NOT_TEXT, name, found, "CSV or NDJSON text, plain or gzip", cure)


def _encoding_of(head: bytes, declared: str, name: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    start = head[:HEAD_BYTES]
    half = max(1, len(start) // 2)
    if not is_transcoded(declared) and max(start[0::2].count(0), start[1::2].count(0)) * 2 > half:
        raise refusal(
            RefusalReason.UNREADABLE_ENCODING,
            name,
            "NUL in every other byte and no byte-order mark",
            f"text in {declared}",
            "send UTF-8, or declare utf-16-le or utf-16-be in format.encodings",
        )
    return declared


def check_encodings(declared: tuple[str, ...]) -> None:
    """ContractError where a declared encoding does not exist."""
    for encoding in declared:
        try:
            "".encode(encoding)
        except LookupError as error:
            raise ContractError(f"format.encodings: {encoding!r} is no text encoding; cure: correct it") from error


def record_encodings(encoding: str, declared: tuple[str, ...]) -> tuple[str, ...]:
    """What to try for each record of ASCII-based bytes: the declared encodings, unless the whole file has its own."""
    if encoding == UTF8_WITH_MARK or is_transcoded(encoding):
        return (UTF8,)
    return tuple(codecs.lookup(name).name for name in declared)


def is_transcoded(encoding: str) -> bool:
    """Whether line ends and delimiters are other bytes than in ASCII, as in UTF-16, UTF-32 and EBCDIC."""
    return encoding != UTF8_WITH_MARK and ",\n".encode(encoding) != b",\n"


def as_ascii_based(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The text's chunks with ASCII's line ends: as they are but for a byte-order mark, or made anew in UTF-8."""
    if is_transcoded(encoding):
        yield from _transcoded(chunks, encoding)
        return
    head, rest = _with_head(chunks, len(codecs.BOM_UTF8))
    next(rest)
    yield head.removeprefix(codecs.BOM_UTF8)
    yield from rest


def _transcoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    # what cannot be decoded becomes a byte that is no UTF-8, so that its record is condemned and not the file
    decoder = codecs.getincrementaldecoder(encoding)(_VISIBLE_BYTES)
    mark = "\ufeff"
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.removeprefix(mark).encode("utf-8", "surrogateescape")
            mark = ""
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")


def _visible_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    shown = "".join(f"\\x{byte:02x}" for byte in error.object[error.start : error.end])
    return "\udcff" + shown, error.end


codecs.register_error(_VISIBLE_BYTES, _visible_bytes)
