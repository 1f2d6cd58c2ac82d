"""The certificates that this machine trusts, in a form that Java reads.

A Java from pip knows the public authorities only; behind a company's proxy it would refuse every connection.
"""

import ssl
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

PASSWORD = "changeit"  # noqa: S105 - Java wants one; the store holds public certificates only


def write_trust_store(path: Path) -> bool:
    """Write what Python trusts on this machine to a PKCS 12 store; False, and no file, where that is nothing."""
    certificates = [certificate for der in _trusted_by_python() if (certificate := _readable(der))]
    if not certificates:
        return False
    entries = [pkcs12.PKCS12Certificate(one, str(place).encode()) for place, one in enumerate(certificates)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(PASSWORD.encode())))
    return True


def _trusted_by_python() -> list[bytes]:
    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    # A folder is read only when a connection needs it, and then does not show in the list.
    for file in Path(folder).glob("*.pem") if folder else ():
        context.load_verify_locations(file)
    return context.get_ca_certs(binary_form=True)


def _readable(der: bytes) -> x509.Certificate | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return x509.load_der_x509_certificate(der)
        except ValueError:
            return None
