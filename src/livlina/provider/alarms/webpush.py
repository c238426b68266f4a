"""Web push (RFC 8030) without a library: encrypted for one browser (RFC 8291), signed with who sends it (RFC 8292).

    {"name": "webbläsaren", "kind": "webpush", "key": "<private P-256 key, 32 bytes, base64url>", "contact": "mailto:…"}

What is pushed passes a browser maker's server, which can read none of it: the keys are the browser's. It names nobody
all the same, since it is shown on a locked screen.
"""

import base64
import json
import os
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PATIENCE = 5.0
LASTS = 300
"""Seconds a message is kept for a telephone that is out of reach. Later the alarm has gone further long ago."""
SERVERS = (
    "fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com",
)  # fmt: skip
"""Whose servers we push through. The address comes from a browser: without a list it could be any machine near ours."""
RECORD = 4096


class NotADevice(Exception):
    """What the browser gave is no subscription to a push server that we know."""


@dataclass(frozen=True)
class Device:
    """One browser that wants to be told."""

    endpoint: str
    key: bytes
    secret: bytes

    @classmethod
    def of(cls, address: str, servers: tuple[str, ...] = SERVERS) -> "Device":
        """Return the device that a channel's address (`endpoint key secret`) names. Raises NotADevice."""
        try:
            endpoint, key, secret = address.split()
            found = cls(endpoint, unpacked(key), unpacked(secret))
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.key)
        except (ValueError, InvalidKey) as fault:
            raise NotADevice from fault
        place = urlsplit(endpoint)
        host = place.hostname or ""
        known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in servers)
        if len(found.secret) != 16 or not known or (place.scheme != "https" and host != "127.0.0.1"):
            raise NotADevice
        return found


@dataclass(frozen=True)
class WebPush:
    """The push services of the browsers' makers."""

    name: str
    key: str
    contact: str
    servers: tuple[str, ...] = SERVERS

    def send(self, to: str, text: str, reference: str) -> str:
        """Encrypt and push it; return nothing, or why it did not go in words."""
        try:
            device = Device.of(to, self.servers)
        except NotADevice:
            return "Webbläsaren har ingen giltig prenumeration."
        place = urlsplit(device.endpoint)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.netloc, timeout=PATIENCE)
        path = f"{place.path}?{place.query}" if place.query else place.path
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LASTS),
            "Urgency": "high",
            "Authorization": self._authorization(f"{place.scheme}://{place.netloc}"),
        }
        try:
            connection.request("POST", path, encrypted(device, text.encode()), headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as fault:
            return f"Svarar inte ({type(fault).__name__})."
        finally:
            connection.close()
        if status in (404, 410):
            return "Notiser är avstängda i webbläsaren."
        return "" if 200 <= status < 300 else f"Svarade {status}."

    @property
    def public(self) -> str:
        """What a browser must know to subscribe."""
        return packed(_raw(self._private().public_key()))

    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(unpacked(self.key), "big"), ec.SECP256R1())

    def _authorization(self, audience: str) -> str:
        """Say who we are to the push server, for an hour (VAPID)."""
        head = {"typ": "JWT", "alg": "ES256"}
        claims = {"aud": audience, "exp": int(time.time()) + 3600, "sub": self.contact}
        signed = ".".join(packed(json.dumps(one, separators=(",", ":")).encode()) for one in (head, claims))
        signature = self._private().sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(signature)
        token = f"{signed}.{packed(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
        return f"vapid t={token}, k={self.public}"


def encrypted(device: Device, text: bytes) -> bytes:
    """Return the text as only the device can read it: one record of aes128gcm (RFC 8188, RFC 8291)."""
    ours, salt = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), device.key)
    shared, sender = ours.exchange(ec.ECDH(), theirs), _raw(ours.public_key())
    secret = _derived(shared, device.secret, b"WebPush: info\0" + device.key + sender, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, text + b"\2", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(sender)]) + sender + sealed


def packed(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Return the bytes of base64url, padded or not. Raises ValueError."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
