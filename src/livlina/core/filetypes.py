"""What a file is, judged by its content alone. What can carry a program is refused, in words.

Files are not searched for viruses here: that is done before they reach Livlina, or not at all (records/README).
"""

import re
import zipfile
from io import BytesIO

LARGEST = 15_000_000
"""Bytes. A scanned investigation of a hundred pages is about five million."""


class FileRefused(Exception):
    """The file cannot be taken in. The sentence is for a person, in Swedish."""


_BEGINS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"II*\x00", "image/tiff", "tif"),
    (b"MM\x00*", "image/tiff", "tif"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGES = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|\?xml|body|iframe)", re.IGNORECASE)
_IN_PDF = re.compile(rb"/(JavaScript|Launch)\b")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"


def recognise(content: bytes) -> tuple[str, str]:
    """Return (media type, ending) of a file that may be taken in. Raises FileRefused."""
    if not content:
        raise FileRefused("Filen är tom.")
    if len(content) > LARGEST:
        raise FileRefused(
            f"Filen är större än {LARGEST // 1_000_000} MB. Dela upp den eller skanna med lägre upplösning."
        )
    for begins, media, ending in _BEGINS:
        if content.startswith(begins):
            return _pdf(content) if ending == "pdf" else (media, ending)
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if content.startswith(_PROGRAMS):
        raise FileRefused("Filen är ett program och tas inte emot.")
    if content.startswith(_OLD_OFFICE):
        raise FileRefused("Filen är i ett äldre Officeformat som kan innehålla makron. Spara den som pdf.")
    return _text(content)


def tidy_name(name: str, ending: str) -> str:
    """Return a harmless name for downloading: letters, digits, space, dash and the ending the content has."""
    stem = re.sub(r"[^\w \-]+", " ", name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0])
    return f"{' '.join(stem.split())[:80] or 'handling'}.{ending}"


def _pdf(content: bytes) -> tuple[str, str]:
    if _IN_PDF.search(content):
        raise FileRefused("Pdf-filen innehåller ett program. Skriv ut den till en ny pdf och lägg in den.")
    if b"/Encrypt" in content[-4096:] or b"/Encrypt" in content[:4096]:
        raise FileRefused("Pdf-filen är låst med lösenord. Den måste gå att läsa också om trettio år.")
    return "application/pdf", "pdf"


def _zipped(content: bytes) -> tuple[str, str]:
    """Word and OpenDocument are packed files; any other packed file could hold anything."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = set(packed.namelist())
            mimetype = packed.read("mimetype") if packed.getinfo("mimetype").file_size < 100 else b""
    except KeyError:
        mimetype = b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise FileRefused("Filen är skadad och går inte att läsa.") from None
    if any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in names):
        raise FileRefused("Dokumentet innehåller makron och tas inte emot. Spara det som pdf.")
    if "word/document.xml" in names:
        return _WORD, "docx"
    if mimetype == _ODT.encode():
        return _ODT, "odt"
    raise FileRefused("Packade filer tas inte emot. Lägg in handlingarna en och en.")


def _text(content: bytes) -> tuple[str, str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            "Filtypen känns inte igen. Pdf, bilder, Word, OpenDocument och text tas emot."
        ) from None
    if "\x00" in text or _PAGES.search(content[:2048].lstrip()):
        raise FileRefused("Webbsidor och liknande kan innehålla program och tas inte emot. Spara som pdf.")
    return "text/plain; charset=utf-8", "txt"
