"""Lambda: settings of a function and of a queue's mapping as they are read back."""

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaFunction
from moto.ec2.models import ec2_backends

from tests.cloud.local_cloud.memory import note, noted
from tests.cloud.local_cloud.registry import changes

SETTINGS = "settings"
Settings = dict[str, Any]
KEPT: dict[str, Settings] = {"DeadLetterConfig": {}, "LoggingConfig": {"LogFormat": "Text"}}
"""Settings that moto forgets, and what AWS says where none is given."""


@changes(
    LambdaFunction,
    "__init__",
    expected="a function has a queue for events that it failed on, and settings of its log",
    moto="forgets both",
)
def keep_settings(
    original: Callable[..., None],
    self: LambdaFunction,
    account_id: str,
    spec: dict[str, Any],
    *rest: Any,  # noqa: ANN401 - what moto's own takes further
    **options: Any,  # noqa: ANN401
) -> None:
    original(self, account_id, spec, *rest, **options)
    note(self, SETTINGS, {name: spec.get(name) or default for name, default in KEPT.items()})


@changes(
    LambdaFunction,
    "update_configuration",
    expected="both settings can be changed",
    moto="forgets both",
)
def change_settings(
    original: Callable[..., dict[str, Any]], self: LambdaFunction, config_updates: dict[str, Any]
) -> dict[str, Any]:
    changed = {name: config_updates[name] for name in KEPT if config_updates.get(name) is not None}
    note(self, SETTINGS, noted(self, SETTINGS) | changed)
    return original(self, config_updates)


@changes(
    LambdaFunction,
    "get_configuration",
    expected="both settings are read back",
    moto="leaves both out",
)
def read_settings(
    original: Callable[..., dict[str, Any]], self: LambdaFunction, on_create: bool = False
) -> dict[str, Any]:
    settings = noted(self, SETTINGS)
    logging = {"LogGroup": f"/aws/lambda/{self.function_name}", **settings["LoggingConfig"]}
    return {**original(self, on_create), **settings, "LoggingConfig": logging}


@changes(
    LambdaFunction,
    "vpc_config",
    expected="the VPC is that of the function's subnets: a destroy looks there for the default security group",
    moto="names a VPC that is not there",
)
def name_the_vpc(original: Callable[[LambdaFunction], Settings | None], self: LambdaFunction) -> Settings | None:
    config = original(self)
    if not config or not config.get("SubnetIds"):
        return config
    subnet = ec2_backends[self.account_id][self.region].get_subnet(config["SubnetIds"][0])
    return {**config, "VpcId": subnet.vpc_id}


@changes(
    EventSourceMapping,
    "get_configuration",
    expected="a queue's mapping to an alias names the alias",
    moto="names the version that the alias stood for",
)
def name_the_alias(
    original: Callable[[EventSourceMapping], dict[str, Any]], self: EventSourceMapping
) -> dict[str, Any]:
    configuration = original(self)
    named = str(self.function_name)
    return {**configuration, "FunctionArn": named} if named.startswith("arn:") else configuration
