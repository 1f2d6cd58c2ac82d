"""Invented providers for the generated sample: clinicians, and the facilities that bill; in the layout of NPPES."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from glue_jobs.runtime.sample_layouts import BreakableNames, Written, delimited_layout
from glue_jobs.runtime.sample_members import STATES

PROVIDERS = 300
FACILITY_TURN = 5
"""Every fifth provider is a facility."""
NPI_PREFIX = "80840"
HOSPITAL = ("282N00000X", "Hospital")
SPECIALTIES = (("207Q00000X", "Family medicine"), ("207R00000X", "Internal medicine"), ("207N00000X", "Dermatology"))


@dataclass(frozen=True)
class SampleProvider:
    """One record of a provider; `specialty` is its taxonomy code and the words for it."""

    npi: str
    name: str
    state: str
    specialty: tuple[str, str]

    @property
    def is_facility(self) -> bool:
        """Whether it is an organisation, which bills and does not treat."""
        return self.specialty == HOSPITAL


def invent_providers(random: Random) -> tuple[SampleProvider, ...]:
    """Clinicians and facilities, whose names say that they are invented."""
    return tuple(_invent_provider(random, number) for number in range(PROVIDERS))


def _invent_provider(random: Random, number: int) -> SampleProvider:
    is_facility = number % FACILITY_TURN == 0
    name = f"Invented {'Hospital' if is_facility else 'Clinician'} {number:03d}"
    specialty = HOSPITAL if is_facility else random.choice(SPECIALTIES)
    return SampleProvider(invent_npi(random), name, random.choice(STATES), specialty)


def invent_npi(random: Random) -> str:
    """An NPI that passes the check digit; that it belongs to somebody is possible, as with any ten digits."""
    return with_check_digit(str(random.randint(100_000_000, 299_999_999)))


def with_check_digit(first_nine: str) -> str:
    """The ten digits of the NPI that begins with these nine (Luhn's formula over 80840 and the nine)."""
    backwards = [int(digit) for digit in reversed(NPI_PREFIX + first_nine)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in backwards[::2]]
    return f"{first_nine}{-sum([*doubled, *backwards[1::2]]) % 10}"


def _write_provider(random: Random, provider: SampleProvider) -> Iterator[Written]:
    given, _, family = provider.name.partition(" ")
    record = {
        "npi": provider.npi,
        "entity_type_code": "2" if provider.is_facility else "1",
        "entity_type_description": "Organization" if provider.is_facility else "Individual",
        "provider_last_name": "" if provider.is_facility else family,
        "provider_first_name": "" if provider.is_facility else given,
        "organization_name": provider.name if provider.is_facility else "",
        "primary_taxonomy_code": provider.specialty[0],
        "primary_specialty_description": provider.specialty[1],
        "practice_address_line_1": f"{random.randint(1, 99)} Made Up Street",
        "practice_city": "Anytown",
        "practice_state": provider.state,
        "practice_zip_code": "00501",
        "enumeration_date": "2010-01-04",
        "last_updated": f"2023-{random.randint(1, 12):02d}-15",
        "deactivation_date": "",
        "reactivation_date": "",
        "deactivation_flag": "0",
    }
    yield Written(record, 1, 0)


PROVIDER_RECORDS = delimited_layout(
    "nppes_provider", ",", _write_provider, BreakableNames("npi", "last_updated", "", "entity_type_description")
)
