"""Claims files of any size.

`python -m benchmarks.claims_generator FOLDER --lines 1000000 [--months 24] [--files 1] ...`, or --help.
The same options are the same bytes. Files are numbered in the order of the claims' days; `--files` as many as
`--months` are about monthly deliveries: the claims of a month, and corrections of claims of the two before. Memory does
not grow with the lines. The files are read by the declarations `generated_claims` and `generated_claims_json` in
benchmarks/sources.
"""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Literal

import typer

from benchmarks.generated_claims import MOST_MONTHS, Columns, GeneratedClaims, Recipe
from benchmarks.invented_lines import LINES_A_CLAIM

CHUNK = 99_999
"""Lines that are made at a time, whole claims."""

Format = Literal["csv", "ndjson"]
SOURCES: dict[Format, str] = {"csv": "generated_claims", "ndjson": "generated_claims_json"}
"""Which declaration reads which format."""
Writer = IO[bytes] | gzip.GzipFile


def write_claims(  # noqa: PLR0913 - what, where, and four things about its form
    recipe: Recipe, folder: Path, *, files: int = 1, only: int = 0, form: Format = "csv", packed: bool = False
) -> list[Path]:
    """Write the claims of a recipe as so many files, or the `only` one of that number; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    claims = GeneratedClaims(recipe)
    written = []
    for number in [only] if only else range(1, files + 1):
        path = folder / f"claims_{number:05d}.{form}{'.gz' if packed else ''}"
        first, end = (recipe.claims * part // files * LINES_A_CLAIM for part in (number - 1, number))
        with _opened(path, packed=packed) as file:
            _write_lines(claims, file, (first, min(end, recipe.lines)), form)
        written.append(path)
    return written


def _write_lines(claims: GeneratedClaims, file: Writer, lines: tuple[int, int], form: Format) -> None:
    first, end = lines
    for start in range(first, end, CHUNK):
        columns = claims.columns(start, min(start + CHUNK, end))
        if form == "csv" and start == first:
            file.write(f"{','.join(columns)}\n".encode())
        file.write("".join(_rows(columns, form)).encode())


def _rows(columns: Columns, form: Format) -> Iterator[str]:
    """Rows as text. No value needs quotes in CSV, or an escape in JSON: all are our own."""
    rows = zip(*columns.values(), strict=True)
    if form == "csv":
        return (f"{','.join(row)}\n" for row in rows)
    template = "{" + ",".join(f'"{name}":"%s"' for name in columns) + "}\n"
    return (template % row for row in rows)


@contextmanager
def _opened(path: Path, *, packed: bool) -> Iterator[Writer]:
    with path.open("wb") as file:
        if not packed:
            yield file
            return
        # without name and time, which gzip would write into the file
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as compressed:
            yield compressed


def main(  # noqa: PLR0913 - one option each
    folder: Annotated[Path, typer.Argument(help="Where the files are written.")],
    *,
    lines: Annotated[int, typer.Option(min=1, help="Claim lines, those that are sent again not counted.")] = 100_000,
    months: Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="Months of service, from January 2020.")] = 24,
    corrections: Annotated[float, typer.Option(min=0, max=0.9, help="Share of claims that replace another.")] = 0.02,
    duplicates: Annotated[float, typer.Option(min=0, max=1, help="Share of lines after which one is resent.")] = 0.01,
    broken: Annotated[float, typer.Option(min=0, max=1, help="Share of lines that must be quarantined.")] = 0.005,
    payers: Annotated[int, typer.Option(min=1)] = 40,
    providers: Annotated[int, typer.Option(min=1)] = 20_000,
    skew: Annotated[float, typer.Option(min=0, help="Zipf's exponent of payers and providers; 0: all alike.")] = 1.1,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is other claims.")] = 7,
    form: Annotated[Format, typer.Option("--format")] = "csv",
    packed: Annotated[bool, typer.Option("--gzip", help="Compress the files.")] = False,
    files: Annotated[int, typer.Option(min=1, help="Number of files.")] = 1,
    only: Annotated[int, typer.Option(min=0, help="Write the file of this number only, as it is among all.")] = 0,
) -> None:
    """Write claims files that are the same bytes whenever they are asked for in the same way."""
    if only > files:
        raise typer.BadParameter(f"there are {files} files", param_hint="--only")
    recipe = Recipe(lines, months, seed, corrections, duplicates, broken, payers, providers, skew)
    for path in write_claims(recipe, folder, files=files, only=only, form=form, packed=packed):
        sys.stdout.write(f"{path}  {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    typer.run(main)
