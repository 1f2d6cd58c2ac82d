"""Where a source's columns stand in a file's header, and what is said about a header that does not fit."""

from collections.abc import Callable

import pytest

from expectations.contract import FileFormat, Source
from expectations.errors import FileRefusedError
from expectations.headers import HeaderMatch, match_header, parse_fields, refuse_other_shape
from expectations.schema_changes import SchemaPolicy

Origins = list[tuple[tuple[str, ...], bool]]
MakeSource = Callable[..., Source]
CSV = FileFormat(type="csv")
NDJSON = FileFormat(type="ndjson")
CLAIM: Origins = [
    (("claim_id",), False),
    (("line_number",), False),
    (("member_id", "patient_id"), False),
    (("paid_amount",), False),
    (("note",), True),
]
HEADER = ["claim_id", "line_number", "member_id", "paid_amount", "note"]


@pytest.fixture
def make_source(monkeypatch: pytest.MonkeyPatch) -> MakeSource:
    """A source that reads the given names, whatever tables are declared."""

    def make(origins: Origins, file_format: FileFormat = CSV) -> Source:
        monkeypatch.setattr(Source, "origins", lambda _: iter(origins))
        return Source.model_construct(name="acme", description="", table="", format=file_format)

    return make


def refused(found: list[str], source: Source) -> FileRefusedError:
    with pytest.raises(FileRefusedError, match=r"^f\.csv: .+; expected .+; cure: .+$") as error:
        match_header(found, source, "f.csv")
    return error.value


MATCHES = {
    "as declared": (HEADER, {"claim_id": 0, "line_number": 1, "member_id": 2, "paid_amount": 3, "note": 4}, (), ()),
    "another order": (
        HEADER[::-1],
        {"claim_id": 4, "line_number": 3, "member_id": 2, "paid_amount": 1, "note": 0},
        (),
        (),
    ),
    "case and blanks": (
        [" CLAIM_ID", "Line_Number ", "Member_ID", "\tpaid_amount", "NOTE"],
        {"claim_id": 0, "line_number": 1, "member_id": 2, "paid_amount": 3, "note": 4},
        (),
        (),
    ),
    "another name of a column": (
        ["claim_id", "line_number", "patient_id", "paid_amount", "note"],
        {"claim_id": 0, "line_number": 1, "patient_id": 2, "paid_amount": 3, "note": 4},
        (),
        (),
    ),
    "both names of a column": (
        [*HEADER, "patient_id"],
        {"claim_id": 0, "line_number": 1, "member_id": 2, "patient_id": 5, "paid_amount": 3, "note": 4},
        (),
        (),
    ),
    "a column more": (
        ["new ", *HEADER],
        {"claim_id": 1, "line_number": 2, "member_id": 3, "paid_amount": 4, "note": 5},
        ("new",),
        (),
    ),
    "without an optional column": (
        HEADER[:4],
        {"claim_id": 0, "line_number": 1, "member_id": 2, "paid_amount": 3},
        (),
        ("note",),
    ),
    "a repeated column that nothing reads": (
        [*HEADER, "x", "x"],
        {"claim_id": 0, "line_number": 1, "member_id": 2, "paid_amount": 3, "note": 4},
        ("x", "x"),
        (),
    ),
}


@pytest.mark.parametrize(("found", "positions", "extra", "missing"), MATCHES.values(), ids=MATCHES)
def test_columns_are_found_by_name(
    found: list[str],
    positions: dict[str, int],
    extra: tuple[str, ...],
    missing: tuple[str, ...],
    make_source: MakeSource,
) -> None:
    assert match_header(found, make_source(CLAIM), "f.csv") == HeaderMatch(positions, extra, missing)


def test_a_file_without_header_has_its_declared_columns(make_source: MakeSource) -> None:
    names = ("paid_amount", "claim_id", "line_number", "member_id")
    source = make_source(CLAIM, FileFormat(type="csv", header="none", column_names=names))

    match = match_header([], source, "f.csv")

    assert match.positions == {"paid_amount": 0, "claim_id": 1, "line_number": 2, "member_id": 3}
    assert match.missing_optional == ("note",)


def test_ndjson_has_no_header_to_match(make_source: MakeSource) -> None:
    assert match_header([], make_source(CLAIM, NDJSON), "f.csv") == HeaderMatch({}, (), ())


def test_a_missing_column_is_named_once_and_a_likely_rename_is_suggested(make_source: MakeSource) -> None:
    error = refused(["claim_id", "line_number", "member_id", "amount_paid", "paid_amt"], make_source([*CLAIM, *CLAIM]))

    assert error.reason == "missing_column"
    assert "lacks paid_amount and has unexpected amount_paid, paid_amt (did you mean paid_amt for paid_amount?)" in str(
        error
    )


def test_of_several_names_of_a_missing_column_the_first_is_named(make_source: MakeSource) -> None:
    error = refused(["claim_id", "line_number", "paid_amount"], make_source(CLAIM))

    assert "the header lacks member_id;" in str(error)


def test_long_lists_of_names_are_cut(make_source: MakeSource) -> None:
    error = refused(["claim_id", *(f"x{n}" for n in range(30))], make_source([(("claim_id",), False), (("q",), False)]))

    assert "x9 and 20 more" in str(error)


@pytest.mark.parametrize(
    "found", [["CLM0001", "1", "M00001", "100.50"], ["CLM0001", "line_number", "M00001", "100.50"], ["CLM0001"], [""]]
)
def test_a_first_line_that_is_no_header_is_not_shown(found: list[str], make_source: MakeSource) -> None:
    error = refused(found, make_source(CLAIM))

    matched = found.count("line_number")
    assert error.reason == "missing_column"
    assert f"does not look like a header ({len(found)} fields, {matched} of 4 expected names found)" in str(error)
    assert not any(value in str(error) for value in ("CLM0001", "M00001", "100.50"))


def test_a_first_line_with_none_of_only_optional_columns_is_no_header(make_source: MakeSource) -> None:
    assert "0 of 1 expected names" in str(refused(["CLM0001"], make_source([(("note",), True)])))


REFUSED_IF_STRICT = {
    "one column more": ([*HEADER, "batch"], "unexpected batch;"),
    "two, and one of them without a name": (["", *HEADER, "batch"], "unexpected a column without a name, batch;"),
    "more than are shown": ([*HEADER, *(f"x{n}" for n in range(30))], "x9 and 20 more;"),
}


@pytest.mark.parametrize(("found", "named"), REFUSED_IF_STRICT.values(), ids=REFUSED_IF_STRICT)
def test_under_a_strict_policy_a_name_that_no_column_reads_refuses_the_file(
    found: list[str], named: str, make_source: MakeSource
) -> None:
    with pytest.raises(FileRefusedError, match=r"^f\.csv: .+; expected .+ strict; cure: .+ evolve") as error:
        match_header(found, make_source(CLAIM), "f.csv", SchemaPolicy.STRICT)
    assert error.value.reason == "unexpected_column"
    assert named in str(error.value)


@pytest.mark.parametrize(
    "case", ["as declared", "another order", "another name of a column", "without an optional column"]
)
def test_both_policies_take_another_order_another_declared_name_and_a_missing_optional_column(
    case: str, make_source: MakeSource
) -> None:
    found, source = MATCHES[case][0], make_source(CLAIM)
    assert match_header(found, source, "f.csv", SchemaPolicy.STRICT) == match_header(found, source, "f.csv")


def test_both_policies_refuse_a_file_without_a_required_column_and_say_so_first(make_source: MakeSource) -> None:
    for policy in SchemaPolicy:
        with pytest.raises(FileRefusedError) as error:
            match_header(["claim_id", "line_number", "member_id", "batch"], make_source(CLAIM), "f.csv", policy)
        assert error.value.reason == "missing_column"


def test_columns_that_are_declared_as_left_out_are_never_unexpected(make_source: MakeSource) -> None:
    source = make_source(CLAIM).model_copy(update={"left_out": ("Batch*",)})
    assert match_header([*HEADER, " BATCH_NO"], source, "f.csv", SchemaPolicy.STRICT).extra_columns == ()


def test_columns_that_the_declaration_itself_names_are_never_unexpected(make_source: MakeSource) -> None:
    names = ("claim_id", "line_number", "member_id", "paid_amount", "filler")
    source = make_source(CLAIM, FileFormat(type="csv", header="none", column_names=names))
    assert match_header([], source, "f.csv", SchemaPolicy.STRICT).extra_columns == ("filler",)


@pytest.mark.parametrize("column", ["claim_id", " CLAIM_ID ", "patient_id,patient_id", "note"])
def test_a_repeated_column_that_the_source_reads_is_refused(column: str, make_source: MakeSource) -> None:
    error = refused([*HEADER, *column.split(",")], make_source(CLAIM))

    assert error.reason == "duplicate_column"
    assert column.partition(",")[0].strip().lower() in str(error)


@pytest.mark.parametrize(
    ("line", "delimiter", "quote", "fields"),
    [
        ("a,b", ",", '"', ("a", "b")),
        ('"a,1","b ""x"""', ",", '"', ("a,1", 'b "x"')),
        ('"a"|b', "|", "", ('"a"', "b")),
        ('"a"x,b', ",", '"', ('"a"x', "b")),
        ("", ",", '"', ("",)),
        ('"a', ",", '"', ('"a',)),
        ('"' + "a" * 200_000 + '"', ",", '"', ('"' + "a" * 200_000 + '"',)),
    ],
    ids=["plain", "quoted", "quote is data", "text after quote", "empty", "open quote", "longer than csv reads"],
)
def test_a_line_is_parted_into_fields(line: str, delimiter: str, quote: str, fields: tuple[str, ...]) -> None:
    assert parse_fields(line, delimiter, quote) == fields


@pytest.mark.parametrize(
    ("line", "file_format", "cure"),
    [
        ("a;b;c", CSV, "format.delimiter of the source to ';'"),
        ("a\tb", CSV, r"'\t'"),
        ("a|b", CSV, "'|'"),
        ("a,b", FileFormat(type="csv", delimiter="|"), "','"),
        ('[{"a": 1}]', NDJSON, "jq -c '.[]'"),
        (" { ", NDJSON, "jq -c ."),
    ],
    ids=["semicolon", "tab", "bar", "comma", "array", "pretty"],
)
def test_another_shape_is_refused_with_its_cure(line: str, file_format: FileFormat, cure: str) -> None:
    with pytest.raises(FileRefusedError) as error:
        refuse_other_shape(line, file_format, "f.csv")

    assert cure in str(error.value)


@pytest.mark.parametrize(
    ("line", "file_format"),
    [
        ("a,b;c", CSV),
        ("a", CSV),
        ('"a;b"', CSV),
        ('{"a": 1}', NDJSON),
        ('"', NDJSON),
        ("a;b", FileFormat(type="csv", header="none", column_names=("text",))),
    ],
    ids=["declared delimiter", "one column", "quoted", "object", "scalar", "declared as one column"],
)
def test_the_declared_shape_passes(line: str, file_format: FileFormat) -> None:
    refuse_other_shape(line, file_format, "f.csv")
