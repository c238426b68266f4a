"""The stories, step by step. Each step does the real thing over HTTP or reads the real files."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from livlina.cli.backups.visit import Visitor
from livlina.cli.drills.ground import Failed, Ground, NotPlayed, page, visit
from livlina.status import levels
from livlina.status.monitor import ask_by_hand

PACK_OLD = timedelta(minutes=30)
LIST_OLD = timedelta(minutes=30)
REPORT = "/officer/cases/board/list.pdf"
"""A page that waits at 80 %."""
CASE = "/officer/cases/"


def s1(ground: Ground) -> None:
    """The system stands still: what staff and managers turn to instead."""
    with ground.step("Öppna statussidan") as words:
        page(visit(ground.status, "statussidan"), "/", holds="<html")
        words.append("Statussidan kom.")
        if ground.running:
            alive = Visitor(ground.running).get("/sign-in/")[0] == 200
            words.append("Huvudsystemet var igång samtidigt." if alive else "Huvudsystemet var borta.")
    with ground.step("Öppna skuggan") as words:
        text = page(visit(ground.shadow, "skuggan"), "/sign-in/")
        words.append(_age_words(text) or "Inloggningssidan kom.")
    with ground.step("Skuggan säger hur gammal den är") as words:
        part = ground.part("shadow", timedelta(minutes=5))
        words.append(part.words)
        if not part.works:
            raise Failed("Skuggan säger själv att den inte fungerar.")
    shadow = _into_the_shadow(ground)
    with ground.step("Skuggan tar inte emot något som skulle gå förlorat") as words:
        status, _, _ = (shadow or visit(ground.shadow, "skuggan")).get("/officer/", {"text": "övning"})
        if status not in (403, 503):
            raise Failed(f"Ett formulär togs emot: svaret var {status}.")
        words.append("Ett formulär nekades.")
    packs(ground)
    with ground.step("Dörrnycklar och besök i en telefon utan server") as words:
        ground.person(
            "Sätt en telefon i flygplansläge. Ser du passets besök, och öppnas en dörr (eller låssimulatorn)?"
        )
        words.append("Besöken och nyckeln fanns i telefonen.")


def _into_the_shadow(ground: Ground) -> Visitor | None:
    came: Visitor | None = None
    with ground.step("Logga in på skuggan") as words:
        visitor = visit(ground.shadow, "skuggan")
        address, code = ground.sealed
        if code:
            form = page(visitor, "/sign-in/sealed-key/")
            status, url, _ = visitor.get(
                "/sign-in/sealed-key/", {"email": address, "code": code, "csrfmiddlewaretoken": _token(form)}
            )
            if status != 200 or "/sign-in/" in url:
                raise Failed(f"Koden togs inte emot: svaret var {status}.")
            came = visitor
            words.append("Den förseglade koden släppte in. Försegla en ny.")
        else:
            ground.person(f"Logga in på {ground.shadow} med din passkey. Kom du in?")
            words.append("Den som övade kom in med sin passkey.")
    with ground.step("Läs på skuggan") as words:
        if came:
            words.append(_read_something(came))
        else:
            ground.person("Öppna en journal på skuggan. Stod anteckningarna där?")
            words.append("Anteckningarna stod där.")
    return came


FILES = re.compile(r'href="(/(?:officer|provider)/(?:journal|people|cases|homecare|orders)/[^"#]+)"')
"""Links to what is about somebody."""


def _read_something(visitor: Visitor) -> str:
    """Read the start page, and the first thing it leads to."""
    text = page(visitor, "/start/")
    for link in FILES.findall(text):
        if visitor.get(link)[0] == 200:
            return "Startsidan och det första den leder till kom."
    raise NotPlayed("Startsidan kom, men den ledde inte till något att läsa.")


def packs(ground: Ground) -> None:
    """Every place with packs: are they there, whole and new?"""
    with ground.step("Reservpaketen finns, är hela och nya") as words:
        if not ground.packs:
            raise NotPlayed("Ingen plats för reservpaket är given.")
        for place in ground.packs:
            words.append(_packs_at(place))


def _packs_at(place: Path) -> str:
    now, count, oldest = datetime.now(UTC), 0, timedelta()
    for manifest in sorted(place.glob("*/manifest.json")):
        for row in json.loads(manifest.read_text(encoding="utf-8"))["body"]["packs"]:
            file = manifest.parent / row["file"]
            if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
                raise Failed(f"{row['unit']}: paketet saknas eller är ändrat på en av platserna.")
            count, oldest = count + 1, max(oldest, now - datetime.fromisoformat(row["at"]))
    if not count:
        raise NotPlayed(f"Inga paket är gjorda på {place.name or place}.")
    if oldest > PACK_OLD:
        raise Failed(f"Det äldsta paketet är {oldest.total_seconds() / 60:.0f} minuter gammalt.")
    return f"{count} paket, det äldsta {max(1, round(oldest.total_seconds() / 60))} minuter gammalt."


def s3(ground: Ground) -> None:
    """Alarms do not reach the staff: the receivers one by one, and the list to ring from."""
    for number in range(max(1, len(ground.receivers))):
        with ground.step(f"Larmmottagare {number + 1} svarar för sig") as words:
            if not ground.receivers:
                raise NotPlayed("Ingen larmmottagare är given.")
            status, _, _ = Visitor(ground.receivers[number]).get("/")
            if status == 0:
                raise Failed("Mottagaren svarar inte.")
            words.append("Mottagarens egen sida svarade.")
    with ground.step("Ringlistan finns och är ny") as words:
        lists = sorted((ground.state / "crisis-lists").rglob("*.html"))
        if not lists:
            raise NotPlayed("Inga ringlistor är skrivna här.")
        oldest = max(time.time() - path.stat().st_mtime for path in lists)
        if oldest > LIST_OLD.total_seconds():
            raise Failed(f"Den äldsta ringlistan är {oldest / 60:.0f} minuter gammal.")
        words.append(f"{len(lists)} listor, den äldsta {max(1, round(oldest / 60))} minuter gammal.")
    with ground.step("Ringlistan går att läsa utan servern") as words:
        for path in lists:
            if re.search(r'(?:src|href)="(?:https?:)?/', path.read_text(encoding="utf-8")):
                raise Failed("En lista hämtar något från servern.")
        if not lists:
            raise NotPlayed("Inga ringlistor är skrivna här.")
        words.append("Listorna är hela sidor i sig själva.")
    with ground.step("Ring de tre första på listan") as words:
        ground.person("Ta listan på papper och ring de tre första. Svarade någon på numren?")
        words.append("Numren stämde.")


def s16(ground: Ground) -> None:
    """The municipality's own sign-in is gone: passkeys and sealed keys."""
    set_up, away, text = False, False, ""
    with ground.step("Kommunens inloggning mäts") as words:
        part = ground.part("staff_idp", timedelta(minutes=3))
        set_up, away = True, not part.works
        words.append(part.words)
    with ground.step("Sidan där man loggar in svarar inom två sekunder") as words:
        began = time.monotonic()
        text = page(visit(ground.running, "systemet"), "/sign-in/")
        took = time.monotonic() - began
        if took > 2:
            raise Failed(f"Det tog {took:.1f} sekunder.".replace(".", ",", 1))
        words.append("Sidan kom.")
    with ground.step("Sidan erbjuder passkey") as words:
        if not ground.running:
            raise NotPlayed("Ingen adress till systemet är given.")
        if "passkey" not in text.lower():
            raise Failed("Ingen passkey erbjuds.")
        words.append("Passkey erbjuds.")
    with ground.step("Logga in med passkey medan kommunens inloggning är borta") as words:
        if not set_up:
            raise NotPlayed("Kommunen har ingen egen inloggning inkopplad här.")
        if not away and ground.ask is None:
            raise NotPlayed("Kommunens inloggning fungerar. Koppla bort den för övningen, och kör med --ask.")
        ground.person(
            "Se till att kommunens inloggning är bortkopplad från Livlina. Logga in med din passkey. Kom du in?"
        )
        words.append("Den som övade kom in.")
    with ground.step("Reservläget ger vården och inget mer") as words:
        ground.person("Försök lägga upp en medarbetare och hämta en lista som fil. Nekades båda?")
        words.append("Förvaltning och uttag nekades.")
    with ground.step("De förseglade nyckelkuverten är hela på båda platserna") as words:
        ground.person("Ring båda platserna. Är kuverten obrutna, och stämmer numren?")
        words.append("Kuverten var obrutna.")


def storage(ground: Ground) -> None:
    """Storage fills: it is seen in time, and what matters less is put off, in words."""
    with ground.step("Volymerna mäts, med prognos") as words:
        volumes = ground.told_status().get("storage") or []
        if not volumes:
            raise NotPlayed("Ingen volym mäts.")
        for one in volumes:
            used = 100 * (1 - one["free"] / one["total"])
            full = one.get("full_in_s")
            words.append(
                f"{one['volume']}: {used:.0f} %" + (f", full om {full / 3600:.0f} timmar." if full else ".")
            )
    level = levels.CARE_ONLY if ground.for_real else levels.BULK_WAITS
    asked = CASE if ground.for_real else REPORT
    with ground.step("Nivån höjs som om lagringen var full") as words:
        visit(ground.running, "systemet")
        ground.told_status()
        if not ask_by_hand(ground.state, level, datetime.now(UTC) + timedelta(minutes=1)):
            raise Failed("Nivån gick inte att begära.")
        _wait(lambda: levels.Reader(ground.state).level().level >= level, "Nivån höjdes inte.")
        words.append("Tjänsten för status höjde nivån.")
    try:
        with ground.step("Det som kan vänta får vänta, och det sägs i ord") as words:
            visitor = visit(ground.running, "systemet")
            form = {"text": "övning"} if ground.for_real else None
            _wait(lambda: visitor.get(asked, form)[0] in (403, 503), "Sidan nekades inte.")
            status, _, text = visitor.get(asked)
            if status == 503 and "vänta" not in text.lower():
                raise Failed("Sidan säger inte vad som väntar.")
            words.append("Sidan nekades, och sade varför.")
        with ground.step("Vården märker ingenting") as words:
            page(visit(ground.running, "systemet"), "/sign-in/")
            words.append("Inloggningen svarade som vanligt.")
    finally:
        ask_by_hand(ground.state, levels.NORMAL, datetime.now(UTC))
    with ground.step("Allt är som förut") as words:
        visitor = visit(ground.running, "systemet")
        _wait(lambda: visitor.get(REPORT)[0] not in (0, 503), "Sidan nekades fortfarande.")
        words.append("Nivån är tagen tillbaka.")


def _wait(condition: Callable[[], bool], words: str, patience: float = 20.0) -> None:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise Failed(words)
        time.sleep(0.2)


def _token(form: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    return found[1] if found else ""


def _age_words(text: str) -> str:
    found = re.search(r"Läskopia: uppgifterna är [^<.]+", text)
    return f"{found[0]}." if found else ""


PLAYS: Mapping[str, Callable[[Ground], None]] = {"s1": s1, "s3": s3, "s16": s16, "storage": storage}
