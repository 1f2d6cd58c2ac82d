"""A bucket in the memory of this process, for the tests of what reads and writes S3."""

from collections.abc import Iterator

import pytest

from glue_jobs.storage.objects import s3_client

AWS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
OF_THE_MACHINE = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")


@pytest.fixture(scope="session")
def one_client() -> Iterator[None]:
    """To make a client takes a quarter of a second: all tests share one, and nobody else gets it."""
    s3_client.cache_clear()
    yield
    s3_client.cache_clear()


@pytest.fixture
def bucket(one_client: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URI of an empty bucket; no request leaves the process, and pages of a listing hold two objects."""
    moto = pytest.importorskip("moto", reason="moto, which plays S3, is not installed (dev extra)")
    for name, value in {**AWS, "MOTO_S3_DEFAULT_MAX_KEYS": "2"}.items():
        monkeypatch.setenv(name, value)
    for name in OF_THE_MACHINE:
        monkeypatch.delenv(name, raising=False)
    with moto.mock_aws():
        s3_client().create_bucket(Bucket="claims-lake")
        yield "s3://claims-lake"
