"""A certificate authority of the tests' own, and one certificate for every node on loopback."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from livlina.cluster.plan import Tls


def made(folder: Path, owner: int) -> Tls:
    """Write authority, certificate and key, the key readable by `owner` alone."""
    now, root, node = (
        datetime.now(UTC),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])

    def begun(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        built = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(key.public_key())
        built = built.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        return built.not_valid_after(now + timedelta(days=1))

    authority = begun(name, root).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node")])
    address = x509.SubjectAlternativeName(
        [
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.DNSName("localhost"),
        ]  # Patroni calls loopback so
    )
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    certificate = (
        begun(subject, node).add_extension(address, critical=False).add_extension(uses, critical=False)
    )
    tls = Tls(folder / "ca.pem", folder / "node.pem", folder / "node.key")
    for path, one in ((tls.authority, authority), (tls.certificate, certificate)):
        path.write_bytes(one.sign(root, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    tls.key.write_bytes(
        node.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for name in ("both.pem", "public.pem"):  # for HAProxy
        (folder / name).write_bytes(tls.certificate.read_bytes() + tls.key.read_bytes())
    for path in (tls.key, folder / "both.pem", folder / "public.pem"):
        path.chmod(0o600)
        os.chown(path, owner, -1)
    return tls
