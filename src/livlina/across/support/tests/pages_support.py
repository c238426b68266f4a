"""What the pages of the support can show: a part of the household of tests/browser."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from livlina.across.support import actions
from livlina.across.support.actions import Question
from livlina.across.support.actions.sheets import Wording
from livlina.across.support.models import Sheet, Ticket

HOUR = timedelta(hours=1)
LOCK = "Håll telefonen mot låset i tre sekunder.\nGår det inte: hämta nyckeln i nyckelskåpet."
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
Get = Callable[[str], Any]


def fill(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Sheets for each side, two known faults, somebody away, and tickets at every step."""
    now, ola, anders = (get(name) for name in ("now", "ola", "anders"))
    sheets = _sheets(get)
    for helped in (True, False):
        actions.tell_if_helped(sheets["lock_sheet"].pk, helped, client_id=uuid4(), by=get("ali"), now=now)
    faults = (
        ("Bilagor går inte att öppna i Firefox", "Öppna dem i Edge så länge."),
        ("Brev skrivs ut två gånger", "Kasta det ena."),
    )
    for title, workaround in faults:
        actions.publish_fault(title, workaround, ("support",), client_id=uuid4(), by=ola, now=now)
    actions.tell_absence(anders.user_id, date(2026, 3, 9), date(2026, 3, 13), ola.user_id, by=ola, now=now)
    return sheets | _tickets(get, sheets["lock_sheet"]) | _others(get, found)


def _sheets(get: Get) -> dict[str, Sheet]:
    ola, now = get("ola"), get("now")
    told = {
        "lock_sheet": Wording(
            "Telefonen öppnar inte dörren", LOCK, "lås nyckel dörr", "doors", pages=("homecare:", "doors:")
        ),
        "citizen_sheet": Wording(
            "Var står mitt beslut?", "Under Mina ärenden.", "beslut hitta", "cases", "citizen"
        ),
        "desk_sheet": Wording("Innan du ringer upp", "Läs hela ärendet först.", "samtal", "other", "desk"),
    }
    return {name: actions.write_sheet(wording, by=ola, now=now) for name, wording in told.items()}


def _ask(by: Any, text: str, at: Any, **said: Any) -> Ticket:
    words: dict[str, Any] = {
        "client_id": uuid4(),
        "subject": text[:60],
        "text": text,
        "page": "doors_provider:door",
    }
    return actions.ask(Question(**(words | said)), by=by, now=at)


def _tickets(get: Get, sheet: Sheet) -> dict[str, Any]:
    """Ali's long one with everything in its history, those like it, and one that lies with a supplier."""
    now, ali, anders, ola = (get(name) for name in ("now", "ali", "anders", "ola"))
    ticket = _ask(
        ali, "Låset hos en brukare öppnar inte.", now - 30 * HOUR, priority="high", error_id="3f0a9c11"
    )
    same, outside = (_ask(ali, text, now - 2 * HOUR) for text in ("Låset igen.", "Låset piper hela tiden."))
    for _ in range(5):
        _ask(ali, "Schemat visar fel vecka.", now - 3 * HOUR, page="homecare_provider:own_day")
    actions.attach(ticket, "skärmbild.png", PNG, by=ali, now=now)
    actions.take(ticket, by=anders, now=now)
    actions.use_sheet(ticket, sheet.pk, by=anders, now=now)
    actions.note(ticket, "Batteriet byttes i fredags.", client_id=uuid4(), by=anders, now=now)
    actions.ask_back(ticket, "Blinkar låset rött?", client_id=uuid4(), by=anders, now=now)
    actions.write_more(ticket, "Ja, tre gånger.", client_id=uuid4(), by=ali, now=now)
    actions.link(ticket, outside, by=anders, now=now)
    actions.merge(same, ticket, by=anders, now=now)
    actions.set_line(outside, 2, "Batteriet är bytt.", by=anders, now=now)
    outside.refresh_from_db()
    actions.take(outside, by=ola, now=now)
    actions.send_out(outside, "maker", "Låset piper efter batteribyte.", client_id=uuid4(), by=ola, now=now)
    return {"ticket": ticket, "merged_ticket": same, "outside_ticket": outside}


def _others(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Karin's that is solved, her note on the wrong person, and Anna's that the support has answered."""
    now, karin, anders, anna = (get(name) for name in ("now", "karin", "anders", "anna_online"))
    solved = _ask(karin, "Var hittar jag delegationsordningen?", now - HOUR, page="cases:list")
    actions.solve(solved, "Under Ärenden, längst ned.", client_id=uuid4(), by=anders, now=now)
    wrong = Question(
        uuid4(), "En anteckning står på fel person", "Den gäller någon annan.", kind="correction",
        page="journal:file", priority="high",
    )  # fmt: skip
    corrected = actions.ask_correction(found["note"].pk, wrong, by=karin, now=now)
    asked = _ask(anna, "Jag hittar inte beslutet.", now - HOUR, page="cases_citizen:list")
    actions.answer(asked, "Det står under Mina ärenden.", client_id=uuid4(), by=anders, now=now)
    return {"solved_ticket": solved, "note_ticket": corrected, "citizen_ticket": asked}
