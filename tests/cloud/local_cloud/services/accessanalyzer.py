"""Access Analyzer, which moto does not have: analyzers that find what is shared outside."""

from datetime import UTC, datetime

from moto.core.responses import ActionResult, EmptyResult

from tests.cloud.local_cloud.new_service import NewService, find, remove

KIND = "analyzers"


class AccessAnalyzer(NewService):
    """Analyzers by their names; they find nothing."""

    boto_name = "accessanalyzer"
    signing_name = "access-analyzer"

    def create_analyzer(self) -> ActionResult:
        """Keep an analyzer, active at once."""
        name = self.params["analyzerName"]
        arn = self.arn(f"analyzer/{name}")
        self.records(KIND)[name] = {
            **self.given("analyzerName", "clientToken", "archiveRules"),
            "arn": arn,
            "name": name,
            "status": "ACTIVE",
            "createdAt": datetime.now(UTC),
        }
        return ActionResult({"arn": arn})

    def get_analyzer(self) -> ActionResult:
        """One analyzer, with its tags."""
        return ActionResult({"analyzer": find(self.records(KIND), self.params["analyzerName"])})

    def list_analyzers(self) -> ActionResult:
        """All analyzers."""
        return ActionResult({"analyzers": list(self.records(KIND).values())})

    def delete_analyzer(self) -> EmptyResult:
        """Forget an analyzer."""
        remove(self.records(KIND), self.params["analyzerName"])
        return EmptyResult()
