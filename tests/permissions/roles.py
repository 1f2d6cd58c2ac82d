"""The roles of the stack, and what each needs."""

from collections.abc import Callable, Mapping
from functools import partial

from tests.permissions.code_needs import function_code, job_code, job_module, reached
from tests.permissions.estate import Estate, Need
from tests.permissions.pipeline_needs import scheduler, state_machine
from tests.permissions.service_needs import athena, glue_service, lambda_service, spark


def _function(name: str, estate: Estate) -> set[Need]:
    asks_athena = "ATHENA_WORKGROUP" in estate.function(name)["Environment"]["Variables"]
    return function_code(estate, name) | lambda_service(estate, name) | (athena(estate) if asks_athena else set())


def _job(name: str, estate: Estate) -> set[Need]:
    return job_code(estate, name) | glue_service(estate, name) | spark(estate, reached(job_module(name), "main"))


ROLES: Mapping[str, Callable[[Estate], set[Need]]] = {
    **{
        name: partial(_function, name)
        for name in ("s3-event-trigger", "data-validation", "error-handler", "post-processing")
    },
    **{
        name: partial(_job, name)
        for name in ("process-medical-claims", "maintain-tables", "load-code-sets", "summarize-claims")
    },
    "claims-pipeline": state_machine,
    "scheduler": scheduler,
}
