"""The print style and WeasyPrint. Import it where a letter is made, not at the start of a program."""

import threading
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

PRINT = Path(__file__).resolve().parent.parent / "print"
_read = threading.local()


def made(page: str) -> bytes:
    """Return a whole HTML page as a tagged PDF/A-3a."""
    style, fonts = _style()
    content = HTML(string=page, url_fetcher=_Nothing()).write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        output_intent="livlina-srgb",
        color_profiles={"livlina-srgb": _srgb()},
    )
    return bytes(content or b"")


def _style() -> tuple[CSS, FontConfiguration]:
    """The print style with the house's font: read once in each thread, since unpacking the font is half the work."""
    if not hasattr(_read, "style"):
        fonts = FontConfiguration()
        style = CSS(filename=str(PRINT / "letter.css"), font_config=fonts, url_fetcher=_OwnFiles())
        _read.style = (style, fonts)
    return _read.style


def _srgb() -> ColorProfile:
    """WeasyPrint's own sRGB profile, from memory: it leaves the file open, once for every letter."""
    content = (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    return ColorProfile(BytesIO(content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


class _Nothing(URLFetcher):
    """A letter holds text alone: nothing is fetched because someone wrote an address in it."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Refuse."""
        raise ValueError("A letter fetches nothing.")


class _OwnFiles(URLFetcher):
    """The print style may load the house's own font, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
