from pathlib import Path

import pytest

from tests.permissions.reached_calls import uses
from tests.unit.permissions.sources import called, read

STORE = """
    import boto3
    from lambdas.common.object_store import ObjectStore
    STORE = ObjectStore(boto3.client("s3"))
"""


def test_a_call_is_found_through_the_class_that_wraps_it_and_others_of_the_class_are_not(tmp_path: Path) -> None:
    reached = read(tmp_path, f"{STORE}\n    def handle(event, context):\n        return STORE.read(event['uri'])\n")
    assert called(reached) == {"s3.get_object"}
    assert reached.unresolved == set()


def test_a_call_is_found_in_a_function_of_another_module_with_a_field_of_an_object(tmp_path: Path) -> None:
    service = """
        from dataclasses import dataclass
        from lambdas.common.object_store import ObjectStore
        @dataclass
        class Service:
            store: ObjectStore
            def clean(self, places: list[str]) -> None:
                for place in places:
                    self._clean(place)
            def _clean(self, place):
                self.store.delete(place)
    """
    handler = (
        STORE
        + """
    from lambdas.ours.service import Service
    def handle(event, context):
        Service(STORE).clean(event["places"])
    """
    )
    assert called(read(tmp_path, handler, service=service)) == {"s3.delete_object"}


def test_a_client_is_followed_into_a_parameter_whose_type_is_a_protocol(tmp_path: Path) -> None:
    ledger = """
        from typing import Any, Protocol
        class Table(Protocol):
            def put_item(self, **arguments: Any) -> Any: ...
        class Ledger:
            def __init__(self, client: Table, table: str) -> None:
                self._client, self._table = client, table
            def add(self, item):
                self._tried(self._client.put_item, Item=item)
            def _tried(self, call: Any, **arguments: Any) -> None:
                call(TableName=self._table, **arguments)
    """
    handler = """
        import boto3
        from lambdas.ours.ledger import Ledger
        LEDGER = Ledger(boto3.client("dynamodb"), "table")
        def handle(event, context):
            LEDGER.add(event)
    """
    assert called(read(tmp_path, handler, ledger=ledger)) == {"dynamodb.put_item"}


@pytest.mark.parametrize(
    "use",
    [
        "(lambda: STORE.write(event['uri'], b''))()",
        "run(STORE.write)",
        "[STORE.write(one, b'') for one in event]",
        "unknown(event).write('x', b'')",
    ],
    ids=["in a lambda", "handed on", "in a comprehension", "of an object that nothing tells of"],
)
def test_a_call_is_found_wherever_it_stands(tmp_path: Path, use: str) -> None:
    handler = f"{STORE}\n    def run(call):\n        call('x', b'')\n    def unknown(x):\n        return x['store']\n"
    reached = read(tmp_path, f"{handler}\n    def handle(event, context):\n        return {use}\n")
    assert called(reached) == {"s3.put_object"}


def test_an_operation_that_a_paginator_is_made_for_is_told_by_its_name(tmp_path: Path) -> None:
    reached = read(tmp_path, f"{STORE}\n    def handle(event, context):\n        return STORE.list('x')\n")
    assert called(reached) == {"s3.get_paginator(list_objects_v2)"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return boto3.resource('s3').Bucket('x')", "boto3.resource"),
        ("return boto3.Session().client('s3')", "boto3.Session"),
        ("return boto3.client(event['service'])", "not written there"),
        ("return getattr(boto3.client('s3'), event['method'])()", "cannot be followed"),
        ("clients = {'s3': boto3.client('s3')}", "cannot be followed"),
        ("from botocore.session import get_session; return get_session()", "botocore.session"),
    ],
)
def test_what_could_hide_a_call_is_told(tmp_path: Path, body: str, told: str) -> None:
    reached = read(tmp_path, f"import boto3\ndef handle(event, context):\n    {body}\n")
    assert any(told in one for one in reached.unresolved)


def test_an_entry_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="handle"):
        read(tmp_path, "def other(): ...")


PLACES = (
    STORE
    + """
    from dataclasses import dataclass
    from lambdas.common.settings import Settings
    class OurSettings(Settings):
        reports_uri: str
        temp_uri: str
    SETTINGS = OurSettings.read({})
    @dataclass
    class Places:
        reports: str
        temp: str
    def note(folder: str, name: str) -> str:
        return f"{folder}/notes/{name}.json"
    class Work:
        def __init__(self, places: Places):
            self.places = places
        def go(self, event):
            %s
    def handle(event, context):
        Work(Places(SETTINGS.reports_uri, temp=SETTINGS.temp_uri)).go(event)
"""
)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("STORE.read(f'{self.places.reports}/x.json')", "${REPORTS_URI}/x.json"),
        ("STORE.read(note(self.places.temp, event))", "${TEMP_URI}/notes/x.json"),
        ("place = note(self.places.temp, event); STORE.read(place)", "${TEMP_URI}/notes/x.json"),
        ("STORE.read(f'{self.places.temp}/{event.job_id}')", "${TEMP_URI}/claims-etl-20240101-120000-1234"),
        ("STORE.read(next(one for one in STORE.list(self.places.temp)))", None),
        ("[STORE.read(one) for one in STORE.list(self.places.temp)]", "${TEMP_URI}/x"),
        ("STORE.read(event['uri'])", None),
    ],
)
def test_where_a_call_goes_is_read_from_settings_and_keys(tmp_path: Path, body: str, place: str | None) -> None:
    reached = read(tmp_path, PLACES % body)
    asked = [(asking, wrapper) for asking, wrapper, call in uses(reached) if call.method == "get_object"]
    assert asked == [("lambdas.ours.handler.Work.go", "lambdas.common.object_store.ObjectStore.read")]
    assert reached.places[*asked[0], "uri"] == ({place} if place else set())
