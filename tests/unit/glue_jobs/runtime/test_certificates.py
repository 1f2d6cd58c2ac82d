import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from glue_jobs.runtime import certificates
from glue_jobs.runtime.certificates import PASSWORD, write_trust_store


def an_authority(name: str) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.not_valid_after(start + dt.timedelta(days=36500)).sign(key, hashes.SHA256())


def trust(monkeypatch: pytest.MonkeyPatch, *trusted: bytes) -> None:
    monkeypatch.setattr(certificates, "_trusted_by_python", lambda: list(trusted))


def test_the_store_holds_what_this_machine_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = an_authority("the company's proxy")
    trust(monkeypatch, authority.public_bytes(Encoding.DER), b"not a certificate")
    store = tmp_path / "new" / "truststore.p12"
    assert write_trust_store(store)
    held = pkcs12.load_pkcs12(store.read_bytes(), PASSWORD.encode()).additional_certs
    assert [one.certificate for one in held] == [authority]


def test_no_store_is_written_where_nothing_can_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(monkeypatch)
    assert not write_trust_store(tmp_path / "truststore.p12")
    assert list(tmp_path.iterdir()) == []


def test_certificates_that_stand_in_a_folder_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = an_authority("in a folder")
    (tmp_path / "one.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    paths = ssl.get_default_verify_paths()._replace(capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    assert authority.public_bytes(Encoding.DER) in certificates._trusted_by_python()  # noqa: SLF001 - its only way in
