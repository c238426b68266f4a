"""A whole HTML page as PDF, tagged, fetching nothing: for lists, packs and reports. Letters of cases are PDF/A instead."""

from __future__ import annotations


def pdf(page: str) -> bytes:
    """Return the page as PDF. The same page gives the same bytes. About 2 s for a hundred rows.

    Raises ValueError if the page asks for anything outside itself.
    """
    from weasyprint import HTML  # importing it takes a second of every start
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):
        """Paper holds text and what is drawn in the page itself."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            raise ValueError("Paper fetches nothing.")

    return bytes(HTML(string=page, url_fetcher=Nothing()).write_pdf(pdf_tags=True) or b"")
