"""Hands a request to the service that answers it: one of our own where moto has none, else moto's."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import Flask, Response
from moto.core.utils import convert_to_flask_response
from moto.moto_server.werkzeug_app import (
    HTTP_METHODS,
    BackendRequest,
    DomainDispatcherApplication,
    create_backend_app,
)

from tests.cloud.local_cloud import services
from tests.cloud.local_cloud.controls import PREFIX, controls
from tests.cloud.local_cloud.new_service import NewService
from tests.cloud.local_cloud.runtimes.faults import FAULTS
from tests.cloud.local_cloud.turns import TURN

WAITING_TARGETS = {"AmazonSQS.ReceiveMessage", "AWSStepFunctions.StartSyncExecution"}
WAITING_PATH = "/invocations"
"""Of Lambda: the function may call us."""


def load_services() -> None:
    """Import every module of `services`, so that all changes are declared."""
    for module in pkgutil.iter_modules(services.__path__):
        importlib.import_module(f"{services.__name__}.{module.name}")


def new_services() -> list[type[NewService]]:
    """The services, or parts of them, that moto does not have."""
    return NewService.__subclasses__()


class Dispatcher(DomainDispatcherApplication):
    """The dispatcher of moto's server, and before it the services that moto does not have.

    Requests take turns; those that may wait for another request, and those of S3, go side by side.
    """

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.controls = controls()
        self.applications = [(service, _application(service)) for service in new_services()]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the request, unless a test has planted that its service is away."""
        if FAULTS.next_of(_service(environ)):
            return Response(status=503)(environ, start_response)
        turn: AbstractContextManager[object] = nullcontext() if _may_wait(environ) else TURN
        with turn:
            answer: Iterable[bytes] = super().__call__(environ, start_response)
        return answer

    def get_application(self, environ: dict[str, Any]) -> Flask:
        """The application that answers the request."""
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return self.controls
        name = _service(environ)
        for service, application in self.applications:
            if service.signing_name == name and service.paths.match(environ.get("PATH_INFO", "")):
                return application
        return super().get_application(environ)


def _may_wait(environ: dict[str, Any]) -> bool:
    return (
        _service(environ) in {"", "s3"}
        or environ.get("HTTP_X_AMZ_TARGET") in WAITING_TARGETS
        or environ.get("PATH_INFO", "").endswith(WAITING_PATH)
    )


def _service(environ: dict[str, Any]) -> str:
    return signing_name(environ.get("HTTP_AUTHORIZATION", ""))


def signing_name(authorization: str) -> str:
    """The service for which a request is signed: `... Credential=key/day/region/service/aws4_request, ...`."""
    _, _, credential = authorization.partition("Credential=")
    parts = credential.partition(",")[0].split("/")
    return parts[-2] if len(parts) >= 5 else ""


def _application(service: type[NewService]) -> Flask:
    application = Flask(service.__name__)
    application.request_class = BackendRequest
    answer = convert_to_flask_response(service.dispatch)
    for rule in ("/", "/<path:path>"):
        application.add_url_rule(rule, rule, answer, methods=HTTP_METHODS, strict_slashes=False)
    return application
