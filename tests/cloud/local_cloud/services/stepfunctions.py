"""Step Functions: what Terraform asks of a state machine beyond its definition."""

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from tests.cloud.local_cloud.registry import adds


@adds(StepFunctionResponse, expected="a plan asks whether a changed definition is valid, and stops where it is not")
def validate_state_machine_definition(self: StepFunctionResponse) -> ActionResult:
    try:
        StepFunctionsParserBackend._validate_definition(self._get_param("definition"))  # noqa: SLF001 - no other way in
    except Exception as fault:
        message = str(getattr(fault, "message", fault))
        finding = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": message}
        return ActionResult({"result": "FAIL", "diagnostics": [finding], "truncated": False})
    return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})


@adds(StepFunctionResponse, expected="an apply reads the published versions of a state machine")
def list_state_machine_versions(self: StepFunctionResponse) -> ActionResult:
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    newest_first = reversed(machine.versions.values())
    return ActionResult(
        {
            "stateMachineVersions": [
                {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
                for version in newest_first
            ]
        }
    )
