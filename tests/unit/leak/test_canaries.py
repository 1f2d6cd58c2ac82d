"""The canaries and the search for them: every form of a value is found, nothing else is, and every column has one."""

import pytest

from expectations.contract import load_source, source_names
from tests.leak.canaries import Needles, amount_canary, day_canary, npi_canary, text_canary, whole_canary
from tests.leak.records import FLAG, CanarySource
from tests.leak.spoiled import spoilt_lines

AMOUNT, WHOLE, NPI, TEXT = amount_canary(3, 7), whole_canary(3, 7), npi_canary(3, 7), text_canary(3, 7)
DAY = day_canary(3, 7)
NEEDLES = Needles([AMOUNT, WHOLE, NPI, TEXT, DAY.strftime("%Y%m%d"), "M", "", "0.00"], ["Quenneville"])

FORMS = {
    "as it is": (TEXT, f"value {TEXT} of"),
    "lower case": (TEXT, TEXT.lower()),
    "inside another": (TEXT, f"claim={TEXT}17;"),
    "with a dot taken for a code's": (TEXT, f"{TEXT[:2]}.{TEXT[2:]}"),
    "amount": (AMOUNT, f'"paid": {AMOUNT}'),
    "amount without its point": (AMOUNT, AMOUNT.replace(".", "")),
    "amount with thousands": (AMOUNT, f"$7,103,007.{AMOUNT[-2:]}."),
    "amount of four places": (AMOUNT, f"Decimal('{AMOUNT}00')"),
    "negative amount": (AMOUNT, f"-{AMOUNT}"),
    "whole number": (WHOLE, f"[{WHOLE}]"),
    "NPI": (NPI, f"npi={NPI}"),
    "day": (str(DAY), f"'{DAY}'"),
    "day without hyphens": (str(DAY), DAY.strftime("x%Y%m%dx")),
    "day as Americans write it": (str(DAY), DAY.strftime("%m/%d/%Y")),
    "day with a name": (str(DAY), DAY.strftime("%d-%b-%Y").upper()),
    "name": ("quenneville", "Mrs QUENNEVILLE"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_canary_is_found_in_every_form(form: str) -> None:
    assert NEEDLES.found_in(FORMS[form][1]), form


@pytest.mark.parametrize(
    "text",
    ["", "0.00 M", f"1{WHOLE}", f"{NPI}0", "2026-11-26T12:41:31Z", text_canary(4, 7), "ab12" * 16, amount_canary(4, 7)],
    ids=["empty", "no canary", "digits in front", "digits behind", "today", "another text", "a hash", "another amount"],
)
def test_nothing_else_is(text: str) -> None:
    assert NEEDLES.found_in(text) == set()


@pytest.mark.parametrize("name", source_names())
def test_every_column_that_a_source_reads_has_a_canary_of_its_own(name: str) -> None:
    made = CanarySource(load_source(name))
    cells = made.cells()
    read = [place for place in made.places if place != made.segment and made.places[place].type != FLAG]
    assert {origin for names, _ in made.source.origins() for origin in names} <= {*made.names, *made.places}
    assert all(Needles([cells[place]]).found_in(cells[place]) for place in read)
    assert len({cells[place] for place in read}) == len(read)
    assert made.is_readable(cells)


@pytest.mark.parametrize("name", source_names())
def test_a_record_in_error_still_holds_canaries(name: str) -> None:
    made = CanarySource(load_source(name))
    needles = Needles(made.cells().values())
    spoilt = list(spoilt_lines(made))
    assert len({rule_id for rule_id, _ in spoilt}) >= 6
    assert all(len(needles.found_in(line)) >= 2 for _, line in spoilt)
