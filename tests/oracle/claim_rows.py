"""Claim lines as the declared test sources send them: cells of text, CSV files, and the typed lines that they mean."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.oracle.version_oracle import Declaration, Line

SOURCES = Path(__file__).parents[1] / "data" / "versions"
"""Folder of the declared test sources, all with the same columns."""

FLAGS = {"F": 1, "N": 0}
TYPES: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "ds": ("data_source", str),
    "claim": ("claim_id", str),
    "line": ("claim_line_number", int),
    "member": ("member_id", str),
    "npi": ("billing_npi", str),
    "start": ("claim_start_date", date.fromisoformat),
    "end": ("claim_end_date", date.fromisoformat),
    "tob": ("bill_type_code", lambda text: text[-3:]),
    "freq": ("claim_frequency_code", str),
    "adj": ("claim_adjustment_type_code", str),
    "orig": ("original_claim_id", str),
    "group": ("claim_group_id", str),
    "recv": ("received_date", date.fromisoformat),
    "eff": ("claim_effective_date", date.fromisoformat),
    "seq": ("claim_sequence_number", int),
    "final": ("sender_final_action_flag", FLAGS.__getitem__),
    "charge": ("charge_amount", Decimal),
    "paid": ("paid_amount", Decimal),
}
"""Name in the file to name in the table, and the type of its values."""

HEADER = ",".join(TYPES)


@dataclass(frozen=True)
class Record:
    """One record of a file: its cells (columns that it lacks are empty), its source, the date in its file's name."""

    source: str
    file_date: date
    cells: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The record as it stands in the file."""
        cells = dict(self.cells)
        return ",".join(cells.get(column, "") for column in TYPES)

    @property
    def record_hash(self) -> str:
        """SHA-256 of the record's text, as the table has it."""
        return sha256(self.text.encode()).hexdigest()

    def line(self, **known: object) -> Line:
        """What the record means, with what else the test knows of it."""
        cells = dict(self.cells)
        values = {name: typed(cells[column]) for column, (name, typed) in TYPES.items() if cells.get(column)}
        return values | {"file_date": self.file_date, "record_hash": self.record_hash} | known


@cache
def declaration_of(source: str) -> Declaration:
    """What a test source declares of its versions."""
    return Declaration.of(json.loads((SOURCES / f"{source}.json").read_text())["versions"])


def write_file(folder: Path, source: str, file_date: date, number: str, records: Iterable[Record]) -> Path:
    """A file of one source below `folder`, where the job tells the source by the path and the date by the name."""
    path = folder / "raw" / "claims" / source / f"{source}_{file_date}_{number}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *(record.text for record in records), ""]))
    return path
