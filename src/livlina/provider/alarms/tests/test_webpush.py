"""A notice in the browser: only that browser can read it, and we push through nobody else's server."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from livlina.provider.alarms import webpush
from livlina.provider.alarms.models import Channel
from livlina.provider.alarms.webpush import Device, NotADevice, WebPush, packed, unpacked

KEY = packed(b"\x07" * 32)


class Browser:
    """A browser that subscribes, and reads what is pushed to it (RFC 8291, section 3)."""

    def __init__(self) -> None:
        self.private, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.public = webpush._raw(self.private.public_key())

    def address(self, endpoint: str) -> str:
        """What it gives us."""
        return f"{endpoint} {packed(self.public)} {packed(self.secret)}"

    def read(self, body: bytes) -> str:
        """Open a message."""
        salt, sender, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        secret = webpush._derived(shared, self.secret, b"WebPush: info\0" + self.public + sender, 32)
        key = webpush._derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = webpush._derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        opened = AESGCM(key).decrypt(nonce, sealed, None)
        assert opened.endswith(b"\2")
        return opened[:-1].decode()


class _PushServer(BaseHTTPRequestHandler):
    got: ClassVar[list[tuple[Any, bytes]]] = []

    def do_POST(self) -> None:
        self.got.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(410 if "gone" in self.path else 201)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def push_server() -> Iterator[str]:
    """A push server on this machine."""
    _PushServer.got.clear()
    with HTTPServer(("127.0.0.1", 0), _PushServer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_only_the_browser_reads_what_is_pushed_and_the_server_knows_who_sends(push_server) -> None:
    browser = Browser()
    ours = WebPush("w", KEY, "mailto:larm@asvalla.example", servers=("127.0.0.1",))
    text = "Larm väntar: Norra hemtjänsten, kl. 09.00. https://x/provider/alarms/1"
    assert ours.send(browser.address(f"{push_server}/one?token=2"), text, "1") == ""
    ((headers, body),) = _PushServer.got
    assert browser.read(body) == text
    assert (headers["Urgency"], headers["Content-Encoding"]) == ("high", "aes128gcm")
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    signed, _, signature = token.rpartition(".")
    raw = unpacked(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(key))
    whole = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(whole, signed.encode(), ec.ECDSA(hashes.SHA256()))


def test_the_example_of_the_standard_is_read() -> None:
    """RFC 8291, appendix A: so that the two of us do not only agree with each other."""
    browser = Browser()
    number = int.from_bytes(unpacked("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    browser.private = ec.derive_private_key(number, ec.SECP256R1())
    browser.public = webpush._raw(browser.private.public_key())
    browser.secret = unpacked("BTBZMqHH6r4Tts7J_aSIgg")
    message = unpacked(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.read(message) == "When I grow up, I want to be a watermelon"


def test_what_went_wrong_is_told_in_words(push_server) -> None:
    ours, browser = WebPush("w", KEY, "mailto:x", servers=("127.0.0.1",)), Browser()
    assert (
        ours.send(browser.address(f"{push_server}/gone"), "x", "1") == "Notiser är avstängda i webbläsaren."
    )
    assert ours.send(browser.address("http://127.0.0.1:9/x"), "x", "1").startswith("Svarar inte")
    assert ours.send("nothing", "x", "1") == "Webbläsaren har ingen giltig prenumeration."


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://10.0.0.1/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "file:///x",
    ],
)
def test_nothing_is_sent_to_a_server_that_is_no_push_server(endpoint) -> None:
    with pytest.raises(NotADevice):
        Device.of(Browser().address(endpoint))


def test_ali_takes_notices_in_his_browser(ali, client_of, settings) -> None:
    settings.ALARM_SUPPLIERS = {
        "push": [{"name": "w", "kind": "webpush", "key": KEY, "contact": "mailto:larm@asvalla.example"}]
    }
    browser = client_of(ali)
    assert "Slå på notiser" in browser.get("/provider/alarms/rota").content.decode()
    good = Browser().address("https://updates.push.services.mozilla.com/wpush/v2/abc")
    for address in (good, good, "https://10.0.0.1/x a b"):
        assert browser.post("/provider/alarms/rota/device", {"address": address}).status_code == 302
    assert Channel.objects.get(kind="push").address == good
    assert "en webbläsare" in browser.get("/provider/alarms/rota").content.decode()
