"""A whole receiver in a test's own event loop, units that speak to it by real sockets, and certificates for both."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from livlina.alarmd.config import Config, make
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.server import Server
from livlina.alarmd.sip import Frames
from livlina.alarmd.tests.device import message, mrq

PATIENCE = 20.0
PHONES: list[Phone] = []
"""Those that speak UDP and are still open: closed with the receiver."""
ANNA = Unit("4711", interval=60, source="127.0.0.1", team="norra")
VOICE = "gsm:+46101234567"


def config(folder: Path, **sections: Any) -> Config:
    """A receiver on any free ports of this machine."""
    table = {
        "receiver": "a",
        "folder": str(folder),
        "sip": {"host": "127.0.0.1", "udp": 0, "tcp": 0},
        "voice": {"number": VOICE},
        "storage": {"ballast": 0, "quota": 64},
    }
    return make(
        {
            **table,
            **{
                name: {**table.get(name, {}), **more} if isinstance(more, dict) else more
                for name, more in sections.items()
            },
        }
    )


@asynccontextmanager
async def receiving(settings: Config) -> AsyncIterator[Server]:
    """It receives until the block ends. Anna's unit is known."""
    server = Server(settings)
    server.heard = Heard(server)  # type: ignore[attr-defined]
    server.spool.put_units("1", [ANNA])
    try:
        await server.start()
        yield server
    finally:
        while PHONES:
            PHONES.pop().close()
        await server.stop()


def told(folder: Path, tale: Callable[[Any], Awaitable[None]], **sections: Any) -> None:
    """What happens while a receiver receives."""

    async def whole() -> None:
        async with receiving(config(folder, **sections)) as server:
            await tale(server)

    asyncio.run(whole())


class Heard:
    """What the receiver has told those who follow it."""

    def __init__(self, server: Server) -> None:
        self.records: list[tuple[Record, bool]] = []
        self.beats: list[str] = []
        self._new = asyncio.Event()
        server.on_record(self._record)
        server.on_beat(lambda unit, at: self.beats.append(unit))

    def _record(self, record: Record, stored: bool) -> None:
        self.records.append((record, stored))
        self._new.set()

    async def until(self, right: Callable[[Record, bool], bool]) -> Record:
        """The first record that is right, now or soon."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._new.clear()
                for record, stored in self.records:
                    if right(record, stored):
                        return record
                await self._new.wait()


async def until(right: Callable[[], Any]) -> Any:
    """Wait until something gives something. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not (found := right()):
            await asyncio.sleep(0.005)
    return found


class Phone(asyncio.DatagramProtocol):
    """A unit's own socket. Each message that comes is put in `came`; answers of ours to the receiver are `ok`."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes] = asyncio.Queue()
        self.frames = Frames()
        self.writer: asyncio.StreamWriter | None = None
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.came.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        """The receiver is gone: it will be heard by its silence."""

    def send(self, data: bytes) -> None:
        if self.writer:
            self.writer.write(data)
        else:
            self.transport.sendto(data)

    async def next(self) -> bytes:
        """What comes next, whatever it is."""
        return await asyncio.wait_for(self.came.get(), PATIENCE)

    async def press(self, **fields: Any) -> tuple[int, dict[str, str]]:
        """Send an alarm, and answer what comes back as a unit does. Returns the status and what the mrs says."""
        self.send(message(mrq(**fields), user=str(fields.get("cid") or "4711")))
        return await self.answered()

    async def answered(self) -> tuple[int, dict[str, str]]:
        """The status, and what the mrs says once it has come (a refusal has none)."""
        status = 0
        while True:
            data = await self.next()
            if data.startswith(b"SIP/2.0"):
                status = int(data[8:11])
                if status != 200:
                    return status, {}
            else:
                self.send(ok(data))
                return status, said(data)

    def close(self) -> None:
        if self.writer:
            self.writer.close()
        elif self.transport:
            self.transport.close()


def said(data: bytes) -> dict[str, str]:
    """The tags of a body."""
    return {tag.decode(): value.decode() for tag, value in re.findall(rb"<(\w+)>([^<]+)<", data)}


def ok(asked: bytes) -> bytes:
    """200 to a message of the receiver's."""
    head = asked.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    names = (b"via", b"from", b"to", b"call-id", b"cseq")
    kept = [line for line in head if line.split(b":")[0].lower() in names]
    return b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"Content-Length: 0"]) + b"\r\n\r\n"


async def udp(port: int) -> Phone:
    """A unit that speaks UDP."""
    loop = asyncio.get_running_loop()
    PHONES.append((await loop.create_datagram_endpoint(Phone, remote_addr=("127.0.0.1", port)))[1])
    return PHONES[-1]


@asynccontextmanager
async def stream(port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[Phone]:
    """A unit that speaks TCP or TLS."""
    phone = Phone()
    reader, phone.writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)

    async def hear() -> None:
        while data := await reader.read(65536):
            for whole in phone.frames.feed(data) if data.strip() else [data]:
                phone.came.put_nowait(whole)
        phone.came.put_nowait(b"")  # hung up

    hearing = asyncio.ensure_future(hear())
    try:
        yield phone
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        phone.writer.close()


class Authority:
    """Certificates for a test, in files: `authority`, and for each name its certificate and key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Testmyndighet")
        self.file = folder / "authority.pem"
        constraint = x509.BasicConstraints(ca=True, path_length=None)
        own = _certificate(self._name, self._key, self._name).add_extension(constraint, critical=True)
        self.file.write_bytes(own.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> tuple[str, str]:
        """A certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _certificate(_name(name), key, self._name).sign(self._key, hashes.SHA256())
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        form = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        return str(certificate), str(secret)

    def client(self, name: str = "") -> ssl.SSLContext:
        """How a unit calls, with a certificate of its own or without."""
        context = ssl.create_default_context(cafile=str(self.file))
        context.check_hostname = False
        if name:
            context.load_cert_chain(*self.issue(name))
        return context


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: x509.Name
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )
