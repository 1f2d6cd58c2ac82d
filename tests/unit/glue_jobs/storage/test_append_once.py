"""Which rows are added to a table of accounts: those whose key is not there yet."""

from glue_jobs.storage.append_once import missing_rows
from glue_jobs.storage.ingest_audit import ROW_KEY


def row(file_id: str, status: str = "published", name: str = "a.csv") -> dict[str, object]:
    return {"run_id": "run-1", "file_id": file_id, "status": status, "file_name": name}


def test_a_row_whose_key_is_there_is_left_out_and_the_same_file_with_another_fate_is_not() -> None:
    there = {("run-1", "f1", "published")}
    assert missing_rows([row("f1"), row("f1", "known"), row("f2")], ROW_KEY, there) == [row("f1", "known"), row("f2")]


def test_refused_files_of_one_run_have_no_id_and_are_all_added() -> None:
    refused = [row("", "refused", "a.csv"), row("", "refused", "b.csv")]
    assert missing_rows(refused, ROW_KEY, set()) == refused
    assert missing_rows(refused, ROW_KEY, {("run-1", "", "refused")}) == []
