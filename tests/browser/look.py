"""How a page looks and reads: accessibility checked by axe-core, and pictures for a human to look at."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python

PICTURES = Path(tempfile.gettempdir()) / "livlina-pictures"
WIDTHS = (390, 1440)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def check_axe(page: Any, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> None:
    """Fail with every breach axe-core finds on the page as it stands.

    `without` names rules that do not apply, rarely; `only` names the rules worth asking again, when just the colours
    have changed.
    """
    page.evaluate(
        "for (const one of document.getAnimations()) try { one.finish() } catch {}"
    )  # fading in is not pale
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())  # evaluated by the debugger, so the content security policy stays as it is
    options = {
        "runOnly": {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES},
        "rules": {name: {"enabled": False} for name in without},
        "resultTypes": ["violations"],  # what passes is not told one by one: half the time of a page
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    told = [
        f"{breach['id']}: {breach['help']}\n"
        + "\n".join(f"    {node['html'][:200]}" for node in breach["nodes"][:5])
        for breach in found["violations"]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)


def check_fits(page: Any, width: int = 390) -> None:
    """Fail if the page must be scrolled sideways at `width` pixels (WCAG 1.4.10)."""
    page.set_viewport_size({"width": width, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{page.url} is {wide} pixels wide on a screen of {width}."


def screenshot(page: Any, name: str) -> list[Path]:
    """Take the whole page at 390 and 1440 pixels; return where the pictures are (a folder for temporary files)."""
    PICTURES.mkdir(exist_ok=True)
    before = page.viewport_size
    taken = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        taken.append(PICTURES / f"{name}-{width}.png")
        page.screenshot(path=taken[-1], full_page=True, animations="disabled")
    page.set_viewport_size(before)
    return taken
