import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from glue_jobs.transforms.parse_json import (
    has_equal_keys,
    is_wrong_type,
    item_maps,
    json_members,
    json_text,
    member_text,
)


def read(spark: SparkSession, lines: list[str], column: Column) -> list[object]:
    frame = spark.createDataFrame([(number, line) for number, line in enumerate(lines)], "number int, line string")
    members = frame.select("number", json_members(F.col("line")).alias("members"))
    return [row["found"] for row in members.select("number", column.alias("found")).orderBy("number").collect()]


def texts() -> Column:
    return F.transform_values("members", lambda _, marked: json_text(marked))


MEMBERS: dict[str, tuple[str, dict[str, str | None]]] = {
    "number and text": ('{"a": 1, "b": "x"}', {"a": "1", "b": "x"}),
    "every digit": ('{"a": 0.10000000000000000000000000000000001}', {"a": "0.10000000000000000000000000000000001"}),
    "numbers as written": ('{"a": 1.50, "b": -1e400}', {"a": "1.50", "b": "-1e400"}),
    "words": ('{"a": true, "b": null}', {"a": "true", "b": None}),
    "what looks like JSON in a text": ('{"a": "x: \\"y\\": 3, true"}', {"a": 'x: "y": 3, true'}),
    "escapes": ('{"a": "\\ud83d\\ude00\\u00e9\\n"}', {"a": "\U0001f600é\n"}),
    "empty": (" {} ", {}),
}


def test_members_come_out_as_they_were_written(spark: SparkSession) -> None:
    found = read(spark, [line for line, _ in MEMBERS.values()], texts())
    assert dict(zip(MEMBERS, found, strict=True)) == {case: members for case, (_, members) in MEMBERS.items()}


def test_what_is_not_one_strict_json_object_is_not_read(spark: SparkSession) -> None:
    lines = [
        '{"a":01}', "[]", "null", "42", '{"a":1}x', '{"a":1}{"b":2}', '{"a":1,}', "{'a':1}", '{"a":NaN}',
        '{"a":-Infinity}', '{"a":1',
        '{"a":"\\u0000"}', '{"a":"\\u0001"}', '{"a":"\\ud800"}', '{"a":"\t"}', '{"a":"x\ny"}',
        '{"a":.5}', '{"a":[1,]}', '{"a" 1}', "{a:1}", '{"a":tru}', '{"a":{"b":{"c":{"d":{"e":1}}}}}', "",
    ]  # fmt: skip
    found = read(spark, lines, F.col("members"))
    assert {line: members for line, members in zip(lines, found, strict=True) if members is not None} == {}


def test_equal_keys_are_found_in_the_record_and_in_its_items(spark: SparkSession) -> None:
    assert read(spark, ['{"a":1,"a":2}', '{"a":1,"b":1}'], has_equal_keys(F.col("members"))) == [True, False]
    items = F.transform(item_maps(member_text(F.col("members"), "l")), has_equal_keys)
    assert read(spark, ['{"l":[{"q":1,"q":1},{"q":2}]}'], items) == [[True, False]]


def test_a_value_of_another_json_type_is_told(spark: SparkSession) -> None:
    wrong_as_text_and_number: dict[str, tuple[bool | None, bool | None]] = {
        '"x"': (False, False),
        "1": (True, False),
        "true": (True, True),
        '{"v":1}': (True, True),
        '["a"]': (True, True),
        "null": (None, None),
        '"{"': (False, False),
    }
    marked = member_text(F.col("members"), "a")
    told = F.array(is_wrong_type(marked, numeric=False), is_wrong_type(marked, numeric=True))
    found = read(spark, [f'{{"a": {value}}}' for value in wrong_as_text_and_number], told)
    expected = {value: list(told) for value, told in wrong_as_text_and_number.items()}
    assert dict(zip(wrong_as_text_and_number, found, strict=True)) == expected


def test_a_dotted_path_leads_into_nested_objects(spark: SparkSession) -> None:
    assert read(
        spark, ['{"m":{"id":"7","n":1.10}}', '{"m":1}', "{}"], json_text(member_text(F.col("members"), "m.n"))
    ) == ["1.10", None, None]


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False).map(float)
    | st.text(max_size=8)
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(st.dictionaries(st.text('abc:"\\', max_size=4), scalars, max_size=5), min_size=60, max_size=60))
def test_every_object_that_python_writes_is_read(spark: SparkSession, records: list[dict[str, object]]) -> None:
    readable = [record for record in records if "\\u00" not in json.dumps(record) and "\\ud" not in json.dumps(record)]
    lines = [json.dumps(record) for record in readable]
    expected = [
        {key: value if value is None or isinstance(value, str) else json.dumps(value) for key, value in record.items()}
        for record in readable
    ]
    assert read(spark, lines, texts()) == expected


def test_the_public_json_corpus_is_accepted_and_refused_as_it_says(spark: SparkSession, shared: Path) -> None:
    cases = {}
    for path in sorted((shared / "badfiles/public/JSONTestSuite").glob("[ny]_*.json")):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        if "\n" not in text.strip() and text.strip().startswith("{"):
            cases[path.name] = text.strip()
    found = read(spark, list(cases.values()), F.col("members").isNotNull())
    accepted = {name for name, taken in zip(cases, found, strict=True) if taken}
    assert len(cases) >= 20
    assert accepted == {name for name in cases if name.startswith("y_") and name != "y_object_escaped_null_in_key.json"}
