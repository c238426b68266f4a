"""A pack on paper, laid line by line on A4: a thousand persons' pages in seconds, where HTML to PDF took half a minute.

Sizes are points. A person's card, a visit and a row of a list are never cut by a page's end; words never are.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from livlina.across.continuity.packs.content import Card, Day, Pack, Ring

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 42.0, 42.0, 40.0, 50.0
PLAIN, BOLD = "Plain", "Bold"
FONTS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF")
Mark = tuple[float, float, str, float, str]  # x, y, font, size, text


@cache
def _fonts() -> bool:
    """Teach the library our letters: DejaVu, which WeasyPrint uses too, else Vera, which comes with the library."""
    import reportlab
    from reportlab import rl_config
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    own = [(Path(folder) / "DejaVuSans.ttf", Path(folder) / "DejaVuSans-Bold.ttf") for folder in FONTS]
    bundled = Path(os.path.dirname(reportlab.__file__)) / "fonts"
    pairs = [*own, (bundled / "Vera.ttf", bundled / "VeraBd.ttf")]
    plain, bold = next(pair for pair in pairs if all(one.exists() for one in pair))
    rl_config.useA85 = 0  # pages as bytes, not as text
    registerFont(TTFont(PLAIN, str(plain)))
    registerFont(TTFont(BOLD, str(bold)))
    return True


@lru_cache(200_000)
def _wide(word: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(word, font, size))


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Return a text as lines no wider than `width`; only a word wider than a whole line is cut."""
    space, lines, line, used = _wide(" ", font, size), [], "", 0.0
    for word in text.split():
        while (wide := _wide(word, font, size)) > width and len(word) > 1:
            fits = max(1, int(len(word) * width / wide) - 1)
            lines += [line] if line else []
            lines.append(word[:fits])
            word, line, used = word[fits:], "", 0.0
        if line and used + space + wide > width:
            lines.append(line)
            line, used = word, wide
        else:
            line, used = (f"{line} {word}", used + space + wide) if line else (word, wide)
    return [*lines, line] if line else lines


@dataclass
class Block:
    """Lines that stay together on a page."""

    marks: list[Mark] = field(default_factory=list)
    height: float = 0.0
    rule: bool = False
    boxes: list[tuple[float, float]] = field(default_factory=list)

    def text(
        self,
        said: str,
        *,
        size: float = 9.5,
        font: str = PLAIN,
        x: float = 0,
        width: float = 0,
    ) -> None:
        """Add a text below what is there."""
        for line in wrap(said, font, size, (width or WIDTH - LEFT - RIGHT) - x):
            self.height += size * 1.32
            self.marks.append((x, self.height - size * 0.3, font, size, line))

    def columns(self, cells: Iterable[tuple[str, float, float, str]], size: float = 9.5) -> None:
        """Add a row: (text, from, width, font) of each column. The highest decides where the next begins."""
        top, deepest = self.height, self.height
        for said, x, width, font in cells:
            self.height = top
            for line in wrap(said, font, size, width):
                self.height += size * 1.32
                self.marks.append((x, self.height - size * 0.3, font, size, line))
            deepest = max(deepest, self.height)
        self.height = deepest

    def tick(self, x: float, y: float) -> None:
        """Add a square to tick, its top at `y` below the block's."""
        self.boxes.append((x, y))

    def gap(self, points: float) -> None:
        """Add room."""
        self.height += points


class Sheets:
    """Pages that fill from the top; a block that has no room begins the next."""

    def __init__(self) -> None:
        self.pages: list[list[tuple[float, Block]]] = []
        self.heads: list[str] = []
        self.y = HEIGHT

    def begin(self, head: str) -> int:
        """Begin a new page whose foot says `head`, and return its number."""
        self.pages.append([])
        self.heads.append(head)
        self.y = TOP
        return len(self.pages)

    def put(self, block: Block) -> None:
        """Lay a block where there is room."""
        if self.y + block.height > HEIGHT - BOTTOM and self.pages[-1]:
            self.begin(self.heads[-1])
        self.pages[-1].append((self.y, block))
        self.y += block.height

    def drawn(self, title: str, foot: str) -> bytes:
        """Return the PDF."""
        from reportlab.pdfgen.canvas import Canvas

        out = BytesIO()
        canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True, lang="sv-SE")
        canvas.setTitle(title)
        for number, (page, head) in enumerate(zip(self.pages, self.heads, strict=True), start=1):
            text, font = canvas.beginText(), ("", 0.0)
            for top, block in page:
                self._draw(canvas, top, block)
                for x, y, name, size, said in block.marks:
                    if font != (name, size):
                        text.setFont(name, size)
                        font = (name, size)
                    text.setTextOrigin(LEFT + x, HEIGHT - top - y)
                    text.textOut(said)
            canvas.drawText(text)
            self._foot(canvas, foot, head, f"Sida {number} av {len(self.pages)}")
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def _foot(self, canvas: Any, foot: str, head: str, number: str) -> None:
        """Every page may be taken along by itself: each says whose it is, and how old."""
        canvas.setFont(BOLD, 11)
        canvas.drawString(LEFT, 30, foot)
        canvas.setFont(PLAIN, 9)
        canvas.drawString(LEFT, 17, head)
        canvas.drawRightString(WIDTH - RIGHT, 17, number)

    def _draw(self, canvas: Any, top: float, block: Block) -> None:
        if block.rule:
            canvas.setStrokeGray(0.6)
            canvas.setLineWidth(0.5)
            canvas.line(LEFT, HEIGHT - top - 1, WIDTH - RIGHT, HEIGHT - top - 1)
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.8)
        for x, y in block.boxes:
            canvas.rect(LEFT + x, HEIGHT - top - y - 9, 9, 9)


def pdf(pack: Pack) -> bytes:
    """Return the pack as PDF. The same pack gives the same bytes."""
    _fonts()
    sheets = Sheets()
    sheets.begin("Framsida")
    found: list[tuple[str, int]] = []
    for title, lay in _parts(pack):
        found.append((title, sheets.begin(title)))
        lay(sheets)
    cover = Sheets()
    cover.begin("Framsida")
    _cover(cover, pack, found)
    sheets.pages[0] = cover.pages[0]
    for extra in range(1, len(cover.pages)):  # more telephones than one page has room for
        sheets.pages.append(cover.pages[extra])
        sheets.heads.append("Telefonnummer")
    return sheets.drawn(f"Reservpaket {pack.unit}", f"{pack.unit}, gjord {pack.made}")


def _parts(pack: Pack) -> list[tuple[str, Callable[[Sheets], None]]]:
    parts: list[tuple[str, Callable[[Sheets], None]]] = []
    for day in pack.days:
        if day.rounds:
            parts.append((f"Besök {day.title}", lambda sheets, day=day: _day(sheets, day)))
    if pack.cards:
        parts.append((f"Personer ({len(pack.cards)})", lambda sheets: _cards(sheets, pack.cards)))
    if pack.ring:
        parts.append((f"Ringlista ({len(pack.ring)})", lambda sheets: _ring(sheets, pack.ring)))
    if pack.keys:
        parts.append((f"Nycklar ({len(pack.keys)})", lambda sheets: _keys(sheets, pack.keys)))
    return parts


def _cover(sheets: Sheets, pack: Pack, parts: list[tuple[str, int]]) -> None:
    head = Block()
    head.text(pack.municipality, size=11)
    head.text(pack.unit, size=24, font=BOLD)
    head.gap(10)
    day, _, clock = pack.made.rpartition(" kl. ")
    head.text(f"Uppgifterna gällde {day}", size=16)
    head.text(f"klockan {clock}", size=40, font=BOLD)
    head.gap(10)
    head.text(
        "Det som hänt därefter står inte här. Arbeta efter planen, ring när du är osäker, och skriv på papper vad du gör: "
        "person, klockslag, ditt namn. Det skrivs in när systemet är igång igen. Fara för liv: ring 112.",
        size=11,
    )
    head.text(
        "Papperet är sekretessbelagt. Lämna det aldrig ifrån dig; strimla det när en nyare utskrift finns.",
        size=11,
    )
    head.gap(12)
    for title, page in parts:
        head.columns(
            [(title[0].upper() + title[1:], 0, 400, PLAIN), (f"sida {page}", 420, 80, PLAIN)], size=12
        )
    sheets.put(head)
    _telephones(sheets, pack)


def _telephones(sheets: Sheets, pack: Pack) -> None:
    for title, rows, widths in (
        ("Viktiga nummer", pack.numbers, (200, 220)),
        ("Jour och beredskap", pack.on_call, (130, 55, 180, 130)),
        ("Vilka som arbetar", pack.colleagues, (110, 150, 120, 120)),
    ):
        for number, row in enumerate(rows):
            block = Block()
            if number == 0:
                block.gap(14)
                block.text(title, size=13, font=BOLD)
                block.gap(2)
            at, cells = 0.0, []
            for said, width in zip(row, widths, strict=True):
                cells.append((said, at, width - 6, PLAIN))
                at += width
            block.columns(cells, size=10)
            sheets.put(block)


def _title(said: str) -> Block:
    block = Block()
    block.text(said[0].upper() + said[1:], size=18, font=BOLD)
    block.gap(6)
    return block


def _day(sheets: Sheets, day: Day) -> None:
    for at, round in enumerate(day.rounds):
        if at:
            sheets.begin(sheets.heads[-1])  # a page of one's own to take along
        sheets.heads[-1] = f"Besök {day.title}: {round.carer}"
        head = _title(round.carer)
        head.text(f"Besök {day.title}", size=13)
        head.gap(4)
        sheets.put(head)
        for stop in round.stops:
            block = Block(rule=True)
            block.gap(3)
            also = f" Tillsammans med {stop.others}." if stop.others else ""
            if not stop.done:
                block.tick(0, block.height + 2)
            block.columns(
                [
                    (stop.at, 16, 40, BOLD),
                    (f"{stop.minutes} min", 56, 44, PLAIN),
                    (stop.who, 102, 136, BOLD),
                    (f"{stop.what}.{also}", 242, 130, PLAIN),
                    (stop.there, 376, 135, PLAIN),
                ]
            )
            block.gap(2)
            sheets.put(block)


def _cards(sheets: Sheets, cards: list[Card]) -> None:
    sheets.put(_title("Personer"))
    for card in cards:
        block = Block(rule=True)
        block.gap(5)
        block.columns([(card.name, 0, 320, BOLD), (card.born, 330, 180, PLAIN)], size=12)
        block.columns([(card.address, 0, 320, PLAIN), (card.phone or "Inget nummer", 330, 180, BOLD)])
        for said in card.warnings:
            block.text(f"OBS! {said}", font=BOLD)
        for title, rows in (
            ("Mål", [card.goal] if card.goal else []), ("Önskemål", [card.wishes] if card.wishes else []),
            ("Besök", card.visits), ("Så gör du", card.tasks), ("Läkemedel", card.medicines), ("Anhöriga", card.near),
            ("Nycklar", card.keys),
        ):  # fmt: skip
            for number, said in enumerate(rows):
                block.columns([(title if number == 0 else "", 0, 72, BOLD), (said, 76, 434, PLAIN)], size=9)
        block.gap(6)
        for part in _cut(block):
            sheets.put(part)


def _cut(block: Block) -> list[Block]:
    """A card longer than a page is cut between its lines."""
    room = HEIGHT - TOP - BOTTOM
    if block.height <= room:
        return [block]
    parts: list[Block] = []
    start = 0.0
    for mark in sorted(block.marks, key=lambda one: one[1]):
        if not parts or mark[1] - start > room - 12:
            start = mark[1] - 12 if parts else 0.0
            parts.append(Block(rule=not parts and block.rule))
        parts[-1].marks.append((mark[0], mark[1] - start, *mark[2:]))
        parts[-1].height = mark[1] - start + 4
    return parts


def _ring(sheets: Sheets, rows: list[Ring]) -> None:
    head = _title("Ringlista: alla med trygghetslarm")
    head.text(
        "Ring eller besök var och en, uppifrån och ner. Svarar ingen: åk dit. Är det fara för liv: 112.",
        size=11,
    )
    sheets.put(head)
    for row in rows:
        block = Block(rule=True)
        block.gap(4)
        phones = ", ".join(row.phones) or ("" if row.address.startswith("Chefen") else "Inget nummer")
        block.columns(
            [(row.name, 0, 190, BOLD), (phones, 196, 190, BOLD), (row.about, 390, 120, PLAIN)], size=10
        )
        block.text(
            " ".join(part for part in (row.address, f"Risker: {row.risks}." if row.risks else "") if part),
            size=9,
        )
        if row.near:
            block.text(f"Anhöriga: {'; '.join(row.near)}", size=9)
        block.gap(4)
        for x, said in ((0, "Mår bra"), (80, "Svarar inte"), (180, "Besökt"), (255, "112")):
            block.tick(x, block.height + 1)
            block.marks.append((x + 14, block.height + 9, PLAIN, 9, said))
        block.marks.append((310, block.height + 9, PLAIN, 9, "Klockan ________  Vem ________________"))
        block.gap(15)
        sheets.put(block)


def _keys(sheets: Sheets, rows: list[list[str]]) -> None:
    sheets.put(_title("Nycklar"))
    widths = (70, 170, 150, 120)
    heads = Block()
    heads.columns(_row(("Nyckel", "Var den är", "Adress", "Person"), widths, BOLD))
    sheets.put(heads)
    for row in rows:
        block = Block(rule=True)
        block.gap(3)
        block.columns(_row(row, widths, PLAIN))
        sheets.put(block)


def _row(cells: Iterable[str], widths: Iterable[float], font: str) -> list[tuple[str, float, float, str]]:
    found, at = [], 0.0
    for said, width in zip(cells, widths, strict=True):
        found.append((said, at, width - 6, font))
        at += width
    return found
