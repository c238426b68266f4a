"""A device that holds a passkey, without a browser: what it says when it is registered, and when somebody signs in."""

import json
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from livlina.core.models import User

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    """Base64 as WebAuthn writes it."""
    return urlsafe_b64encode(data).decode().rstrip("=")


class Device:
    """One passkey of one user, for one name of the house."""

    def __init__(self, user: User, host: str) -> None:
        self.user, self.host, self.id = user, host, os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def register(self) -> None:
        """Be the user's passkey, as if it had been added in the house."""
        public = ES256.from_cryptography_key(self.key.public_key())
        known = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(self._host(), PRESENT | VERIFIED | ATTESTED, 0, known)
        said = {"type": "webauthn.create", "challenge": b64(os.urandom(32)), "origin": f"https://{self.host}"}
        response = {
            "clientDataJSON": b64(json.dumps(said).encode()),
            "attestationObject": b64(bytes(AttestationObject.create("none", data, {}))),
        }
        credential = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        Authenticator.objects.create(
            user=self.user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Telefon", "credential": credential},
        )

    def answer(self, options: dict[str, Any]) -> str:
        """Sign the question, and return what the page sends."""
        challenge = options["request_options"]["publicKey"]["challenge"]
        said = json.dumps(
            {"type": "webauthn.get", "challenge": challenge, "origin": f"https://{self.host}"}
        ).encode()
        data = AuthenticatorData.create(self._host(), PRESENT | VERIFIED, 1)
        signature = self.key.sign(bytes(data) + sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": b64(said), "authenticatorData": b64(bytes(data)), "signature": b64(signature),
            "userHandle": b64(user_pk_to_url_str(self.user).encode()),
        }  # fmt: skip
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        )

    def _host(self) -> bytes:
        return sha256(self.host.encode()).digest()
