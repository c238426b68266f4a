"""SIP as alarm units speak it (RFC 3261, 3428, 3581, 8760): read leniently, answered strictly. Bytes only, no sockets.

What a unit says of its own address is never used to reach it: answers go back the way the question came.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote

from sipmessage import AuthCredentials
from sipmessage.message import COMPACT_FORMS

from livlina.alarmd import wire
from livlina.alarmd.wire import TooLong

HEAD, HEADERS, BODY, LARGEST = 8 * 1024, 64, 4 * 1024, 64 * 1024
"""Bytes of all headers, number of headers, bytes of a body that is read, bytes of a body that is taken at all."""
NONCE_LIVES = 300.0
"""Seconds a digest challenge may be answered."""
PHRASES = {code: HTTPStatus(code).phrase for code in (200, 401, 403, 405, 415, 503)}
"""SIP has them from HTTP."""

_HASHES = {"SHA-256": "sha256", "MD5": "md5"}
_NAMES = {short: name.lower() for short, name in COMPACT_FORMS.items()}
_ASKS = re.compile(r"\s*([A-Za-z]+)\s+\S.*?\s+SIP/2\.0\s*")
_SAYS = re.compile(r"\s*SIP/2\.0\s+([1-6]\d\d)\b.*")
_LENGTH = re.compile(rb"(?:^|\n)(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?(?:\n|$)", re.IGNORECASE)
_SIZE = re.compile(r"[0-9]{1,9}")
_VIA = re.compile(r"\s*SIP\s*/\s*2\.0\s*/\s*(\w+)\s+(\[[^\]]+\]|[^:;,\s]+)\s*(?::\s*(\d+))?(.*)", re.DOTALL)
_RECEIVED = re.compile(r"\s*;\s*received\s*=\s*[^;,\s]+", re.IGNORECASE)
_RPORT = re.compile(r";\s*rport\b(\s*=\s*\d*)?", re.IGNORECASE)
_URI = re.compile(r"<([^>]*)>|^\s*([^;\s]+)")
_USER = re.compile(r"sips?:([^@;>\s]+)@", re.IGNORECASE)
_TAG = re.compile(r";\s*tag\s*=", re.IGNORECASE)


class Malformed(ValueError):
    """What came is not a SIP message."""


class Frames(wire.Frames):
    """One TCP or TLS stream, cut into whole SIP messages and pings (b"\\r\\n\\r\\n")."""

    def _next(self) -> bytes | None:
        held = self._held
        if held.startswith(b"\r\n\r\n"):
            return self._take(4)
        if held.startswith(b"\r\n") and len(held) > 2 and held[2:3] != b"\r":
            del held[:2]
        if not held.strip(b"\r\n"):
            return None
        end = held.find(b"\r\n\r\n", 0, HEAD + 4)
        if end < 0:
            if len(held) > HEAD:
                raise TooLong(f"more than {HEAD} bytes of headers")
            return None
        told = _LENGTH.search(bytes(held[:end]))
        # An alarm without a length cannot be cut: what has come so far is taken as its body rather than lost.
        size = int(told[1]) if told else len(held) - end - 4 if held.startswith(b"MESSAGE ") else 0
        if size > LARGEST:
            raise TooLong(f"a body of {size} bytes")
        return self._take(end + 4 + size)


@dataclass
class Message:
    """A request, or with a `code` the response to one. Headers by name in small letters, each with all it says.

    Not the library's own: that one looks through all headers for each of them, a tenth of what an alarm cost.
    """

    method: str
    code: int = 0
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """What each header of the name says."""
        return self.headers.get(name, [])

    def get(self, name: str) -> str:
        """What the first of them says, "" without one."""
        return self.headers.get(name, [""])[0]


def parse(data: bytes) -> Message:
    """A whole message: compact names spelled out, folded lines joined, lines that are no header left out.

    Raises Malformed when the first line is not SIP, or the headers are too many or too long.
    """
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        head, gap, body = data.partition(b"\n\n")
    if len(head) > HEAD:
        raise Malformed(f"more than {HEAD} bytes of headers")
    text = wire.text(head).replace("\r\n", "\n").replace("\r", "\n")
    if "\n " in text or "\n\t" in text:
        text = re.sub(r"\n[ \t]+", " ", text)
    first, *lines = text.split("\n")
    if len(lines) > HEADERS:
        raise Malformed(f"more than {HEADERS} headers")
    if asks := _ASKS.fullmatch(first):
        message = Message(asks[1].upper())
    elif says := _SAYS.fullmatch(first):
        message = Message("", int(says[1]))
    else:
        raise Malformed("neither a request nor a response")
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and (name := name.strip().lower()):
            message.headers.setdefault(_NAMES.get(name, name), []).append(value.strip())
    told = next(filter(_SIZE.fullmatch, message.all("content-length")), None)
    message.body = body[: int(told)] if told else body
    return message


def user_of(message: Message, header: str = "from", *, raw: bool = False) -> str:
    """The user part of an address header, "" without one; `raw` as it was written."""
    found = _USER.search(message.get(header))
    return (found[1] if raw else unquote(found[1])) if found else ""


def _vias(message: Message) -> list[str]:
    return ",".join(message.all("via")).split(",")


def _of(via: str, name: str) -> str:
    found = re.search(rf";\s*{name}\s*=\s*([^;,\s]+)", via, re.IGNORECASE)
    return found[1] if found else ""


def _address(header: str) -> str:
    """Only the URI of an address header, without name and tag."""
    found = _URI.search(header)
    return (found[1] or found[2] or "") if found else ""


def stamp(request: Message, address: tuple[str, int]) -> None:
    """Write in its first Via where it really came from (RFC 3581): so it is sent back, and never what it claimed."""
    if vias := request.all("via"):
        first, comma, rest = vias[0].partition(",")
        first = _RPORT.sub(f";rport={address[1]}", _RECEIVED.sub("", first))
        vias[0] = f"{first.rstrip()};received={address[0]}{comma}{rest}"


def origin(request: Message, host: str, ours: Callable[[str], bool]) -> str:
    """Where the request began: behind proxies of ours, what the last of them wrote of whom it had it from."""
    for via in _vias(request)[1:]:
        if not ours(host):
            break
        met = _VIA.fullmatch(via)
        host = (_of(met[4], "received") or met[2]).strip("[]") if met else ""
    return host


def registered(request: Message, seconds: int) -> list[tuple[str, str]]:
    """The headers that answer a REGISTER: its contact, for as long as it asked for and at most `seconds`."""
    if _SIZE.fullmatch(wanted := request.get("expires")):
        seconds = min(seconds, int(wanted))
    contact = _address(request.get("contact"))
    kept = [("Contact", f"<{contact}>;expires={seconds}")] if seconds and contact not in ("", "*") else []
    return [*kept, ("Expires", str(seconds))]


def _written(headers: Iterable[tuple[str, str]]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers if value])


def respond(
    request: Message, code: int, *, tag: str, extra: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> bytes:
    """The response to a stamped request; `tag` is ours in To."""
    of, to = request.get, request.get("to")
    told = [("Via", via) for via in request.all("via")]
    told += [("Record-Route", route) for route in request.all("record-route")]
    told += [("From", of("from")), ("To", to if _TAG.search(to) or not to else f"{to};tag={tag}")]
    told += [("Call-ID", of("call-id")), ("CSeq", of("cseq")), *extra, ("Content-Length", str(len(body)))]
    return f"SIP/2.0 {code} {PHRASES[code]}\r\n{_written(told)}\r\n".encode() + body


def message_back(
    request: Message, address: tuple[str, int], over: str, *, host: str, branch: str, body: bytes, kind: str
) -> bytes:
    """Our own MESSAGE to whoever sent `request` from this address over this transport, to be put on the way it came.

    Behind a proxy Record-Route says how to get back there, in its order: we are the one asked (RFC 3261 12.1.1).
    """
    target = _target(request, address, over)
    routes = _written(("Route", each) for each in request.all("record-route"))
    ours, theirs = _address(request.get("to")) or f"sip:{host}", _address(request.get("from")) or target
    return (
        f"MESSAGE {target} SIP/2.0\r\nVia: SIP/2.0/{over.upper()} {host};branch={branch};rport\r\n"
        f"Max-Forwards: 70\r\n{routes}From: <{ours}>;tag={branch[7:23]}\r\n"
        f"To: <{theirs}>\r\nCall-ID: {branch[7:]}\r\nCSeq: 1 MESSAGE\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _target(request: Message, address: tuple[str, int], over: str) -> str:
    """The unit as our request line calls it: where we, or the first proxy, saw it."""
    to, port, last = address[0], str(address[1]), _vias(request)[1:]
    if last and (met := _VIA.fullmatch(last[-1])):
        over, to = met[1].lower(), _of(met[4], "received") or met[2]
        port = _of(met[4], "rport") or met[3] or ""
    if ":" in to and not to.startswith("["):
        to = f"[{to}]"
    user = user_of(request, raw=True)
    place = f"sip:{user}{'@' if user else ''}{to}{':' if port else ''}{port}"
    return place if over == "udp" else f"{place};transport={over}"


def challenge(realm: str, salt: bytes, host: str, now: float, *, stale: bool) -> list[tuple[str, str]]:
    """The headers that ask for a proof, the better algorithm first (RFC 8760); needs no memory, as it is signed."""
    told = f'realm="{realm}", nonce="{_signed(f"{int(now):x}", salt, host)}", qop="auth"'
    told += ", stale=true" if stale else ""
    return [("WWW-Authenticate", f"Digest {told}, algorithm={name}") for name in _HASHES]


def _signed(moment: str, salt: bytes, host: str) -> str:
    return f"{moment}-{hmac.new(salt, f'{moment} {host}'.encode(), hashlib.sha256).hexdigest()[:32]}"


def proof(request: Message, secret: str, *, realm: str, salt: bytes, host: str, now: float) -> str:
    """What the request proves of knowing the secret: "none", "stale", "wrong" or "right"."""
    header = request.get("authorization")
    if not header:
        return "none"
    try:
        said = dict(AuthCredentials.parse(header).parameters or {})
        moment = said["nonce"].partition("-")[0]
        signed = hmac.compare_digest(said["nonce"].encode(), _signed(moment, salt, host).encode())
        if not signed or not 0 <= now - int(moment, 16) <= NONCE_LIVES:
            return "stale"
        expected = digest(said, request.method, secret)
        right = hmac.compare_digest(said["response"].lower().encode(), expected.encode())
        return "right" if right and said["realm"] == realm else "wrong"
    except (KeyError, ValueError):
        return "wrong"


def digest(said: Mapping[str, str], method: str, secret: str) -> str:
    """The answer `secret` gives to a challenge (RFC 7616 3.4.1; without qop as RFC 2069). Raises KeyError, ValueError."""
    name = _HASHES[said.get("algorithm", "MD5").upper()]

    def of(text: str) -> str:
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    who, what = of(f"{said['username']}:{said['realm']}:{secret}"), of(f"{method}:{said['uri']}")
    if qop := said.get("qop"):
        return of(f"{who}:{said['nonce']}:{said['nc']}:{said['cnonce']}:{qop}:{what}")
    return of(f"{who}:{said['nonce']}:{what}")
