"""Zip files that are the same bytes whenever and wherever the same content is packed."""

import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

EPOCH = 315_532_800
"""1980-01-01 in UTC, the first moment that a zip can name: the time of every file in every archive."""

MOMENT = (1980, 1, 1, 0, 0, 0)
UNIX = 3
MODE = stat.S_IFREG | 0o644

Content = Path | bytes


def write_zip(target: Path, files: Mapping[PurePosixPath, Content], *, pack: bool = True) -> None:
    """Write files by their names in the archive, in the order of names, with one time and one mode.

    `pack=False` stores them as they are, for what is packed already: the bytes then do not depend on zlib either.
    """
    method = ZIP_DEFLATED if pack else ZIP_STORED
    with ZipFile(target, "w", method) as archive:
        for name in sorted(files, key=str):
            content = files[name]
            entry = ZipInfo(str(name), MOMENT)
            entry.create_system, entry.external_attr, entry.compress_type = UNIX, MODE << 16, method
            archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes(), compresslevel=9)


def files_below(folder: Path, *, under: str = "") -> dict[PurePosixPath, Path]:
    """The files of a folder by their paths from it, put below `under`; what Python caches is left out."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {PurePosixPath(under) / path.relative_to(folder).as_posix(): path for path in found}
