"""Redshift Serverless, which moto does not have: namespaces, workgroups and limits of use."""

import uuid
from datetime import UTC, datetime

from moto.core.responses import ActionResult, EmptyResult

from tests.cloud.local_cloud.memory import Record
from tests.cloud.local_cloud.new_service import NewService, find, remove

NAMESPACES, WORKGROUPS, LIMITS, TAGS = "namespaces", "workgroups", "usage limits", "tags"
AWS_CONFIG = {
    "auto_mv": "true",
    "datestyle": "ISO, MDY",
    "enable_case_sensitive_identifier": "false",
    "enable_user_activity_logging": "true",
    "query_group": "default",
    "require_ssl": "true",
    "search_path": "$user, public",
    "use_fips_ssl": "false",
    "max_query_execution_time": "14400",
}
"""What AWS reads back of a workgroup, given or not (terraform-provider-aws 33916): a module that gives some drifts."""
PORT = 5439


class RedshiftServerless(NewService):
    """Everything is available at once; no SQL is run here."""

    boto_name = signing_name = "redshift-serverless"

    def create_namespace(self) -> ActionResult:
        """Keep a namespace; the password, which AWS keeps in a secret, is not kept."""
        name = self.params["namespaceName"]
        namespace = {
            **self._identified("namespace"),
            **self.given("tags", "adminUserPassword", "manageAdminPassword"),
            "iamRoles": _roles(self.params.get("iamRoles")),
            "status": "AVAILABLE",
        }
        if self.params.get("manageAdminPassword"):
            namespace["adminPasswordSecretArn"] = (
                f"arn:{self.partition}:secretsmanager:{self.region}:{self.current_account}:secret:redshift!{name}"
            )
        self.records(NAMESPACES)[name] = namespace
        return ActionResult({"namespace": namespace})

    def get_namespace(self) -> ActionResult:
        """One namespace."""
        return ActionResult({"namespace": find(self.records(NAMESPACES), self.params["namespaceName"])})

    def update_namespace(self) -> ActionResult:
        """Change what is given."""
        namespace = find(self.records(NAMESPACES), self.params["namespaceName"])
        namespace.update(self.given("adminUserPassword", "manageAdminPassword", "iamRoles"))
        if "iamRoles" in self.params:
            namespace["iamRoles"] = _roles(self.params["iamRoles"])
        return ActionResult({"namespace": namespace})

    def list_namespaces(self) -> ActionResult:
        """All namespaces."""
        return ActionResult({"namespaces": list(self.records(NAMESPACES).values())})

    def delete_namespace(self) -> ActionResult:
        """Forget a namespace."""
        return ActionResult({"namespace": remove(self.records(NAMESPACES), self.params["namespaceName"])})

    def create_workgroup(self) -> ActionResult:
        """Keep a workgroup of a namespace that is there."""
        find(self.records(NAMESPACES), self.params["namespaceName"])
        name = self.params["workgroupName"]
        host = f"{name}.{self.current_account}.{self.region}.redshift-serverless.amazonaws.com"
        workgroup = {
            "enhancedVpcRouting": False,
            "publiclyAccessible": False,
            "port": PORT,
            "trackName": "current",
            **self._identified("workgroup"),
            **self.given("tags"),
            "configParameters": _config(self.params.get("configParameters")),
            "endpoint": {"address": host, "port": self.params.get("port", PORT), "vpcEndpoints": []},
            "status": "AVAILABLE",
        }
        self.records(WORKGROUPS)[name] = workgroup
        return ActionResult({"workgroup": workgroup})

    def get_workgroup(self) -> ActionResult:
        """One workgroup."""
        return ActionResult({"workgroup": find(self.records(WORKGROUPS), self.params["workgroupName"])})

    def update_workgroup(self) -> ActionResult:
        """Change what is given."""
        workgroup = find(self.records(WORKGROUPS), self.params["workgroupName"])
        workgroup.update(self.given("configParameters"))
        if "configParameters" in self.params:
            workgroup["configParameters"] = _config(self.params["configParameters"])
        return ActionResult({"workgroup": workgroup})

    def list_workgroups(self) -> ActionResult:
        """All workgroups."""
        return ActionResult({"workgroups": list(self.records(WORKGROUPS).values())})

    def delete_workgroup(self) -> ActionResult:
        """Forget a workgroup."""
        return ActionResult({"workgroup": remove(self.records(WORKGROUPS), self.params["workgroupName"])})

    def create_usage_limit(self) -> ActionResult:
        """Keep a limit of use."""
        identifier = str(uuid.uuid4())
        limit = {**self.given(), "usageLimitId": identifier, "usageLimitArn": self.arn(f"usagelimit/{identifier}")}
        self.records(LIMITS)[identifier] = limit
        return ActionResult({"usageLimit": limit})

    def get_usage_limit(self) -> ActionResult:
        """One limit."""
        return ActionResult({"usageLimit": find(self.records(LIMITS), self.params["usageLimitId"])})

    def update_usage_limit(self) -> ActionResult:
        """Change what is given."""
        limit = find(self.records(LIMITS), self.params["usageLimitId"])
        limit.update(self.given())
        return ActionResult({"usageLimit": limit})

    def delete_usage_limit(self) -> ActionResult:
        """Forget a limit."""
        return ActionResult({"usageLimit": remove(self.records(LIMITS), self.params["usageLimitId"])})

    def list_tags_for_resource(self) -> ActionResult:
        """The tags of a namespace or a workgroup."""
        return ActionResult({"tags": self.records(TAGS).get(self.params["resourceArn"], {}).get("tags", [])})

    def tag_resource(self) -> EmptyResult:
        """Replace the tags of a namespace or a workgroup."""
        self.records(TAGS)[self.params["resourceArn"]] = {"tags": self.params["tags"]}
        return EmptyResult()

    def _identified(self, what: str) -> Record:
        """The identifier, ARN and time of a new namespace or workgroup, whose tags are kept beside it."""
        identifier = str(uuid.uuid4())
        arn = self.arn(f"{what}/{identifier}")
        self.records(TAGS)[arn] = {"tags": self.params.get("tags") or []}
        return {f"{what}Id": identifier, f"{what}Arn": arn, "creationDate": datetime.now(UTC)}


def _roles(arns: list[str] | None) -> list[str]:
    """Roles as AWS reads them back, and as Terraform takes them apart."""
    return [f"IamRole(applyStatus=in-sync, iamRoleArn={arn})" for arn in arns or []]


def _config(given: list[Record] | None) -> list[Record]:
    merged = AWS_CONFIG | {entry["parameterKey"]: entry["parameterValue"] for entry in given or []}
    return [{"parameterKey": key, "parameterValue": value} for key, value in merged.items()]
