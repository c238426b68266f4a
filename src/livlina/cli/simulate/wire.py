"""SIP as a unit speaks it.

Composed and read by this file alone and never by the receiver's code, so that one mistake is not made on both sides.
What is sent is strict; what comes is read leniently, as a unit does that must understand any receiver.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import md5, sha256

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "l": "content-length", "c": "content-type"}
LARGEST = 65_536
_FIELD = re.compile(r"<\s*(?:\w+:)?(\w+)\s*>\s*([^<]*?)\s*</")
_SAID = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


@dataclass(frozen=True)
class Ask:
    """What stands around a body on its way to a receiver."""

    user: str
    host: str
    receiver: str
    transport: str
    branch: str
    call_id: str
    number: int = 1
    content_type: str = "application/scaip+xml"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def uri(self) -> str:
        """Whom is asked."""
        return f"sip:alarm@{self.receiver}"


@dataclass(frozen=True)
class Heard:
    """A message that came: an answer (`status` above 0) or a request (`method`)."""

    status: int = 0
    method: str = ""
    uri: str = ""
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: str = ""

    def first(self, name: str) -> str:
        """The first header of the name, or nothing."""
        return self.headers.get(name, [""])[0]

    @property
    def branch(self) -> str:
        """What the topmost Via says the message belongs to."""
        found = re.search(r"branch\s*=\s*([^;,\s]+)", self.first("via"))
        return found[1] if found else ""

    @property
    def user(self) -> str:
        """Whom a request is for: the name before the @."""
        for text in (self.uri, self.first("to")):
            if found := re.search(r"sips?:([^@;>\s]+)@", text):
                return found[1]
        return ""

    def fields(self) -> dict[str, str]:
        """What an <mrs> in the body says, by tag (some receivers name the root after what was asked); empty without one.

        An <ATM> of NOWIP says the same in its own words: for which moment, and whether it is taken, refused or too busy.
        """
        said = dict(_FIELD.findall(self.body))
        if "<ATM" in self.body:
            status = {"A": "0", "5": "5", "6": "6"}.get(said.get("type", ""))
            return {"ref": said.get("time", ""), "snu": status} if status else {}
        return said if "<mrs" in self.body or "snu" in said else {}


def message(ask: Ask, body: str, method: str = "MESSAGE") -> bytes:
    """Compose a request of a unit."""
    raw = body.encode()
    sent_by = f"SIP/2.0/{ask.transport.upper()} {ask.host};branch={ask.branch};rport"
    lines = [
        f"{method} {ask.uri} SIP/2.0",
        f"Via: {sent_by}",
        "Max-Forwards: 70",
        f"From: <sip:{ask.user}@{ask.host.rpartition(':')[0]}>;tag={ask.call_id[:8]}",
        f"To: <{ask.uri}>",
        f"Call-ID: {ask.call_id}",
        f"CSeq: {ask.number} {method}",
        *[f"{name}: {value}" for name, value in ask.headers],
        *([f"Content-Type: {ask.content_type}"] if raw else []),
        f"Content-Length: {len(raw)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def answer(heard: Heard, status: int = 200, word: str = "OK") -> bytes:
    """Compose a unit's answer to a request: the same Via stack, From, To, Call-ID and CSeq, and no body."""
    lines = [f"SIP/2.0 {status} {word}"]
    for name, shown in (("via", "Via"), ("record-route", "Record-Route"), ("from", "From")):
        lines += [f"{shown}: {value}" for value in heard.headers.get(name, [])]
    to = heard.first("to")
    lines.append(f"To: {to}" if ";tag=" in to else f"To: {to};tag=unit")
    lines += [f"Call-ID: {heard.first('call-id')}", f"CSeq: {heard.first('cseq')}", "Content-Length: 0"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def read(data: bytes) -> Heard | None:
    """Read a whole message; None when it is none (a ping, noise)."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace")).splitlines()
    words = lines[0].split(" ", 2) if lines else []
    if len(words) < 3:
        return None
    headers: dict[str, list[str]] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        headers.setdefault(COMPACT.get(key, key), []).append(value.strip())
    text = body.decode("utf-8", "replace")
    if words[0].upper().startswith("SIP/"):
        return Heard(int(words[1]) if words[1].isdigit() else 0, headers=headers, body=text)
    return Heard(method=words[0].upper(), uri=words[1], headers=headers, body=text)


class Stream:
    """Cuts what comes over TCP or TLS into messages by their Content-Length."""

    def __init__(self) -> None:
        self.left = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now. Raises ValueError when one grows beyond all measure."""
        self.left = (self.left + data).lstrip(b"\r\n")
        found = []
        while b"\r\n\r\n" in self.left:
            head, _, rest = self.left.partition(b"\r\n\r\n")
            said = re.search(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d+)", head)
            length = int(said[1]) if said else 0
            if len(rest) < length:
                break
            found.append(head + b"\r\n\r\n" + rest[:length])
            self.left = rest[length:].lstrip(b"\r\n")
        if len(self.left) > LARGEST:
            raise ValueError("The receiver sends a message without end.")
        return found


def body(root: str, fields: Sequence[tuple[str, str]], declaration: bool = True, between: str = "") -> str:
    """Compose the XML of a request, tag by tag as given."""
    inside = between.join(f"<{tag}>{_escaped(value)}</{tag}>" for tag, value in fields)
    before = '<?xml version="1.0" encoding="UTF-8"?>' if declaration else ""
    return f"{before}<{root}>{between}{inside}{between}</{root}>"


def proof(challenge: str, user: str, secret: str, uri: str, method: str = "MESSAGE") -> str:
    """Answer a digest challenge (RFC 2617 and 8760, without qop or with auth). The secret is shown to nobody."""
    said = {name.lower(): quoted or bare for name, quoted, bare in _SAID.findall(challenge)}
    way = said.get("algorithm", "MD5").upper()
    hashed = sha256 if way.startswith("SHA-256") else md5

    def h(text: str) -> str:
        return hashed(text.encode()).hexdigest()

    realm, nonce = said.get("realm", ""), said.get("nonce", "")
    who, what = h(f"{user}:{realm}:{secret}"), h(f"{method}:{uri}")
    shown = f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm={way}'
    if "opaque" in said:
        shown += f', opaque="{said["opaque"]}"'
    if "auth" not in re.split(r"[,\s]+", said.get("qop", "")):
        return f'{shown}, response="{h(f"{who}:{nonce}:{what}")}"'
    own = h(nonce + user)[:16]
    response = h(f"{who}:{nonce}:00000001:{own}:auth:{what}")
    return f'{shown}, qop=auth, nc=00000001, cnonce="{own}", response="{response}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
