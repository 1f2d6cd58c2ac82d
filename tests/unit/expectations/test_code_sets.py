from datetime import date
from pathlib import Path

import pytest

from expectations.code_sets import CodeSet, CodeSetFound, CodeSpan, load_code_sets, read_code_sets
from expectations.errors import ArgumentError, ContractError

SETTINGS = {
    "adjustment-reason": [407],
    "admit-source": [11],
    "bill-type": [1_234],
    "discharge-disposition": [41],
    "place-of-service": [52],
    "revenue-center": [539],
}
"""Counted in the lists by hand, without what is reserved, unassigned or discontinued."""

FISCAL = {
    "file": r"fy(?P<year>\d{4})\.txt",
    "days": "fiscal_year",
    "line": r"(?P<code>[A-Z]\d+)( (?P<description>.+))?",
}
MONTH = FISCAL | {"file": r"(?P<month>[A-Z]\w+)-(?P<year>\d{4})\.txt", "days": "from_month", "no_code": r"\d"}
SYSTEM = {
    "code_system": "letters",
    "description": "A code system of this test.",
    "licence": "ours",
    "first_day": "2020-10-01",
    "shortest_heading": 3,
    "lists": [FISCAL, MONTH],
}


def read(folder: Path, declared: dict[str, object] = SYSTEM, **files: str) -> CodeSetFound:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.txt").write_text(text)
    (found,) = read_code_sets(folder, [CodeSet.model_validate(declared)])
    return found


def spans(found: CodeSetFound) -> dict[str, list[tuple[int, str, str]]]:
    by_code: dict[str, list[tuple[int, str, str]]] = {}
    for span in found.spans:
        days = (str(span.valid_from or ""), str(span.valid_to or ""))
        by_code.setdefault(span.code, []).append((span.billable_flag, *days))
    return by_code


def test_one_list_is_held_against_no_day_and_beginnings_of_codes_are_headings(tmp_path: Path) -> None:
    found = read(tmp_path, fy2024="A10 Ten\nA111 Eleven\n\nA12\n")
    assert spans(found) == {
        "A10": [(1, "2020-10-01", "")],
        "A11": [(0, "2020-10-01", "")],
        "A111": [(1, "2020-10-01", "")],
        "A12": [(1, "2020-10-01", "")],
    }
    assert found.spans[0] == CodeSpan("letters", "A10", "Ten", 1, date(2020, 10, 1), None)
    (release,) = found.releases
    assert (release.first_day, release.last_day) == (date(2023, 10, 1), date(2024, 9, 30))
    assert (len(release.billable), len(release.headings)) == (3, 1)


def test_between_two_lists_a_code_is_billable_if_it_is_so_in_either(tmp_path: Path) -> None:
    found = read(tmp_path, fy2022="A10 Old\nA20\nA30\n", April_2024="1\nA10 New\nA20\nA201\nA40\n")
    assert spans(found) == {
        "A10": [(1, "2020-10-01", "")],
        "A20": [(1, "2020-10-01", "2024-03-31"), (0, "2024-04-01", "")],
        "A201": [(1, "2022-10-01", "")],
        "A30": [(1, "2020-10-01", "2024-03-31")],
        "A40": [(1, "2022-10-01", "")],
    }
    assert found.spans[0].description == "New"


def test_a_code_that_comes_back_has_a_span_for_each_time(tmp_path: Path) -> None:
    found = read(tmp_path, fy2022="A10\nA20\n", fy2023="A20\n", fy2024="A10\nA20\n")
    assert spans(found) == {
        "A10": [(1, "2020-10-01", "2022-09-30"), (1, "2023-10-01", "")],
        "A20": [(1, "2020-10-01", "")],
    }


def test_a_list_from_october_on_is_of_the_next_fiscal_year_and_a_later_one_cuts_it_short(tmp_path: Path) -> None:
    found = read(tmp_path, October_2023="A10\n", April_2024="A20\n")
    assert [(one.first_day, one.last_day) for one in found.releases] == [
        (date(2023, 10, 1), date(2024, 9, 30)),
        (date(2024, 4, 1), date(2024, 9, 30)),
    ]
    assert spans(found) == {"A10": [(1, "2020-10-01", "2024-03-31")], "A20": [(1, "2024-04-01", "")]}


def test_two_files_for_the_same_days_are_one_list(tmp_path: Path) -> None:
    always = FISCAL | {"file": r"(short|long)\.txt", "days": "always"}
    declared = SYSTEM | {"lists": [always], "last_day": "2022-09-30"}
    found = read(tmp_path, declared, short="A10 Short\nA11 One\n", long="A10 Long\n")
    assert len(found.releases) == 1
    assert found.releases[0].file_name == "long.txt, short.txt"
    assert spans(found) == {
        "A10": [(1, "2020-10-01", "2022-09-30")],
        "A11": [(1, "2020-10-01", "2022-09-30")],
    }


def test_a_list_that_maps_codes_gives_each_its_category_and_the_last_file_counts(tmp_path: Path) -> None:
    line = r"(?P<code>[A-Z][0-9]{2,3}) (?P<category>[A-Z]{3}) ?(?P<description>.*)"
    declared = {**SYSTEM, "shortest_heading": 0, "lists": [{"file": r"map-\d\.txt", "days": "always", "line": line}]}
    found = read(tmp_path, declared, map_1="A10 OLD\nA11 ONE First\n", map_2="A10 NEW Second\n")
    assert [(span.code, span.category_code, span.description) for span in found.spans] == [
        ("A10", "NEW", "Second"),
        ("A11", "ONE", "First"),
    ]


def test_ahrqs_own_file_of_categories_is_read_with_its_quotes(tmp_path: Path) -> None:
    header = "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP'\n"
    first = "'DIG001',Intestinal infection,'DIG001',Intestinal infection,'DIG001',Intestinal infection"
    (tmp_path / "DXCCSR_v2024-1.csv").write_text(
        f"{header}'A009',\"Cholera, unspecified\",{first},'INF003',Bacterial infections,' ',,06 Infectious\n"
        "'B0081',Herpesviral hepatitis,'DIG018',Hepatitis,'XXX000',None,'DIG018',\"Hepatitis, all\",' ',,06\n"
    )
    (ccsr,) = [one for one in read_code_sets(tmp_path) if one.code_system == "ccsr"]
    assert [(span.code, span.category_code, span.description) for span in ccsr.spans] == [
        ("A009", "DIG001", "Intestinal infection"),
        ("B0081", "DIG018", "Hepatitis, all"),
    ]


def hcpcs_record(code: str, added: str, ended: str = "", kind: str = "3") -> str:
    """A record of CMS's alpha-numeric file: 320 columns, days at 269, 277 and 285."""
    return f"{code:<5}00100{kind}{'Invented':<80}{'Invented':<28}".ljust(268) + f"{added:<8}{added:<8}{ended:<8}N"


def hcpcs_days(folder: Path) -> dict[str, dict[str, list[tuple[str, str]]]]:
    days: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for one in read_code_sets(folder):
        for span in one.spans:
            codes = days.setdefault(one.code_system, {})
            codes.setdefault(span.code, []).append((str(span.valid_from or ""), str(span.valid_to or "")))
            assert (span.billable_flag, span.description) == (1, None)
    return days


def test_cms_own_file_of_hcpcs_codes_says_the_days_of_each_and_a_later_one_ends_them(tmp_path: Path) -> None:
    january = [
        hcpcs_record("G9001", "20000101"),
        hcpcs_record("G9001", "", kind="4"),
        hcpcs_record("G9002", "20100101", "20231231"),
        hcpcs_record("G9003", "20000101"),
        hcpcs_record("   XU", "20150101", kind="7"),
    ]
    april = [hcpcs_record("G9001", "20000101", "20240331"), hcpcs_record("G9004", "20240401").rstrip("N").rstrip()]
    (tmp_path / "HCPC2024_JAN_ANWEB.txt").write_text("\n".join(january))
    (tmp_path / "HCPC2024_APR_ANWEB_v2.txt").write_text("\n".join(april))
    assert hcpcs_days(tmp_path) == {
        "hcpcs": {
            "G9001": [("2000-01-01", "2024-03-31")],
            "G9002": [("2010-01-01", "2023-12-31")],
            "G9003": [("2000-01-01", "")],
            "G9004": [("2024-04-01", "")],
        }
    }


def test_a_users_own_lists_may_hold_both_levels_and_a_code_that_came_back(tmp_path: Path) -> None:
    (tmp_path / "hcpcs.csv").write_text(
        "code,valid_from,valid_to,description\nG9001,2001-01-01,2005-12-31,Invented\nG9001,20100101,,Invented\n"
        '9999Z,2020-01-01,2020-12-31,"Invented, too"\n'
    )
    (tmp_path / "carc.csv").write_text("code,valid_from,valid_to\n45,1995-01-01,\nB7,,2003-06-30\n")
    (tmp_path / "ANSI-RSN-CD.csv").write_text("code,display\n45,Invented\n9,Invented\n")
    assert hcpcs_days(tmp_path) == {
        "hcpcs": {"G9001": [("2001-01-01", "2005-12-31"), ("2010-01-01", "")]},
        "cpt": {"9999Z": [("2020-01-01", "2020-12-31")]},
        "adjustment-reason": {"45": [("1995-01-01", "")], "9": [("", "")], "B7": [("", "2003-06-30")]},
    }


def test_a_day_that_is_none_of_the_calendar_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "hcpcs.csv").write_text("G9001,2024-02-30,\n")
    with pytest.raises(ArgumentError, match=r"hcpcs\.csv has a day that is none of the calendar; .*cure: ") as refused:
        read_code_sets(tmp_path)
    assert "2024-02-30" not in str(refused.value)


def test_a_line_that_is_no_code_is_named_by_file_and_number_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"fy2024\.txt line 2 is no code; .*cure: ") as refused:
        read(tmp_path, fy2024="A10\nsecret\n")
    assert "secret" not in str(refused.value)


def test_a_folder_without_lists_is_refused_with_the_names_that_are_looked_for(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("A10\n")
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ArgumentError, match=r"fy.*cure: "):
            read_code_sets(folder, [CodeSet.model_validate(SYSTEM)])


def test_a_misspelt_declaration_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "codesets"
    folder.mkdir()
    (folder / "letters.json").write_text('{"code_system": "letters"}')
    with pytest.raises(ContractError, match=r"codesets/letters\.json: .*required"):
        load_code_sets(folder)


def test_the_lists_of_cms_have_as_many_codes_as_cms_says(shared: Path) -> None:
    found = {one.code_system: one for one in read_code_sets(shared / "codesets")}
    billable = {system: [len(release.billable) for release in one.releases] for system, one in found.items()}
    assert billable["icd-10-cm"][0] == 74_044
    assert billable["icd-10-pcs"] == [78_603]
    assert {system: billable[system] for system in SETTINGS} == SETTINGS
    assert (billable["icd-9-cm"], billable["icd-9-pcs"]) == ([14_567], [3_882])
    assert (billable["ccsr"], billable["nucc-taxonomy"]) == ([74_549], [874])
    names = {span.code: span.description for span in found["nucc-taxonomy"].spans}
    assert names["207R00000X"] == "Internal Medicine Physician"
    covid = [span for span in found["icd-10-cm"].spans if span.code == "U071"]
    assert [(span.billable_flag, span.valid_to) for span in covid] == [(1, None)]
    fever = [span for span in found["icd-10-cm"].spans if span.code == "A01"]
    assert [span.billable_flag for span in fever] == [0]
