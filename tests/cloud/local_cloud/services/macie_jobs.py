"""Macie's jobs, and where their findings go, which moto does not have."""

import re
import uuid
from datetime import UTC, datetime

from moto.core.responses import ActionResult

from tests.cloud.local_cloud.new_service import NewService, find

JOBS, EXPORT = "jobs", "export"


class MacieJobs(NewService):
    """Jobs that look for personal data; they find nothing."""

    boto_name = signing_name = "macie2"
    paths = re.compile(r"/(jobs|classification-export-configuration)")

    def create_classification_job(self) -> ActionResult:
        """Keep a job."""
        identifier = uuid.uuid4().hex
        arn = self.arn(f"classification-job/{identifier}")
        status = "IDLE" if self.params["jobType"] == "SCHEDULED" else "RUNNING"
        self.records(JOBS)[identifier] = {
            **self.given("clientToken"),
            "jobId": identifier,
            "jobArn": arn,
            "jobStatus": status,
            "createdAt": datetime.now(UTC),
        }
        return ActionResult({"jobId": identifier, "jobArn": arn})

    def describe_classification_job(self) -> ActionResult:
        """One job."""
        return ActionResult(find(self.records(JOBS), self.params["jobId"]))

    def update_classification_job(self) -> ActionResult:
        """Change the state of a job; a job is never deleted, but cancelled."""
        find(self.records(JOBS), self.params["jobId"])["jobStatus"] = self.params["jobStatus"]
        return ActionResult({})

    def put_classification_export_configuration(self) -> ActionResult:
        """Keep where findings go; nothing given means nowhere."""
        configuration = self.params.get("configuration") or {}
        self.records(EXPORT)["configuration"] = configuration
        return ActionResult({"configuration": configuration})

    def get_classification_export_configuration(self) -> ActionResult:
        """Where findings go."""
        return ActionResult({"configuration": self.records(EXPORT).get("configuration", {})})
