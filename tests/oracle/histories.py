"""Histories of claims by hypothesis: versions of every kind, and every way in which their lines can come in files.

A history is the records of one data source: a few claims with up to eight versions, that refer forwards, backwards, to
themselves and to nothing, often on one day. A delivery says for each record in which run, which file and which place
it comes, up to three times over.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.oracle.claim_rows import Record, write_file

EXAMPLES = int(os.environ.get("CLAIMS_EXAMPLES", "8"))
"""Histories of each source: 8 in CI, hundreds for a long run."""

CHANCE = int(os.environ.get("CLAIMS_SEED", "0"))
"""Another number gives other histories."""

RUNS = 3
FILES = 2
"""Files of a source and run."""

DAYS = ("2024-01-10", "2024-01-31", "2024-02-01", "2024-02-20", "2024-03-15")
STARTS = ("2023-12-31", "2024-01-05", "2024-01-31", "2024-02-01")
NATURAL_STARTS = ("2024-01-05", "2024-01-05", "2024-01-05", "2024-01-31")
FILE_DAYS = (date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31))
FREQUENCIES = ("1", "7", "8", "7", "8", "5", "2", "3", "4", "F", "Q", "Y", "X", "D", "Z", "9", "")
ADJUSTMENTS = ("0", "1", "2", "1", "2", "3", "4", "")
BILL_TYPES = ("", "131", "137", "138", "135", "0137", "112", "13H")
AMOUNTS = ("10.00", "20.50", "33.33", "0.00")
SUFFIXED = ("A1234", "A12341", "A12342", "A12343", "B1234", "B12341")

Cells = dict[str, str]


@dataclass(frozen=True, order=True)
class Place:
    """Where one record comes once: the run, the file of that run, and what orders records in the file."""

    run: int
    file: int
    rank: int


@dataclass(frozen=True)
class Delivered:
    """A history with the places of each of its records."""

    records: tuple[Record, ...]
    places: tuple[tuple[Place, ...], ...]

    @property
    def data_source(self) -> str:
        """The data source of all its records."""
        return dict(self.records[0].cells)["ds"]

    def named(self, data_source: str) -> "Delivered":
        """The same of a data source of this name."""
        named = [replace(record, cells=(*record.cells, ("ds", data_source))) for record in self.records]
        return replace(self, records=tuple(named))


PLACES = st.lists(
    st.builds(Place, st.integers(0, RUNS - 1), st.integers(0, FILES - 1), st.integers(0, 99)), min_size=1, max_size=3
).map(tuple)


@st.composite
def deliveries(draw: st.DrawFn, source: str) -> Delivered:
    """A history of the source and how it is sent."""
    records = draw(histories(source))
    return Delivered(records, tuple(draw(PLACES) for _ in records))


@st.composite
def histories(draw: st.DrawFn, source: str) -> tuple[Record, ...]:
    """One to eight versions of a few claims, each of one to three lines; the data source is still to be named."""
    number = draw(st.integers(1, 8))
    records = []
    for place in range(number):
        version = draw(_versions(source, place, number))
        file_date = draw(st.sampled_from(FILE_DAYS))
        sign = draw(st.sampled_from(("", "", "-")))
        for line in range(1, draw(st.integers(1, 3)) + 1):
            cells = version | draw(_money(sign)) | {"line": str(line)}
            records.append(Record(source, file_date, tuple(sorted(cells.items()))))
    return tuple(records)


@st.composite
def _versions(draw: st.DrawFn, source: str, place: int, number: int) -> Cells:
    cells = {
        "claim": draw(_claim_ids(source, place, number)),
        "orig": draw(_references(source, number)),
        "group": draw(st.sampled_from(("G1", "G2", "G1", "G2", ""))),
        "member": draw(st.sampled_from(("M1", "M1", "M1", "M2"))),
        "npi": "1234567893",
        "start": draw(st.sampled_from(NATURAL_STARTS if source == "natural_key" else STARTS)),
        "end": draw(st.sampled_from(("2024-02-29", "2024-02-29", "2024-02-29", ""))),
        "freq": draw(st.sampled_from(FREQUENCIES)),
        "adj": draw(st.sampled_from(ADJUSTMENTS)),
        "tob": draw(st.sampled_from(BILL_TYPES)),
        "recv": draw(st.sampled_from(DAYS)),
        "eff": draw(st.sampled_from(("", *DAYS[:2]))),
        "seq": draw(st.sampled_from(("", "2", "10"))),
        "final": draw(st.sampled_from(("", "F", "N"))),
    }
    if source == "natural_key" and not cells["eff"]:
        cells["recv"] = ""
    return cells


def _claim_ids(source: str, place: int, number: int) -> st.SearchStrategy[str]:
    if source == "id_suffix":
        return st.sampled_from(SUFFIXED)
    if source in {"same_id", "adjustment_type", "reversal"}:
        return st.sampled_from(("A", "B"))
    return st.sampled_from([f"C{place}"] * number + [f"C{other}" for other in range(number)])


def _references(source: str, number: int) -> st.SearchStrategy[str]:
    known = SUFFIXED if source == "id_suffix" else [f"C{other}" for other in range(number)]
    return st.sampled_from(["", "", *known, *known, "Z1234", "Z1235"])


def _money(sign: str) -> st.SearchStrategy[Cells]:
    signed = st.sampled_from(AMOUNTS).map(lambda amount: amount if amount == "0.00" else sign + amount)
    return st.fixed_dictionaries({"charge": st.one_of(signed, st.just("")), "paid": signed})


def drawn(source: str, number: int = EXAMPLES, chance: int = CHANCE) -> list[Delivered]:
    """So many histories of a source, the same ones at every call: hypothesis chooses them, Spark takes all at once."""
    found: list[Delivered] = []

    @seed(crc32(f"{source} {chance}".encode()))
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(deliveries(source))
    def collect(delivered: Delivered) -> None:
        found.append(delivered.named(f"{source}-{len(found)}"))

    collect()
    return found


def write_batches(folders: Sequence[Path], sent: Iterable[Delivered]) -> None:
    """The files of every run below the run's folder; every third file comes again in the next run, by another name.

    Files of all examples are mixed: one has records of many data sources.
    """
    files: dict[tuple[int, int, str, date], dict[Place, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for delivered in sent:
        for record, places in zip(delivered.records, delivered.places, strict=True):
            for place in places:
                files[place.run, place.file, record.source, _file_date(record, place)][place].append(record)
    for number, ((run, file, source, day), placed) in enumerate(sorted(files.items())):
        records = [record for place in sorted(placed) for record in placed[place]]
        write_file(folders[run], source, day, f"{run}{file}", records)
        if number % 3 == 0 and run + 1 < len(folders):
            write_file(folders[run + 1], source, day, f"{run}{file}again", records)


def _file_date(record: Record, place: Place) -> date:
    """What the file's name says of a record; where the date does not count it is another one for every file."""
    if record.source == "natural_key":
        return record.file_date
    return date(2024, 6, 1) + timedelta(days=FILES * place.run + place.file)
