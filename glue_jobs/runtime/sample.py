"""The small sample that `make run` reads when it is given no input: deterministic, dirty, and with a known outcome.

`write_sample` says what it planted, so that a test can compare a run's account with it, to the record and the cent.
"""

import gzip
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from glue_jobs.runtime.sample_claims import Kind, invent_claims
from glue_jobs.runtime.sample_csv import INSTITUTIONAL, PROFESSIONAL
from glue_jobs.runtime.sample_json import ACME
from glue_jobs.runtime.sample_layouts import Layout, Written

BROKEN_SHARE = 0.005
RESENT_SHARE = 0.005
REMARK_WITH_LINE_BREAK = "one remark,\non two lines"


@dataclass(frozen=True)
class FileFacts:
    """What one file of the sample holds: records, claim lines of the accepted ones, and US dollars that those paid."""

    path: Path
    source: str
    records: int
    quarantined: Mapping[str, int]
    """Records by the id of the one rule that each breaks."""
    resent: int
    claim_lines: int
    paid: Decimal

    @property
    def accepted(self) -> int:
        """Records that are neither quarantined nor resent."""
        return self.records - sum(self.quarantined.values()) - self.resent


@dataclass(frozen=True)
class SampleFacts:
    """What the whole sample holds; totals over its files."""

    files: tuple[FileFacts, ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that were written."""
        return tuple(file.path for file in self.files)

    @property
    def records(self) -> int:
        """Records in all files, good or not."""
        return sum(file.records for file in self.files)

    @property
    def accepted(self) -> int:
        """Records that a run accepts."""
        return sum(file.accepted for file in self.files)

    @property
    def quarantined(self) -> dict[str, int]:
        """Broken records by rule id."""
        return dict(sorted(sum((Counter(file.quarantined) for file in self.files), Counter()).items()))

    @property
    def resent(self) -> int:
        """Records that repeat another one byte by byte."""
        return sum(file.resent for file in self.files)

    @property
    def claim_lines(self) -> int:
        """Claim lines that a run publishes as versions."""
        return sum(file.claim_lines for file in self.files)

    @property
    def paid(self) -> Decimal:
        """US dollars paid on those lines."""
        return sum((file.paid for file in self.files), Decimal("0.00"))


@dataclass(frozen=True)
class _File:
    layout: Layout
    name: str
    prefix: str
    kinds: tuple[Kind, ...]
    months: tuple[int, int]
    share: float
    line_end: str = "\n"
    has_line_break: bool = False


_FIRST_HALF, _SECOND_HALF = (1, 6), (7, 12)
_FACILITY: tuple[Kind, ...] = ("inpatient", "outpatient", "outpatient")
_FILES = (
    _File(PROFESSIONAL, "professional_2024_h1.csv", "P1", ("professional",), _FIRST_HALF, 0.25, has_line_break=True),
    _File(PROFESSIONAL, "professional_2024_h2.csv.gz", "P2", ("professional",), _SECOND_HALF, 0.25),
    _File(INSTITUTIONAL, "institutional_2024_h1.csv", "I1", _FACILITY, _FIRST_HALF, 0.125, line_end="\r\n"),
    _File(INSTITUTIONAL, "institutional_2024_h2.csv", "I2", _FACILITY, _SECOND_HALF, 0.125),
    _File(ACME, "acme_2024_h1.ndjson", "A1", ("professional", "outpatient"), _FIRST_HALF, 0.125),
    _File(ACME, "acme_2024_h2.ndjson", "A2", ("professional", "outpatient"), _SECOND_HALF, 0.125),
)


def write_sample(folder: Path, claim_lines: int = 20_000, seed: int = 7) -> SampleFacts:
    """Writes the sample below `folder`/raw/claims/<source>/ and says what is in it; the same seed, the same bytes.

    `claim_lines` is counted before records are broken and resent.
    """
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    return SampleFacts(tuple(_write_file(random, folder, file, round(claim_lines * file.share)) for file in _FILES))


def _write_file(random: Random, folder: Path, file: _File, claim_lines: int) -> FileFacts:
    claims = invent_claims(random, file.prefix, file.kinds, file.months, claim_lines)
    good = [written for claim in claims for written in file.layout.write(random, claim)]
    if file.has_line_break:
        good[0] = Written({**good[0].record, "REMARK": REMARK_WITH_LINE_BREAK}, good[0].lines, good[0].paid)
    broken, resent = _choose_records(random, file.layout, len(good))
    path = folder / "raw" / "claims" / file.layout.source / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_stored(file, _texts(random, file.layout, good, broken, resent)))
    accepted = [written for place, written in enumerate(good) if place not in broken]
    return FileFacts(
        path=path,
        source=file.layout.source,
        records=len(good) + len(resent),
        quarantined=dict(sorted(Counter(broken.values()).items())),
        resent=len(resent),
        claim_lines=sum(written.lines for written in accepted),
        paid=Decimal(sum(written.paid for written in accepted)).scaleb(-2),
    )


def _choose_records(random: Random, layout: Layout, count: int) -> tuple[dict[int, str], set[int]]:
    """Places of the records to break, with the rule each breaks, and of those to send again; the first stays whole."""
    rules = tuple(layout.break_record)
    broken_count = max(round(count * BROKEN_SHARE), len(rules))
    resent_count = max(round(count * RESENT_SHARE), 1)
    chosen = random.sample(range(1, count), broken_count + resent_count)
    broken = {place: rules[turn % len(rules)] for turn, place in enumerate(chosen[:broken_count])}
    return broken, set(chosen[broken_count:])


def _texts(
    random: Random, layout: Layout, good: list[Written], broken: Mapping[int, str], resent: set[int]
) -> Iterator[str]:
    """The header and all records; a resent one follows up to a hundred records after the first time."""
    if layout.delimiter:
        yield layout.delimiter.join(good[0].record)
    due: dict[int, list[str]] = {}
    for place, written in enumerate(good):
        rule = broken.get(place)
        text = layout.break_record[rule](written.record) if rule else layout.text(written.record)
        yield text
        if place in resent:
            due.setdefault(min(place + random.randint(0, 100), len(good) - 1), []).append(text)
        yield from due.pop(place, ())


def _stored(file: _File, texts: Iterator[str]) -> bytes:
    content = "".join(f"{text}{file.line_end}" for text in texts).encode()
    if not file.name.endswith(".gz"):
        return content
    packed = io.BytesIO()
    # without name and time, which would make the bytes differ between two runs
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(content)
    return packed.getvalue()
