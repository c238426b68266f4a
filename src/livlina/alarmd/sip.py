"""SIP as alarm units speak it (RFC 3261, 3428, 3581, 8760): read leniently, answered strictly. Bytes only, no sockets.

What a unit says of its own address is never used to reach it: answers go back the way the question came.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from sipmessage import URI, AuthCredentials, Request, Response
from sipmessage.message import COMPACT_FORMS

HEAD, HEADERS, BODY, LARGEST = 8 * 1024, 64, 4 * 1024, 64 * 1024
"""Bytes of all headers, number of headers, bytes of a body that is read, bytes of a body that is taken at all."""
NONCE_LIVES = 300.0
"""Seconds a digest challenge may be answered."""

_NOWHERE = URI(
    scheme="sip", host="x"
)  # what was asked for is not used: a receiver answers for whatever it is called
_LINE = re.compile(r"\r\n|\r|\n")
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]+")
_ASKS = re.compile(r"\s*([A-Za-z]+)\s+(\S.*?)\s+SIP/2\.0\s*")
_SAYS = re.compile(r"\s*SIP/2\.0\s+([1-6]\d\d)\b\s*(.*)")
_LENGTH = re.compile(rb"(?:^|\n)(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?(?:\n|$)", re.IGNORECASE)
_VIA = re.compile(r"\s*SIP\s*/\s*2\.0\s*/\s*(\w+)\s+(\[[^\]]+\]|[^:;,\s]+)\s*(?::\s*(\d+))?(.*)", re.DOTALL)
_URI = re.compile(r"<([^>]*)>|^\s*([^;\s]+)")
_USER = re.compile(r"sips?:([^@;>\s]+)@", re.IGNORECASE)
_TAG = re.compile(r";\s*tag\s*=", re.IGNORECASE)


class Malformed(ValueError):
    """What came is not a SIP message."""


class TooLong(ValueError):
    """What comes is longer than any alarm: the connection is not worth keeping."""


class Frames:
    """One TCP or TLS stream, cut into whole SIP messages and pings."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def waiting(self) -> bool:
        """Is a message half-way here? Who takes longer than 10 s over one is hung up on."""
        return bool(self._held.strip(b"\r\n"))

    def feed(self, data: bytes) -> list[bytes]:
        """What became whole with these bytes: messages, and b"\\r\\n\\r\\n" for a ping. Raises TooLong."""
        self._held += data
        whole: list[bytes] = []
        while (piece := self._next()) is not None:
            whole.append(piece)
        return whole

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
        return self._take(end + 4 + size) if len(held) >= end + 4 + size else None

    def _take(self, size: int) -> bytes:
        piece = bytes(self._held[:size])
        del self._held[:size]
        return piece


def parse(data: bytes) -> Request | Response:
    """A whole message: compact names spelled out, folded lines joined, lines that are no header left out.

    Raises Malformed when the first line is not SIP, or the headers are too many or too long.
    """
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        head, gap, body = data.partition(b"\n\n")
    if len(head) > HEAD:
        raise Malformed(f"more than {HEAD} bytes of headers")
    first, *lines = _LINE.split(_FOLD.sub(" ", _text(head)))
    if len(lines) > HEADERS:
        raise Malformed(f"more than {HEADERS} headers")
    message: Request | Response
    if asks := _ASKS.fullmatch(first):
        message = Request(asks[1].upper(), _NOWHERE)
    elif says := _SAYS.fullmatch(first):
        message = Response(int(says[1]), says[2])
    else:
        raise Malformed("neither a request nor a response")
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and (name := name.strip()):
            message.headers.add(COMPACT_FORMS.get(name.lower(), name), value.strip())
    told = _LENGTH.search(head)
    message.body = body[: int(told[1])] if told else body
    return message


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def user_of(message: Request | Response, header: str = "From", *, raw: bool = False) -> str:
    """The user part of an address header, "" without one; `raw` as it was written."""
    found = _USER.search(message.headers.get(header) or "")
    return (found[1] if raw else unquote(found[1])) if found else ""


def branch_of(response: Response) -> str:
    """Which of our own requests this answers: the branch of its first Via."""
    return _of(_vias(response)[0], "branch")


def _vias(message: Request | Response) -> list[str]:
    return ",".join(message.headers.getlist("Via")).split(",")


def _of(via: str, name: str) -> str:
    found = re.search(rf";\s*{name}\s*=\s*([^;,\s]+)", via, re.IGNORECASE)
    return found[1] if found else ""


def _address(header: str) -> str:
    """Only the URI of an address header, without name and tag."""
    found = _URI.search(header)
    return (found[1] or found[2] or "") if found else ""


def _stamped(request: Request, address: tuple[str, int]) -> list[str]:
    """The Via stack as it is to be sent back: the first with where the request really came from (RFC 3581)."""
    vias = list(request.headers.getlist("Via"))
    if vias:
        first, comma, rest = vias[0].partition(",")
        first = re.sub(r"\s*;\s*received\s*=\s*[^;,\s]+", "", first, flags=re.IGNORECASE)
        first = re.sub(r";\s*rport\b(\s*=\s*\d*)?", f";rport={address[1]}", first, flags=re.IGNORECASE)
        vias[0] = f"{first.rstrip()};received={address[0]}{comma}{rest}"
    return vias


def origin(request: Request, host: str, ours: Callable[[str], bool]) -> str:
    """Where the request began: behind proxies of ours, what the last of them wrote of whom it had it from."""
    for via in _vias(request)[1:]:
        if not ours(host):
            break
        met = _VIA.fullmatch(via)
        host = (_of(met[4], "received") or met[2]).strip("[]") if met else ""
    return host


def registered(request: Request, seconds: int) -> list[tuple[str, str]]:
    """The headers that answer a REGISTER: its contact, for as long as it asked for and at most `seconds`."""
    wanted = (request.headers.get("Expires") or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", wanted):
        seconds = min(seconds, int(wanted))
    contact = _address(request.headers.get("Contact") or "")
    kept = [("Contact", f"<{contact}>;expires={seconds}")] if seconds and contact not in ("", "*") else []
    return [*kept, ("Expires", str(seconds))]


def respond(
    request: Request,
    address: tuple[str, int],
    code: int,
    phrase: str,
    *,
    tag: str,
    extra: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
) -> bytes:
    """The response to a request that came from `address`; `tag` is ours in To."""
    of = request.headers.get
    told = [("Via", via) for via in _stamped(request, address)]
    told += [("Record-Route", route) for route in request.headers.getlist("Record-Route")]
    told += [(name, value) for name in ("From", "To", "Call-ID", "CSeq") if (value := of(name))]
    told = [
        (name, f"{value};tag={tag}") if name == "To" and not _TAG.search(value) else (name, value)
        for name, value in told
    ]
    return _written(f"SIP/2.0 {code} {phrase}", [*told, *extra], body)


def _written(first: str, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{first}\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def message_back(
    request: Request,
    address: tuple[str, int],
    transport: str,
    *,
    host: str,
    branch: str,
    body: bytes,
    kind: str,
) -> bytes:
    """Our own MESSAGE to whoever sent `request`, to be put on the way it came.

    Behind a proxy Record-Route says how to get back there, in its order: we are the one asked (RFC 3261 12.1.1).
    """
    target = _target(request, address, transport)
    ours, theirs = (_address(request.headers.get(name) or "") for name in ("To", "From"))
    headers = [
        ("Via", f"SIP/2.0/{transport.upper()} {host};branch={branch};rport"),
        ("Max-Forwards", "70"),
        *(("Route", route) for route in request.headers.getlist("Record-Route")),
        ("From", f"<{ours or f'sip:{host}'}>;tag={branch[7:23]}"),
        ("To", f"<{theirs or target}>"),
        ("Call-ID", branch[7:]),
        ("CSeq", "1 MESSAGE"),
        ("Content-Type", kind),
    ]
    return _written(f"MESSAGE {target} SIP/2.0", headers, body)


def _target(request: Request, address: tuple[str, int], transport: str) -> str:
    """The unit as our request line calls it: where the last Via, stamped by us or by the first proxy, says it was seen."""
    vias = _stamped(request, address)
    to, port, over = address[0], str(address[1]), transport
    if met := _VIA.fullmatch(vias[-1].rpartition(",")[2] if vias else ""):
        over, to, port = (
            met[1].lower(),
            _of(met[4], "received") or met[2],
            _of(met[4], "rport") or met[3] or "",
        )
    if ":" in to and not to.startswith("["):
        to = f"[{to}]"
    user = user_of(request, raw=True)
    place = f"sip:{user}{'@' if user else ''}{to}{':' if port else ''}{port}"
    return place if over == "udp" else f"{place};transport={over}"


def nonce(salt: bytes, host: str, now: float) -> str:
    """A challenge that needs no memory: the moment, signed together with who was asked."""
    return _signed(f"{int(now):x}", salt, host)


def _signed(moment: str, salt: bytes, host: str) -> str:
    return f"{moment}-{hmac.new(salt, f'{moment} {host}'.encode(), hashlib.sha256).hexdigest()[:32]}"


def challenge(realm: str, fresh: str, *, stale: bool) -> list[tuple[str, str]]:
    """The headers that ask for a proof, the better algorithm first (RFC 8760)."""
    told = f'realm="{realm}", nonce="{fresh}", qop="auth"' + (", stale=true" if stale else "")
    return [("WWW-Authenticate", f"Digest {told}, algorithm={name}") for name in ("SHA-256", "MD5")]


def proof(request: Request, secret: str, *, realm: str, salt: bytes, host: str, now: float) -> str:
    """What the request proves of knowing the secret: "none", "stale", "wrong" or "right"."""
    header = request.headers.get("Authorization")
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
    name = said.get("algorithm", "MD5").upper()
    if name not in ("MD5", "SHA-256"):
        raise ValueError("an algorithm that was not offered")

    def of(text: str) -> str:
        data = text.encode()
        return (
            hashlib.sha256(data) if name == "SHA-256" else hashlib.md5(data, usedforsecurity=False)
        ).hexdigest()

    who, what = of(f"{said['username']}:{said['realm']}:{secret}"), of(f"{method}:{said['uri']}")
    if qop := said.get("qop"):
        return of(f"{who}:{said['nonce']}:{said['nc']}:{said['cnonce']}:{qop}:{what}")
    return of(f"{who}:{said['nonce']}:{what}")
