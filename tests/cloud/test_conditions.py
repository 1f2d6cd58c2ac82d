"""Conditions of a policy are decided as IAM decides them."""

from typing import Any

import pytest

from tests.cloud.local_cloud.conditions import UnknownOperatorError, conditions_hold

ENCRYPTION = "s3:x-amz-server-side-encryption"
TLS_MISSING = {"Bool": {"aws:SecureTransport": "false"}}
OTHER_ENCRYPTION = {"Null": {ENCRYPTION: "false"}, "StringNotEquals": {ENCRYPTION: "aws:kms"}}


@pytest.mark.parametrize(
    ("conditions", "context", "holds"),
    [
        pytest.param({}, {}, True, id="no condition holds"),
        pytest.param(TLS_MISSING, {"aws:SecureTransport": "false"}, True, id="a request without TLS"),
        pytest.param(TLS_MISSING, {"aws:SecureTransport": "true"}, False, id="a request with TLS"),
        pytest.param(OTHER_ENCRYPTION, {}, False, id="no word of encryption"),
        pytest.param(OTHER_ENCRYPTION, {ENCRYPTION: "AES256"}, True, id="another encryption"),
        pytest.param(OTHER_ENCRYPTION, {ENCRYPTION: "aws:kms"}, False, id="the wanted encryption"),
        pytest.param({"StringNotEquals": {ENCRYPTION: "aws:kms"}}, {}, True, id="a negation of what is not there"),
        pytest.param({"StringEquals": {"a": "b"}}, {}, False, id="a demand on what is not there"),
        pytest.param({"StringEqualsIfExists": {"a": "b"}}, {}, True, id="a demand if it is there, and it is not"),
        pytest.param({"StringEqualsIfExists": {"a": "b"}}, {"a": "c"}, False, id="a demand if it is there, and it is"),
        pytest.param({"StringNotEqualsIfExists": {"a": "b"}}, {"a": "b"}, False, id="a negation if it is there"),
        pytest.param({"StringEquals": {"a": ["b", "c"]}}, {"a": "c"}, True, id="one of several fits"),
        pytest.param({"StringNotEquals": {"a": ["b", "c"]}}, {"a": "c"}, False, id="one of several is refused"),
        pytest.param({"StringLike": {"a": "raw/*"}}, {"a": "raw/x/y"}, True, id="a pattern"),
        pytest.param({"StringNotLike": {"a": "raw/*"}}, {"a": "raw/x"}, False, id="a negated pattern"),
        pytest.param({"ArnLike": {"a": "arn:aws:s3:::claims-*"}}, {"a": "arn:aws:s3:::claims-raw"}, True, id="an ARN"),
        pytest.param({"Null": {"a": True}}, {}, True, id="wanted missing, and it is"),
        pytest.param({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, {"s3:TlsVersion": "1.1"}, True, id="old TLS"),
        pytest.param({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, {"s3:TlsVersion": "1.3"}, False, id="new TLS"),
        pytest.param(
            {"Bool": {"AWS:securetransport": "true"}}, {"aws:SecureTransport": "true"}, True, id="case of keys"
        ),
        pytest.param({"ForAnyValue:StringEquals": {"a": "b"}}, {"a": "b"}, True, id="any of a set"),
        pytest.param({"StringEquals": {"a": "b", "c": "d"}}, {"a": "b", "c": "e"}, False, id="all keys must fit"),
    ],
)
def test_conditions_hold_as_iam_says(conditions: dict[str, Any], context: dict[str, str], holds: bool) -> None:
    assert conditions_hold(conditions, context) is holds


def test_an_operator_that_is_not_known_is_an_error() -> None:
    with pytest.raises(UnknownOperatorError, match="IpAddress"):
        conditions_hold({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"aws:SourceIp": "10.0.0.1"})
