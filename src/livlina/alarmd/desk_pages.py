"""What the receiver's own page looks like: readable at three at night, on a telephone, without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from livlina.alarmd import health, parts, words
from livlina.alarmd.markup import Html, html, joined
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.spool import Deed, OpenAlarm
from livlina.alarmd.watched import SILENT

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

NUMBER = re.compile(r"\+?\d[\d \-/]{5,}\d")
HAS_IT = ("accepted", "on_way", "on_site")
NOTHING = Html("")


@dataclass(frozen=True)
class State:
    """All a page tells of. `live`: the page itself counts how long ago things were."""

    receiver: str
    now: float
    live: bool
    works: bool | None
    """Does the main system answer? None: there is none."""
    answered_at: float
    troubles: tuple[str, ...]
    events: tuple[str, ...]
    """Causes of mass silence."""
    alarms: tuple[OpenAlarm, ...]
    units: dict[str, Unit]
    silent: tuple[tuple[Unit, float], ...]

    @property
    def waiting(self) -> int:
        """How many alarms nobody has."""
        return sum(1 for alarm in self.alarms if not holder(alarm))


def state_of(server: Server, live: bool = False) -> State:
    """Return how it is."""
    known, wall, mono = parts.of(server), server.wall(), time.monotonic()
    supervisor, handover = known.supervisor, known.handover
    alone = supervisor.silent if supervisor else ()
    silent = [(one.unit, wall - (mono - one.last)) for one in alone if one.state == SILENT]
    troubles = health.of(server).troubles
    return State(
        receiver=server.config.receiver,
        now=wall,
        live=live,
        works=handover.works if handover else None,
        answered_at=handover.answered_at if handover else 0.0,
        troubles=tuple(text for code, text in health.TROUBLES.items() if code in troubles),
        events=tuple(event.sentence() for event in supervisor.events) if supervisor else (),
        alarms=tuple(sorted(server.spool.open_alarms(), key=_order)),
        units=dict(server.spool.units()),
        silent=tuple(sorted(silent, key=lambda row: (-row[0].risk, row[1]))),
    )


def holder(alarm: OpenAlarm) -> str:
    """Return who has the alarm; nothing as long as nobody has."""
    return next((deed.by or "någon" for deed in reversed(alarm.deeds) if deed.state in HAS_IT), "")


def _order(alarm: OpenAlarm) -> tuple[bool, int, float]:
    """Those nobody has first, the most pressed before the rest, the oldest before the younger."""
    return bool(holder(alarm)), -len(alarm.presses), alarm.alarm.at


# Whole pages


def sign_in(state: State, fault: str = "") -> bytes:
    """The page for whoever is not signed in: how many wait, and of whom nothing."""
    return _page(
        "Logga in",
        html(
            '<h1>Larmmottagarens egen sida</h1>\n{status}\n<p class="count">{count}</p>\n{fault}\n'
            '<form method="post" action="/in" class="box">\n<h2>Logga in med reservkoden</h2>\n'
            '<p><label for="namn">Namn, som det står på kortet</label>\n'
            '<input id="namn" name="namn" autocomplete="username" required maxlength="160"></p>\n'
            '<p><label for="kod">Kod</label>\n<input id="kod" name="kod" type="password" required maxlength="40" '
            'autocomplete="current-password" autocapitalize="characters" spellcheck="false"></p>\n'
            '<p><button class="big">Logga in</button></p>\n<p class="quiet">Varje inloggning skrivs ned.</p>\n</form>',
            status=html('<ul class="status">{row}</ul>', row=_main_system(state)),
            count=_count(state),
            fault=_fault(fault),
        ),
    )


def whole_list(state: State, name: str, token: str) -> bytes:
    """The list of open alarms."""
    return _page(
        f"{f'({state.waiting}) ' if state.waiting else ''}Larm",
        html(
            '<h1 class="hidden">Larm</h1>\n<div id="lista">{list}</div>\n{foot}',
            list=_list(state, name, token),
            foot=_foot(name, token),
        ),
        refresh=True,
    )


def fragment(state: State, name: str, token: str) -> bytes:
    """The list alone, for the page that asks again and again."""
    return _list(state, name, token).encode()


def strip(state: State) -> bytes:
    """One line that renews itself, for the pages that may not because somebody writes on them."""
    return _page("Läget", html('<p class="count">{count}</p>', count=_count(state)), refresh=True, bare=True)


def sorry(sentence: str) -> bytes:
    """What could not be done."""
    return _page(
        "Det gick inte",
        html(
            '<h1>Det gick inte</h1>\n{fault}\n<p><a class="big" href="/">Till larmen</a></p>',
            fault=_fault(sentence),
        ),
    )


def one(alarm: OpenAlarm, state: State, name: str, token: str, key: UUID, did: str = "") -> bytes:
    """One alarm, with what can be done about it."""
    path = f"/larm/{quote(alarm.alarm.id)}"
    once = _hidden(token, str(key))
    outcomes = joined(
        html(
            '<label class="choice"><input type="radio" name="utfall" value="{code}" required> {word}</label>',
            code=c,
            word=w,
        )
        for c, w in words.OUTCOMES.items()
    )
    return _page(
        _who(alarm, state),
        html(
            '<p class="top"><a href="/">← Alla larm</a></p>\n<iframe src="/remsa" title="Läget just nu"></iframe>\n'
            "{done}\n{alarm}\n"
            '<form method="post" action="{path}/anteckna" class="box">{once}\n<h2>Anteckna</h2>\n'
            '<p><label for="anteckning">Vad har hänt?</label>\n'
            '<textarea id="anteckning" name="anteckning" rows="3" maxlength="2000" required></textarea></p>\n'
            '<p><button class="big">Spara anteckningen</button></p></form>\n'
            '<form method="post" action="{path}/avsluta" class="box">{once}\n<h2>Avsluta larmet</h2>\n'
            "<fieldset><legend>Hur gick det?</legend>\n{outcomes}</fieldset>\n"
            '<p><label for="slut">Vad hände, och vad gjorde du?</label>\n'
            '<textarea id="slut" name="anteckning" rows="4" maxlength="2000" required></textarea></p>\n'
            '<p><button class="big">Avsluta larmet</button></p></form>\n{foot}',
            done=html('<p class="done" role="status">✓ Anteckningen är sparad.</p>') if did else NOTHING,
            alarm=_card(alarm, state, token, name, whole=True),
            path=path,
            once=once,
            outcomes=outcomes,
            foot=_foot(name, token),
        ),
    )


def _page(title: str, body: Html, *, refresh: bool = False, bare: bool = False) -> bytes:
    """A page. One that renews itself does so by its script, and without scripts by itself every two seconds."""
    again = Html('<noscript><meta http-equiv="refresh" content="2"></noscript>\n') if refresh else NOTHING
    return html(
        '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="dark">\n'
        '<title>{title} – larmmottagaren</title>\n<link rel="stylesheet" href="/desk.css">\n{again}'
        '<script src="/desk.js" defer></script>\n</head>\n<body class="{kind}">\n'
        "<main>\n{body}\n</main>\n</body>\n</html>\n",
        title=title,
        again=again,
        kind="bare" if bare else "whole",
        body=body,
    ).encode()  # fmt: skip


# Parts of pages


def _list(state: State, name: str, token: str) -> Html:
    cards = joined(_card(alarm, state, token, name) for alarm in state.alarms)
    return html(
        '{status}\n<p class="count" id="antal" data-waiting="{waiting}">{count}</p>\n{cards}\n{silent}',
        status=_status(state),
        waiting=state.waiting,
        count=_count(state),
        cards=cards,
        silent=_silent(state),
    )


def _status(state: State) -> Html:
    rows = [_main_system(state)]
    rows += [
        html('<li class="bad"><b>✕ Många larm tysta.</b> {cause}</li>', cause=cause) for cause in state.events
    ]
    rows += [html('<li class="bad"><b>✕</b> {trouble}</li>', trouble=trouble) for trouble in state.troubles]
    return html('<ul class="status">\n{rows}\n</ul>', rows=joined(row for row in rows if row))


def _main_system(state: State) -> Html:
    if state.works is None:
        return html('<li class="bad"><b>✕ Inget huvudsystem är anslutet.</b> Arbeta här.</li>')
    if state.works:
        return html('<li class="good"><b>✓ Huvudsystemet svarar.</b> Arbeta där om du kan.</li>')
    if not state.answered_at:
        return html('<li class="bad"><b>✕ HUVUDSYSTEMET SVARAR INTE.</b> Arbeta här.</li>')
    return html(
        '<li class="bad"><b>✕ HUVUDSYSTEMET SVARAR INTE.</b> Arbeta här. Det som står om personer är från '
        "<b>{at}</b>, för {ago} sedan. Det du gör förs över när det svarar igen.</li>",
        at=words.day_and_clock(state.answered_at, state.now),
        ago=_ago(state.answered_at, state),
    )


def _count(state: State) -> Html:
    waiting, others = state.waiting, len(state.alarms) - state.waiting
    rest = f" {others} pågår." if others else ""
    if waiting:
        return html("<strong>▲ {count} larm väntar.</strong>{rest}", count=waiting, rest=rest)
    return html("✓ Inget larm väntar.{rest}", rest=rest)


def _card(alarm: OpenAlarm, state: State, token: str, me: str = "", whole: bool = False) -> Html:
    record, unit = alarm.alarm, state.units.get(alarm.alarm.unit)
    has = holder(alarm)
    deeds = alarm.deeds if whole else alarm.deeds[-3:]
    return html(
        '<article class="alarm {kind}" id="larm-{id}">\n<p class="state">{state}</p>\n'
        '<p class="time">Tryckte <b>{at}</b>, för {ago} sedan{presses}</p>\n{unsaved}\n{who}\n'
        '<div class="do">{accept}{more}</div>\n{facts}\n{deeds}\n</article>',
        kind="held" if has else "waits",
        id=record.id,
        state=html("● MOTTAGET av {name}", name="dig" if has == me else has) if has else html("▲ VÄNTAR"),
        at=words.day_and_clock(record.at, state.now),
        ago=_ago(record.at, state),
        presses=_presses(alarm),
        unsaved=NOTHING
        if record.number
        else html('<p class="bad">✕ Inte sparat: skriv ned det på papper.</p>'),
        who=html("<h1>{who}</h1>" if whole else "<h2>{who}</h2>", who=_who(alarm, state)),
        facts=_facts(record, unit),
        deeds=_deeds(deeds, state),
        accept=_accept(alarm, token) if not has or (whole and has != me) else NOTHING,
        more=NOTHING if whole else _more(alarm),
    )


def _who(alarm: OpenAlarm, state: State) -> str:
    unit = state.units.get(alarm.alarm.unit)
    if unit and unit.name:
        return unit.name
    return f"Okänd: larmenhet {alarm.alarm.unit}" if alarm.alarm.unit else "Okänd larmenhet"


def _presses(alarm: OpenAlarm) -> Html:
    if not alarm.presses:
        return NOTHING
    return html(
        '. <strong class="again">Tryckt {count} gånger, senast {at}</strong>',
        count=len(alarm.presses) + 1,
        at=words.clock(alarm.presses[-1].at),
    )


def _facts(record: Record, unit: Unit | None) -> Html:
    said = ", i ".join(part for part in (words.what(record), words.place(record).lower()) if part)
    rows: list[tuple[str, Html | str]] = []
    if unit:
        phone = html(
            '<a class="phone" href="tel:{dial}">{phone}</a>', dial=_dial(unit.phone), phone=unit.phone
        )
        rows += [("Adress", unit.address), ("Telefon", phone if unit.phone else ""), ("Nycklar", unit.keys)]
        rows += [
            ("Risker", unit.risks),
            ("Anhöriga", joined(map(_near, unit.contacts), "<br>")),
        ]
        rows += [("Team", unit.team)]
    rows += [("Larmet säger", said), ("Ring upp", _call_back(record)), ("Larmenhet", record.unit)]
    shown = joined(html("<div><dt>{name}</dt><dd>{text}</dd></div>", name=n, text=t) for n, t in rows if t)
    return html("<dl>{rows}</dl>", rows=shown)


def _call_back(record: Record) -> str:
    """The number the unit gave of itself, as a human dials it."""
    for way in record.facts.get("crd") or ():
        scheme, _, number = str(way).partition(":")
        if scheme in ("gsm", "tel") and len(number.strip("+ ")) > 3:
            return number
    return ""


def _near(contact: str) -> Html:
    """Somebody near, with the number to press."""
    found = NUMBER.search(contact)
    if not found:
        return html("{contact}", contact=contact)
    link = html('<a href="tel:{dial}">{number}</a>', dial=_dial(found[0]), number=found[0])
    return html(
        "{before}{link}{after}", before=contact[: found.start()], link=link, after=contact[found.end() :]
    )


def _dial(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdigit() or letter == "+")


def _deeds(deeds: Iterable[Deed], state: State) -> Html:
    rows = [
        html(
            "<li><b>{at}</b> {what}{by}{note}</li>",
            at=words.clock(deed.at),
            what=words.STATES.get(deed.state, deed.state),
            by=f", {deed.by}" if deed.by else "",
            note=": " + " ".join(x for x in (words.OUTCOMES.get(deed.outcome, ""), deed.note) if x)
            if deed.note
            else "",
        )
        for deed in deeds
    ]
    return html('<ol class="deeds">{rows}</ol>', rows=joined(rows)) if rows else NOTHING


def _accept(alarm: OpenAlarm, token: str) -> Html:
    has = holder(alarm)
    return html(
        '<form method="post" action="/larm/{id}/ta-emot">{hidden}'
        '<button class="big {kind}" id="ta-{id}">{word}</button></form>',
        id=alarm.alarm.id,
        hidden=_hidden(token),
        kind="second" if has else "first",
        word=f"Ta över från {has}" if has else "Ta emot larmet",
    )


def _more(alarm: OpenAlarm) -> Html:
    word = "Anteckna eller avsluta" if holder(alarm) else "Visa"
    return html('<a class="big" href="/larm/{id}" id="visa-{id}">{word}</a>', id=alarm.alarm.id, word=word)


def _silent(state: State) -> Html:
    if not state.silent:
        return NOTHING
    rows = joined(
        html(
            '<li><b>{name}</b>, {address} <a href="tel:{dial}">{phone}</a> <span>senast hörd {at}</span></li>',
            name=unit.name or f"Larmenhet {unit.id}", address=unit.address, phone=unit.phone, dial=_dial(unit.phone),
            at=words.day_and_clock(since, state.now),
        )
        for unit, since in state.silent[:50]
    )  # fmt: skip
    return html(
        '<section class="silent"><h2>Tysta larmenheter: {count}</h2>\n<ul>{rows}</ul></section>',
        count=len(state.silent),
        rows=rows,
    )


def _foot(name: str, token: str) -> Html:
    return html(
        '<footer>\n<p id="farsk" hidden></p>\n<p id="sagt" class="hidden" role="status"></p>\n'
        '<nav aria-label="Mer"><a href="/">Larm</a> <a href="/ringlista">Ringlista</a>\n'
        '<button id="ljud" type="button" hidden>Slå på ljud</button></nav>\n'
        '<form method="post" action="/ut">{hidden}<button>Logga ut {name}</button></form>\n</footer>',
        hidden=_hidden(token),
        name=name,
    )


def _hidden(token: str, once: str = "") -> Html:
    more = html('<input type="hidden" name="en_gang" value="{once}">', once=once) if once else NOTHING
    return html('<input type="hidden" name="nyckel" value="{token}">{more}', token=token, more=more)


def _fault(sentence: str) -> Html:
    return html('<p class="fault" role="alert">✕ {sentence}</p>', sentence=sentence) if sentence else NOTHING


def _ago(wall: float, state: State) -> Html:
    """How long ago; on a live page its script counts."""
    text = "" if state.live else words.span(state.now - wall)
    return html('<time data-since="{wall}">{text}</time>', wall=f"{wall:.0f}", text=text)
