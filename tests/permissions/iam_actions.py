"""Which actions of IAM a method of a boto3 client needs: botocore's name of its operation, and the known exceptions."""

from functools import cache

import botocore.session
from botocore import xform_name

from tests.permissions.reached_calls import Call

PREFIXES = {"monitoring": "cloudwatch"}
"""Where IAM calls a service otherwise than requests to it are signed."""

NOT_CALLS = frozenset({"exceptions", "can_paginate", "close"})
NAMED_BY_ARGUMENT = frozenset({"get_paginator", "get_waiter"})
UPLOAD = ("s3:AbortMultipartUpload", "s3:PutObject")
OF_S3 = {
    "head_object": ("s3:GetObject",),
    "head_bucket": ("s3:ListBucket",),
    "list_buckets": ("s3:ListAllMyBuckets",),
    "list_objects": ("s3:ListBucket",),
    "list_objects_v2": ("s3:ListBucket",),
    "list_object_versions": ("s3:ListBucketVersions",),
    "list_parts": ("s3:ListMultipartUploadParts",),
    "list_multipart_uploads": ("s3:ListBucketMultipartUploads",),
    "create_multipart_upload": ("s3:PutObject",),
    "upload_part": ("s3:PutObject",),
    "complete_multipart_upload": ("s3:PutObject",),
    "copy_object": ("s3:GetObject", "s3:PutObject"),
    "upload_part_copy": ("s3:GetObject", "s3:PutObject"),
    "delete_objects": ("s3:DeleteObject",),
    "upload_file": UPLOAD,
    "upload_fileobj": UPLOAD,
    "copy": ("s3:GetObject", *UPLOAD),
    "download_file": ("s3:GetObject",),
    "download_fileobj": ("s3:GetObject",),
}
VERSIONED = {"s3:GetObject": "s3:GetObjectVersion", "s3:DeleteObject": "s3:DeleteObjectVersion"}
WAITS_ON = {"object_exists": "head_object", "object_not_exists": "head_object", "bucket_exists": "head_bucket"}
FOUND_ONLY_BY_LISTING = "s3:GetObject"
"""Without s3:ListBucket an object that is not there reads as forbidden, and the code tells the two apart."""


class UnknownCallError(Exception):
    """Raised for a method of which nobody has said what it needs."""


def actions_of(call: Call) -> tuple[str, ...]:
    """The actions that a call needs; none where it calls nothing.

    Raises:
        UnknownCallError: boto3 has no operation of this name, or it is named by no literal.
    """
    if call.method in NOT_CALLS:
        return ()
    method = call.method
    if method in NAMED_BY_ARGUMENT:
        method = WAITS_ON.get(call.argument, call.argument)
    if call.service == "s3" and method in OF_S3:
        actions = OF_S3[method]
    else:
        prefix, operations = _service(call.service)
        if method not in operations:
            raise UnknownCallError(f"{call.function}:{call.line} calls {call.service}.{call.method}({call.argument})")
        actions = (f"{prefix}:{operations[method]}",)
    return tuple(VERSIONED.get(one, one) if "VersionId" in call.keywords else one for one in actions)


@cache
def _service(name: str) -> tuple[str, dict[str, str]]:
    model = botocore.session.get_session().get_service_model(name)
    prefix = PREFIXES.get(model.signing_name, model.signing_name)
    return prefix, {xform_name(one): one for one in model.operation_names}
