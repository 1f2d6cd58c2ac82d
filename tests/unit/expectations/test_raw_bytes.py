"""What a file is told to be by its bytes: compression, encoding, or no text at all."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from hashlib import sha256

import pytest

from expectations.contract import FileFormat
from expectations.errors import FileRefusedError
from expectations.raw_bytes import CHUNK_BYTES, Gunzip, StoredBytes
from expectations.raw_files import RawFileFacts, scan

CSV = FileFormat(type="csv")
NDJSON = FileFormat(type="ndjson")
PACKED = gzip.compress(b"a,b\n1,2\n")


def zipped(name: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(name, "a,b\n1,2\n")
    return sink.getvalue()


def scanned(data: bytes, file_format: FileFormat = CSV, chunk_bytes: int = CHUNK_BYTES) -> RawFileFacts:
    return scan(lambda: io.BytesIO(data), "f.csv", file_format, chunk_bytes=chunk_bytes)


def test_stored_bytes_are_counted_and_hashed_while_they_pass() -> None:
    stored = StoredBytes(io.BytesIO(b"abcde"), 2)

    assert [*stored] == [b"ab", b"cd", b"e"]
    assert (stored.size_bytes, stored.sha256) == (5, sha256(b"abcde").hexdigest())


REFUSED = {
    "empty": (b"", CSV, "empty"),
    "only a mark": (b"\xef\xbb\xbf", CSV, "empty"),
    "empty gzip": (gzip.compress(b""), CSV, "empty"),
    "zip": (zipped("claims.csv"), CSV, "not_text"),
    "workbook": (zipped("[Content_Types].xml"), CSV, "not_text"),
    "Parquet": (b"PAR1\x15\x04\x15", CSV, "not_text"),
    "PDF": (b"%PDF-1.7\n", CSV, "not_text"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", CSV, "not_text"),
    "bzip2": (bz2.compress(b"a,b\n"), CSV, "not_text"),
    "xz": (lzma.compress(b"a,b\n"), CSV, "not_text"),
    "zstd": (b"\x28\xb5\x2f\xfd\x04\x00", CSV, "not_text"),
    "zip in gzip": (gzip.compress(zipped("claims.csv")), CSV, "not_text"),
    "gzip in gzip": (gzip.compress(gzip.compress(b"a,b\n")), CSV, "not_text"),
    "truncated gzip": (gzip.compress(b"a,b\n1,2\n")[:-5], CSV, "gzip_truncated"),
    "wrong checksum": (gzip.compress(b"a,b\n1,2\n")[:-8] + bytes(8), CSV, "gzip_corrupt"),
    "second member truncated": (gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n")[:-3], CSV, "gzip_truncated"),
    "UTF-16 without mark": ("a,b\n1,2\n".encode("utf-16-le"), CSV, "unreadable_encoding"),
    "UTF-16 BE without mark": ("a,b\n1,2\n".encode("utf-16-be"), NDJSON, "unreadable_encoding"),
    "tar": (b"claims.csv".ljust(257, b"\0") + b"ustar\x0000", CSV, "not_text"),
}


@pytest.mark.parametrize("chunk_bytes", [1, CHUNK_BYTES])
@pytest.mark.parametrize(("data", "file_format", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_readable_text_is_refused_in_one_line_with_a_cure(
    data: bytes, file_format: FileFormat, reason: str, chunk_bytes: int
) -> None:
    with pytest.raises(FileRefusedError, match=r"^f\.csv: .+; expected .+; cure: .+$") as refused:
        scanned(data, file_format, chunk_bytes)

    assert refused.value.reason == reason


ENCODINGS = {
    "UTF-16 LE": ("\ufeff", "utf-16-le", (), "utf16_or_32"),
    "UTF-16 BE": ("\ufeff", "utf-16-be", (), "utf16_or_32"),
    "UTF-32 LE": ("\ufeff", "utf-32-le", (), "utf16_or_32"),
    "UTF-32 BE": ("\ufeff", "utf-32-be", (), "utf16_or_32"),
    "declared UTF-16": ("", "utf-16-le", ("utf-16-le",), "utf16_or_32"),
    "declared EBCDIC": ("", "cp037", ("cp037",), "other_encoding"),
}


@pytest.mark.parametrize("chunk_bytes", [1, 7, CHUNK_BYTES])
@pytest.mark.parametrize(("mark", "encoding", "declared", "reason"), ENCODINGS.values(), ids=ENCODINGS)
def test_an_encoding_that_is_not_ascii_based_is_told_by_its_mark_or_its_declaration(
    mark: str, encoding: str, declared: tuple[str, ...], reason: str, chunk_bytes: int
) -> None:
    file_format = FileFormat(type="csv", encodings=declared or ("utf-8", "cp1252"))

    facts = scanned((mark + "a,b\n1,2\n").encode(encoding), file_format, chunk_bytes)

    assert (facts.encoding, [*facts.rewrite_reasons], facts.header_line) == (encoding, [reason], "a,b")
    assert (facts.record_count, facts.line_count) == (1, 2)


GZIP_WARNINGS = {
    "bytes after the gzip data": (gzip.compress(b"a,b\n1,2\n") + b"junk", CSV, ["gzip_trailing_bytes"]),
    "one byte after the gzip data": (gzip.compress(b"a,b\n1,2\n") + b"\x1f", CSV, ["gzip_trailing_bytes"]),
    "zeros after the gzip data": (gzip.compress(b"a,b\n1,2\n") + bytes(512), CSV, []),
    "zeros between members": (gzip.compress(b"a,b\n") + bytes(9) + gzip.compress(b"1,2\n"), CSV, []),
}


@pytest.mark.parametrize("chunk_bytes", [1, 7, CHUNK_BYTES])
@pytest.mark.parametrize(("data", "file_format", "warnings"), GZIP_WARNINGS.values(), ids=GZIP_WARNINGS)
def test_bytes_after_the_gzip_data_are_warned_of_unless_they_are_padding(
    data: bytes, file_format: FileFormat, warnings: list[str], chunk_bytes: int
) -> None:
    facts = scanned(data, file_format, chunk_bytes)

    assert [*facts.warnings] == warnings
    assert (facts.record_count, facts.size_bytes, facts.compression) == (1, len(data), "gzip")


@pytest.mark.parametrize("length", range(2, len(PACKED)))
def test_a_gzip_file_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(FileRefusedError, match="gzip"):
        scanned(PACKED[:length])


def test_a_flipped_bit_never_changes_the_content_unseen() -> None:
    for bit in range(len(PACKED) * 8):
        data = bytearray(PACKED)
        data[bit // 8] ^= 1 << bit % 8
        try:
            content = b"".join(Gunzip([bytes(data)], "f.csv"))
        except FileRefusedError:
            continue
        assert content == b"a,b\n1,2\n"


@pytest.mark.parametrize("size", [CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_unpacked_chunks_stay_small_however_well_the_data_is_packed(size: int) -> None:
    content = bytes(range(256)) + bytes(size - 256)

    chunks = [*Gunzip([zlib.compress(content, wbits=31)], "f.csv")]

    assert b"".join(chunks) == content
    assert max(map(len, chunks)) <= CHUNK_BYTES
