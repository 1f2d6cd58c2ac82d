"""The small sample that `make run` reads when it is given no input: deterministic, dirty, and with a known outcome.

`write_sample` says what it planted, so that a test can compare a run's account with it, to the record and the cent.
"""

import gzip
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

from expectations.contract import load_source
from glue_jobs.runtime.sample_claims import Kind, Roster, SampleClaim, invent_claims
from glue_jobs.runtime.sample_csv import INSTITUTIONAL, PROFESSIONAL
from glue_jobs.runtime.sample_drugs import DRUG_CLAIMS, invent_drug_claims
from glue_jobs.runtime.sample_json import ACME
from glue_jobs.runtime.sample_layouts import Item, Layout, Written
from glue_jobs.runtime.sample_members import ACME_HEALTH, MEMBERS, SAMPLE_HEALTH, Sender, invent_members
from glue_jobs.runtime.sample_providers import PROVIDER_RECORDS, invent_providers

BROKEN_SHARE = 0.005
RESENT_SHARE = 0.005
LINES_A_DRUG_CLAIM = 10
REMARK_WITH_LINE_BREAK = "one remark,\non two lines"


@dataclass(frozen=True)
class FileFacts:
    """What one file of the sample holds: records, rows that the accepted ones become, and dollars that those paid."""

    path: Path
    source: str
    records: int
    quarantined: Mapping[str, int]
    """Records by the id of the one rule that each breaks."""
    resent: int
    lines: int
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
    def lines(self) -> int:
        """Rows that a run publishes: claim lines in all their versions, drug claims, spans of members, providers."""
        return sum(file.lines for file in self.files)

    @property
    def paid(self) -> Decimal:
        """US dollars paid on those lines."""
        return sum((file.paid for file in self.files), Decimal("0.00"))


@dataclass(frozen=True)
class _ClaimFile:
    layout: Layout[SampleClaim]
    name: str
    prefix: str
    kinds: tuple[Kind, ...]
    months: tuple[int, int]
    share: float
    sender: Sender = SAMPLE_HEALTH
    line_end: str = "\n"
    has_line_break: bool = False


_H1, _H2 = (1, 6), (7, 12)
_OFFICE: tuple[Kind, ...] = ("professional",)
_FACILITY: tuple[Kind, ...] = ("inpatient", "outpatient", "outpatient")
_BOTH: tuple[Kind, ...] = ("professional", "outpatient")
_FILES = (
    _ClaimFile(PROFESSIONAL, "professional_2024_h1.csv", "P1", _OFFICE, _H1, 0.25, has_line_break=True),
    _ClaimFile(PROFESSIONAL, "professional_2024_h2.csv.gz", "P2", _OFFICE, _H2, 0.25),
    _ClaimFile(INSTITUTIONAL, "institutional_2024_h1.csv", "I1", _FACILITY, _H1, 0.125, line_end="\r\n"),
    _ClaimFile(INSTITUTIONAL, "institutional_2024_h2.csv", "I2", _FACILITY, _H2, 0.125),
    _ClaimFile(ACME, "acme_2024_h1.ndjson", "A1", _BOTH, _H1, 0.125, ACME_HEALTH),
    _ClaimFile(ACME, "acme_2024_h2.ndjson", "A2", _BOTH, _H2, 0.125, ACME_HEALTH),
)


def write_sample(folder: Path, claim_lines: int = 20_000, seed: int = 7) -> SampleFacts:
    """Writes the sample below `folder`/raw/<zone>/<source>/ and says what is in it; the same seed, the same bytes.

    Claims, and the members, providers and drug claims that belong to them. `claim_lines` is counted before records are
    broken and resent.
    """
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    writer = _Writer(random, folder)
    senders = (SAMPLE_HEALTH, ACME_HEALTH)
    members = {one: invent_members(random, one, claim_lines // one.lines_a_member) for one in senders}
    providers = invent_providers(random)
    clinicians, facilities = ([one for one in providers if one.is_facility is kind] for kind in (False, True))
    files = []
    for file in _FILES:
        roster = Roster(members[file.sender], clinicians, facilities)
        claims = invent_claims(
            random,
            roster,
            file.prefix,
            kinds=file.kinds,
            months=file.months,
            line_count=round(claim_lines * file.share),
        )
        good = writer.records(file.layout, claims)
        if file.has_line_break:
            good[0] = replace(good[0], record=good[0].record | {"REMARK": REMARK_WITH_LINE_BREAK})
        files.append(writer.write(file.layout, file.name, good, file.line_end))
    everybody = [member for own in members.values() for member in own]
    drugs = invent_drug_claims(random, everybody, providers, claim_lines // LINES_A_DRUG_CLAIM)
    files += [
        writer.write(DRUG_CLAIMS, "drugs_2024.csv", writer.records(DRUG_CLAIMS, drugs)),
        writer.write(MEMBERS, "members_2024.csv", writer.records(MEMBERS, everybody)),
        writer.write(PROVIDER_RECORDS, "providers_2024.csv", writer.records(PROVIDER_RECORDS, providers)),
    ]
    return SampleFacts(tuple(files))


@dataclass(frozen=True)
class _Writer:
    random: Random
    folder: Path

    def records(self, layout: Layout[Item], items: Iterable[Item]) -> list[Written]:
        return [written for item in items for written in layout.write(self.random, item)]

    def write(self, layout: Layout[Item], name: str, good: list[Written], line_end: str = "\n") -> FileFacts:
        broken, resent = _choose_records(self.random, layout, len(good))
        path = self.folder / "raw" / load_source(layout.source).zone / layout.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = _texts(self.random, layout, good, broken, resent)
        path.write_bytes(_stored(name, "".join(f"{text}{line_end}" for text in texts).encode()))
        accepted = [written for place, written in enumerate(good) if place not in broken]
        return FileFacts(
            path=path,
            source=layout.source,
            records=len(good) + len(resent),
            quarantined=dict(sorted(Counter(broken.values()).items())),
            resent=len(resent),
            lines=sum(written.lines for written in accepted),
            paid=Decimal(sum(written.paid for written in accepted)).scaleb(-2),
        )


def _choose_records(random: Random, layout: Layout[Item], count: int) -> tuple[dict[int, str], set[int]]:
    """Places of the records to break, with the rule each breaks, and of those to send again; the first stays whole."""
    rules = tuple(layout.break_record)
    broken_count = max(round(count * BROKEN_SHARE), len(rules))
    resent_count = max(round(count * RESENT_SHARE), 1)
    chosen = random.sample(range(1, count), broken_count + resent_count)
    broken = {place: rules[turn % len(rules)] for turn, place in enumerate(chosen[:broken_count])}
    return broken, set(chosen[broken_count:])


def _texts(
    random: Random, layout: Layout[Item], good: list[Written], broken: Mapping[int, str], resent: set[int]
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


def _stored(name: str, content: bytes) -> bytes:
    if not name.endswith(".gz"):
        return content
    packed = io.BytesIO()
    # without name and time, which would make the bytes differ between two runs
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(content)
    return packed.getvalue()
