"""Simulated units over TLS, and over TCP, each on a connection of its own that the answer comes back on."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from livlina.cli import receivers
from livlina.cli.bench.alarms_faults import known, site
from livlina.cli.bench.alarms_receiver import Receiver, acquaint, running
from livlina.cli.simulate import town
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.simulate.script import Happening
from livlina.cli.simulate.wires import Address, Wires


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "alarmd")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=90))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*plain))
    return pem, private


def test_units_on_streams_are_acknowledged_and_answered(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    [port] = receivers.free_ports(1)
    sip = {"tls": port, "certificate": str(certificate[0]), "key": str(certificate[1])}
    one = site(tmp_path / "a", sections={"sip": sip})
    addresses = [Address.read(f"tls:127.0.0.1:{port}"), Address.read(one.address)]
    units = town.made_up(20, "orderly,callback", list(map(str, addresses)), seed=2, interval=0)
    for unit in units[::2]:
        unit.prefers = 1
    acquaint(one, known([unit.number for unit in units]))
    lines = [Happening("press", unit=unit.number) for unit in units] * 2
    fleet = Fleet(units, lines, seed=2, start=time.monotonic())

    async def live() -> None:
        ending = asyncio.Event()
        asyncio.get_running_loop().call_later(8, ending.set)
        wires = Wires(fleet, addresses, trust=certificate[0])
        await wires.run(
            ending, lambda: ending.set() if fleet.figures.count("answered") >= len(lines) else None
        )

    with running(Receiver(one)):
        asyncio.run(live())
    assert fleet.figures.count("acknowledged", "alarm") == len(lines)
    assert fleet.figures.count("answered", "alarm") == len(lines)
    assert fleet.figures.count("fell_back") == 0
