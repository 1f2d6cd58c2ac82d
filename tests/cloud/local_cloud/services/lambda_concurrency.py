"""Lambda's provisioned concurrency, which moto does not have."""

import re
from datetime import UTC, datetime

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult

from tests.cloud.local_cloud.new_service import NewService

KIND = "provisioned concurrency"


class NotConfiguredError(ServiceException):
    """Raised when a version or an alias has no provisioned concurrency."""

    code = "ProvisionedConcurrencyConfigNotFoundException"
    message = "No Provisioned Concurrency Config found for this function"


class ProvisionedConcurrency(NewService):
    """What is asked for is there at once."""

    boto_name = signing_name = "lambda"
    paths = re.compile(r"/[^/]+/functions/[^/]+/provisioned-concurrency$")

    def put_provisioned_concurrency_config(self) -> ActionResult:
        """Keep the number of instances that wait."""
        wanted = self.params["ProvisionedConcurrentExecutions"]
        kept = {
            "RequestedProvisionedConcurrentExecutions": wanted,
            "AvailableProvisionedConcurrentExecutions": wanted,
            "AllocatedProvisionedConcurrentExecutions": wanted,
            "Status": "READY",
            "LastModified": datetime.now(UTC).isoformat(),
        }
        self.records(KIND)[self._name()] = kept
        return ActionResult(kept)

    def get_provisioned_concurrency_config(self) -> ActionResult:
        """What is kept for a version or an alias."""
        if self._name() not in self.records(KIND):
            raise NotConfiguredError
        return ActionResult(self.records(KIND)[self._name()])

    def delete_provisioned_concurrency_config(self) -> EmptyResult:
        """Forget it."""
        self.records(KIND).pop(self._name(), None)
        return EmptyResult()

    def _name(self) -> str:
        return f"{self.params['FunctionName']}:{self.params['Qualifier']}"
