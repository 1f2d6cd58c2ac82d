"""A page in the browser that shows the pipeline of `make cloud` live: runs, files, quarantine, alarms, queues.

It is rendered by who serves the stack, and asks itself anew every two seconds; it holds names and counts only.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from expectations.object_keys import safe_uri
from tests.cloud.local_cloud.server import ROOT
from tests.cloud.pipeline import Heard, Pipeline

MOST = 50
"""Rows of a table; the newest."""
STYLE = ROOT / "expectations" / "templates" / "run_report.css"

Row = tuple[object, ...]


class LivePage:
    """What the browser gets; whoever serves the stack sets `html`."""

    def __init__(self, port: int = 0) -> None:
        self.html = "<!DOCTYPE html><meta http-equiv='refresh' content='1'><title>Starting</title>"
        page = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = page.html.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:  # noqa: ANN401 - http.server's own
                """Requests are nobody's business."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def served(self) -> Iterator["LivePage"]:
        """Answer browsers meanwhile."""
        thread = Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def show(self, pipeline: Pipeline) -> None:
        """Let the page show what is now."""
        self.html = rendered(pipeline)


def rendered(pipeline: Pipeline) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("live_page.html.j2").render(
        cloud=pipeline.cloud.url,
        style=STYLE.read_text(),
        runs=_newest(_runs(pipeline)),
        files=_newest(_files(pipeline)),
        quarantine=_newest(_quarantine(pipeline)),
        alarms=[_alarm(one) for one in pipeline.heard()[::-1][:MOST]],
        waiting=[(name, count) for name, count in sorted(pipeline.waiting_messages().items())],
    )


def _runs(pipeline: Pipeline) -> Iterator[Row]:
    for one in pipeline.executions():
        yield one.status, one.job_id, one.path[-1], f"{(one.ended_at - one.started_at).total_seconds():.0f}"


def _files(pipeline: Pipeline) -> Iterator[Row]:
    items = (item for item in pipeline.landed() if "object_key" in item)
    for item in sorted(items, key=lambda one: str(one["landed_at"]["S"])):
        state = "in a run" if "job_id" in item else "waiting"
        yield state, item["source"]["S"], safe_uri(item["object_key"]["S"]), item["landed_at"]["S"][:19]


def _quarantine(pipeline: Pipeline) -> Iterator[Row]:
    keys = (key for key in pipeline.keys("quarantine", "files/") if key.endswith("/note.json"))
    notes = (json.loads(pipeline.read("quarantine", key)) for key in keys)
    for note in sorted(notes, key=lambda one: str(one["quarantined_at"])):
        yield note["reason"], safe_uri(note["original_uri"]), note["quarantined_at"][:19]


def _alarm(heard: Heard) -> Row:
    told = heard.message
    if told.get("event_type") == "error":
        what = f"{told['error_type']}: {told['error_message']}"
    else:
        what = f"{told.get('status')} {told.get('job_id')}"
    return heard.topic, what, str(told.get("timestamp", ""))[:19]


def _newest(rows: Iterator[Row]) -> list[Row]:
    return list(rows)[::-1][:MOST]
