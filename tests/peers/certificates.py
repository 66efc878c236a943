"""Certificates for the peers of this machine, from an authority that only these tests trust."""

from __future__ import annotations

import functools
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
MAY_SIGN = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Certificates:
    """
    What a server shows, and what a client trusts.

    Args:
        authority: as a file's text, for a program that reads `SSL_CERT_FILE`.
    """

    server: ssl.SSLContext
    client: ssl.SSLContext
    authority: bytes


@functools.cache
def certificates(*, name: str = "localhost") -> Certificates:
    """For `localhost` and 127.0.0.1; for another name, one that is wrong here."""
    authority_key, authority = _made("An authority of these tests", None, None)
    key, certificate = _made(name, authority_key, authority)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem", delete=False) as file:
        file.write(certificate.public_bytes(PEM))
        plain = serialization.NoEncryption()
        file.write(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))
    server.load_cert_chain(file.name)
    Path(file.name).unlink()
    trusted = authority.public_bytes(PEM)
    client = ssl.create_default_context(cadata=trusted.decode())
    client.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 has it
    return Certificates(server, client, trusted)


def _made(
    name: str, issuer_key: ec.EllipticCurvePrivateKey | None, issuer: x509.Certificate | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is None or issuer_key is None:
        builder = builder.add_extension(MAY_SIGN, critical=True)
    else:
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(signer, critical=False)
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if name == "localhost":
            names.append(x509.IPAddress(ip_address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, builder.sign(issuer_key or key, hashes.SHA256())
