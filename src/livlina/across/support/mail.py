"""Letters as they come: read, and judged by what they say of themselves. Plain Python over `email`: no rows, no clock."""

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser

LARGEST = 25_000_000
"""Bytes of a whole letter. Larger is taken in by its head alone, with a sentence that says so."""
MOST_FILES = 5
TOKEN = re.compile(r"\+([A-Za-z0-9_-]{16})@")
QUOTED = re.compile(
    r"^(>|-{2,} ?(ursprungligt|original)|den .{6,40} skrev|on .{6,60} wrote:|från: |from: )", re.I
)


@dataclass
class Letter:
    """One letter, read."""

    id: str
    sender: str
    name: str
    subject: str
    text: str
    token: str = ""
    automatic: bool = False
    ours: bool = False
    files: list[tuple[str, bytes]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class LetterUnreadable(Exception):
    """What came is no letter: it has no sender."""


def read(raw: bytes) -> Letter:
    """Read a letter as it came (RFC 5322). Raises LetterUnreadable."""
    parsed = message_from_bytes(raw[:LARGEST], policy=policy.default)
    name, sender = parseaddr(_head(parsed, "From"))
    if "@" not in sender:
        raise LetterUnreadable
    message_id = _head(parsed, "Message-ID") or hashlib.sha256(raw).hexdigest()
    letter = Letter(
        hashlib.sha256(message_id.strip().encode(errors="replace")).hexdigest(), sender.lower()[:254],
        name.strip()[:160] or sender[:160], " ".join(_head(parsed, "Subject").split())[:160], "", _token(parsed),
        _automatic(parsed, sender), bool(_head(parsed, "X-Livlina-Ticket")),
    )  # fmt: skip
    if len(raw) > LARGEST:
        letter.left_out.append("brevet var större än 25 MB och lästes inte till slutet")
    letter.text = without_quotes(_text(parsed))
    _files(parsed, letter)
    return letter


def without_quotes(text: str) -> str:
    """Return what was newly written: without the letter it answers, and the signature below two dashes."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if QUOTED.match(line.strip()) or line.rstrip() in ("--", "-- "):
            if kept and "".join(kept).strip():
                break
            continue
        kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()[:20_000]


def _head(parsed: EmailMessage, name: str) -> str:
    """Return a header's text; one that cannot be read is as good as none."""
    try:
        return str(parsed.get(name, "") or "")
    except (MessageError, ValueError, IndexError, AttributeError):
        return ""


def _token(parsed: EmailMessage) -> str:
    """The answer's token: in the address it was sent to."""
    for name in ("To", "Delivered-To", "X-Original-To", "Cc"):
        if found := TOKEN.search(_head(parsed, name)):
            return found[1]
    return ""


def _automatic(parsed: EmailMessage, sender: str) -> bool:
    """Whether a machine wrote it (RFC 3834): an answer to it could go round for ever."""
    said = _head(parsed, "Auto-Submitted").lower()
    if said and not said.startswith("no"):
        return True
    if _head(parsed, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply") or parsed.get("List-Id"):
        return True
    if parsed.get("X-Autoreply") or parsed.get("X-Autorespond"):
        return True
    returns = _head(parsed, "Return-Path").strip()
    mailbox = sender.partition("@")[0].lower()
    return (
        returns == "<>"
        or mailbox in ("mailer-daemon", "postmaster")
        or mailbox.startswith(("noreply", "no-reply"))
    )


def _text(parsed: EmailMessage) -> str:
    body = parsed.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())
    except (LookupError, MessageError, ValueError, UnicodeError):
        raw = body.get_payload(decode=True)
        content = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return _plain(content) if body.get_content_type() == "text/html" else content


def _files(parsed: EmailMessage, letter: Letter) -> None:
    for part in parsed.iter_attachments() if parsed.is_multipart() else ():
        name = part.get_filename() or "bilaga"
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or len(letter.files) >= MOST_FILES:
            letter.left_out.append(f"{name}: högst {MOST_FILES} filer tas emot i ett brev")
            continue
        letter.files.append((name, content))


class _Words(HTMLParser):
    """Keeps the words of a page, a line for each paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a new line where the page does."""
        if tag in ("style", "script", "head"):
            self.hidden += 1
        elif tag in ("p", "br", "div", "tr", "li", "h1", "h2", "h3"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Come out of what is not for reading."""
        if tag in ("style", "script", "head") and self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if not self.hidden:
            self.words.append(data)


def _plain(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    return "\n".join(" ".join(line.split()) for line in "".join(reader.words).split("\n")).strip()
