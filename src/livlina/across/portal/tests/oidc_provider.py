"""A small, real identity provider for the tests: its own process of nothing but a thread, keys of its own, real HTTP.

It can be told to lie: `lie("nonce")`, `lie("signature")` and so on change the next token it gives out.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ACR = "http://id.elegnamnden.se/loa/1.0/loa3"
NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"


class Provider:
    """One identity provider on a free port of this machine."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.lies: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def close(self) -> None:
        """Stop answering."""
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def is_person(self, **claims: Any) -> None:
        """Say who signs in next."""
        self.person = {"sub": secrets.token_hex(8), "acr": ACR} | claims

    def lie(self, *about: str) -> None:
        """Make the next tokens wrong in these ways."""
        self.lies = set(about)

    def discovery(self) -> dict[str, Any]:
        """Where the doors are."""
        return {
            "issuer": "http://127.0.0.1:1" if "discovery" in self.lies else self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def jwks(self) -> dict[str, Any]:
        """The public key."""
        found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [found | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, question: dict[str, str]) -> str:
        """The person proves who they are (at once); return where the browser is sent."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = question
        back = {"code": code, "state": question["state"]}
        return f"{question['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Change a code for tokens, once, if client and code proof are right."""
        question = self.codes.pop(form.get("code", ""), None)
        told = base64.b64decode(authorization.removeprefix("Basic ")).decode() if authorization else ""
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if question is None or told != "livlina:s3cret" or proof != question["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "a-token",
            "token_type": "Bearer",
            "id_token": self._id_token(question["nonce"]),
        }

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": "livlina",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        } | self.person
        if "userinfo" in self.lies:
            claims = {name: claims[name] for name in ("iss", "aud", "iat", "exp", "nonce", "sub", "acr")}
        wrong = {
            "nonce": "another",
            "aud": "someone-else",
            "iss": "http://127.0.0.1:1",
            "exp": now - 3600,
            "acr": "loa1",
        }
        claims |= {name: value for name, value in wrong.items() if name in self.lies}
        if "unsigned" in self.lies:
            return jwt.encode(claims, None, algorithm="none")
        if "shared_secret" in self.lies:
            return jwt.encode(
                claims, "s3cret-of-a-length-that-pyjwt-accepts", algorithm="HS256", headers={"kid": "one"}
            )
        key = self.other_key if "signature" in self.lies else self.key
        return jwt.encode(
            claims, key, algorithm="RS256", headers={"kid": "two" if "kid" in self.lies else "one"}
        )

    def userinfo(self) -> dict[str, Any]:
        """What is told only when asked."""
        return self.person | ({"sub": "someone-else"} if "sub" in self.lies else {})

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                question = {name: values[0] for name, values in parse_qs(address.query).items()}
                provider.asked.append(address.path)
                if address.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(question))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif address.path == "/.well-known/openid-configuration":
                    self.say(200, provider.discovery())
                elif address.path == "/jwks":
                    self.say(200, provider.jwks())
                elif address.path == "/userinfo":
                    self.say(200, provider.userinfo())
                else:
                    self.say(404, {})

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(sent).items()}
                provider.asked.append(self.path)
                self.say(*provider.token(form, self.headers.get("Authorization", "")))

            def say(self, status: int, answer: dict[str, Any]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *words: Any) -> None:
                """Say nothing."""

        return Handler
