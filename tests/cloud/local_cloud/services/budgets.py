"""Budgets: who is told of a budget, and its tags."""

from collections.abc import Callable
from typing import Any

from moto.budgets.responses import BudgetsResponse
from moto.core.responses import ActionResult

from tests.cloud.local_cloud.memory import kept_on
from tests.cloud.local_cloud.registry import adds, changes

NAMING = ("NotificationType", "ComparisonOperator", "Threshold")
TAGS = "tags"


@adds(BudgetsResponse, expected="every read of a budget asks for the subscribers of each notification")
def describe_subscribers_for_notification(self: BudgetsResponse) -> ActionResult:
    wanted: dict[str, Any] = self._get_param("Notification")
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    subscribers = [
        notification.subscribers
        for notification in budget.notifications
        if all(notification.details.get(part) == wanted.get(part) for part in NAMING)
    ]
    return ActionResult({"Subscribers": subscribers[0] if subscribers else []})


@adds(BudgetsResponse, expected="the tags of a budget are read back")
def list_tags_for_resource(self: BudgetsResponse) -> ActionResult:
    kept = kept_on(self.backend, TAGS).get(self._get_param("ResourceARN"), {})
    return ActionResult({"ResourceTags": kept.get("tags", [])})


@changes(BudgetsResponse, "create_budget", expected="a budget carries tags", moto="forgets them")
def create_budget(original: Callable[[BudgetsResponse], str], self: BudgetsResponse) -> str:
    name = self._get_param("Budget")["BudgetName"]
    arn = f"arn:{self.partition}:budgets::{self._get_param('AccountId')}:budget/{name}"
    kept_on(self.backend, TAGS)[arn] = {"tags": self._get_param("ResourceTags") or []}
    return original(self)
