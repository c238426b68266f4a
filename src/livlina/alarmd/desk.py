"""The receiver's own page: alarms are shown, accepted, noted and closed here when the main system is dead.

Signed in by an emergency code. Everything done is a record of kind `deed`, stored before it is said to be done, and
handed over when the main system is back.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import secrets
import ssl
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import NAMESPACE_OID, UUID, uuid5

from livlina.alarmd import callround, desk_pages, emergency, health, parts, web, words
from livlina.alarmd.markup import fingerprint, static
from livlina.alarmd.record import Record
from livlina.alarmd.spool import CannotStore, OpenAlarm
from livlina.alarmd.web import Reply, Request

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

LASTS = 12 * 3600.0
"""Seconds somebody stays signed in: a shift."""
TRIES, WITHIN = 5, 300.0
"""Wrong codes from one address, or for one name, and in how many seconds, before one has to wait."""
COOKIE = "larmsida"
FILES = {"/desk.css": "text/css; charset=utf-8", "/desk.js": "text/javascript; charset=utf-8"}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
LIST_POLICY = (
    f"default-src 'none'; style-src '{fingerprint(static(callround.STYLE))}'; frame-ancestors 'none'"
)
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


@dataclass(frozen=True)
class Desk:
    """[desk]: where the page is. Without a certificate only for this machine, or behind a proxy on it. `lists` is the
    folder the call-round lists are written to."""

    port: int
    host: str = "127.0.0.1"
    certificate: str = ""
    key: str = ""
    lists: str = ""

    def __post_init__(self) -> None:
        if not self.certificate and not self.host.startswith("127.") and self.host != "::1":
            raise ValueError("certificate and key are needed to be reached from other machines")
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key belong together")

    def context(self) -> ssl.SSLContext | None:
        """Return what TLS needs. Raises OSError when the files cannot be read."""
        if not self.certificate:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


class Denied(Exception):
    """The request cannot be done: a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True)
class Session:
    """Who is signed in, and what their forms must carry."""

    name: str
    token: str


class Door:
    """Who may come in. Wrong codes are counted for each address and each name, and told."""

    def __init__(self, server: Server) -> None:
        self.server, self.spool = server, server.spool
        if not self.spool.setting("desk_key"):
            self.spool.put_setting("desk_key", secrets.token_hex(32))
        self._wrong: dict[str, deque[float]] = {}
        self._one = asyncio.Lock()

    @property
    def _key(self) -> bytes:
        return bytes.fromhex(self.spool.setting("desk_key"))

    def _codes(self, name: str) -> list[Mapping[str, Any]]:
        said = " ".join(name.split()).casefold()
        return [row for row in self.spool.setting("codes") or () if str(row.get("name")).casefold() == said]

    async def enter(self, name: str, code: str, address: str) -> tuple[str, str]:
        """Return whose code it was, and the cookie of a session. Raises Denied."""
        now = time.monotonic()
        keys = (f"address {address}", f"name {' '.join(name.split()).casefold()}"[:100])
        if any(self._full(key, now) for key in keys):
            raise Denied(429, "För många försök. Vänta fem minuter, eller ring den som har en annan kod.")
        async with self._one:  # a code costs 16 MB and 50 ms to ask: one at a time, and never the loop's time
            rows = self._codes(name) or [{"name": "", "salt": "none", "hash": "0" * 64}]
            right = [row for row in rows if await asyncio.to_thread(_fits, code, row)]
        if not right or not right[0]["name"]:
            tries = [self._wrong.setdefault(key, deque()) for key in keys]
            for one in tries:
                one.append(now)
            if len(tries[0]) in (
                1,
                TRIES,
            ):  # told, but the log is not for strangers to fill; nor with codes by mistake
                await self.server.tell("code_refused", rows[0]["name"] or "okänt namn")
            raise Denied(403, "Namnet och koden stämmer inte. Skriv dem som de står på kortet.")
        return str(right[0]["name"]), self._made(str(right[0]["name"]))

    def _full(self, key: str, now: float) -> bool:
        tries = self._wrong.get(key, deque())
        while tries and now - tries[0] > WITHIN:
            tries.popleft()
        if not tries:
            self._wrong.pop(key, None)
        if len(self._wrong) > 10_000:
            self._wrong.clear()
        return len(tries) >= TRIES

    def _made(self, name: str) -> str:
        until = int(self.server.wall() + LASTS)
        text = f"{_packed(name)}.{until}.{secrets.token_hex(8)}"
        return f"{text}.{self._sign('session', text)}"

    def session(self, request: Request) -> Session | None:
        """Return who is signed in: the cookie is ours and fresh, and the code has not been taken back since."""
        text, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        fields = text.split(".")
        if len(fields) != 3 or not hmac.compare_digest(self._sign("session", text), signature):
            return None
        name = base64.urlsafe_b64decode(fields[0]).decode()
        if int(fields[1]) < self.server.wall() or not self._codes(name):
            return None
        return Session(name, self._sign("form", text))

    def _sign(self, use: str, text: str) -> str:
        return hmac.new(self._key, f"{use} {text}".encode(), hashlib.sha256).hexdigest()


class Pages:
    """What is answered to what."""

    def __init__(self, server: Server, settings: Desk) -> None:
        self.server, self.settings, self.door = server, settings, Door(server)
        self._shown: set[str] = set()
        self._keeping: set[asyncio.Task[Any]] = set()

    async def answer(self, request: Request) -> Reply:
        """One request."""
        path = request.path
        if path == "/health":
            return health.health_page(self.server)
        if path == "/metrics":
            return health.metrics_page(self.server)
        if path == "/favicon.ico":
            return Reply(b"", 204)
        if path in FILES:
            return Reply(static(path[1:]), 200, FILES[path], (("Cache-Control", "max-age=60"), HEADERS[0]))
        session = self.door.session(request)
        try:
            return await self._inside(request, session)
        except Denied as error:
            body = (
                desk_pages.sign_in(self._state(), error.sentence) if session is None else self._sorry(error)
            )
            return _page(body, error.status)

    async def _inside(self, request: Request, session: Session | None) -> Reply:
        if request.method == "POST":
            return await self._do(request, session)
        if session is None:
            status = 401 if request.path in ("/lista", "/remsa") else 200
            return _page(desk_pages.sign_in(self._state()), status)
        parts.of(self.server).looked_at = time.monotonic()
        match request.path.strip("/").split("/"):
            case [""]:
                self._note_shown(session)
                return _page(desk_pages.whole_list(self._state(), session.name, session.token))
            case ["lista"]:
                self._note_shown(session)
                state = self._state(live=True)
                return _page(
                    desk_pages.fragment(state, session.name, session.token),
                    more=(("X-Now", f"{state.now:.1f}"),),
                )
            case ["remsa"]:
                return _page(desk_pages.strip(self._state()))
            case ["larm", key]:
                alarm = self._open(key)
                said = (
                    alarm,
                    self._state(),
                    session.name,
                    session.token,
                    uuid5(NAMESPACE_OID, secrets.token_hex()),
                )
                return _page(desk_pages.one(*said, did=request.query.get("klart", "")))
            case ["ringlista"]:
                return await self._list(request.query.get("team", ""))
        raise Denied(404, "Sidan finns inte.")

    async def _do(self, request: Request, session: Session | None) -> Reply:
        origin = request.headers.get("sec-fetch-site", "same-origin")
        if origin not in ("same-origin", "none"):
            raise Denied(403, "Formuläret kom från en annan sida.")
        if request.path == "/in":
            return await self._enter(request)
        if session is None:
            raise Denied(401, "Du är inte inloggad längre. Logga in igen.")
        if not hmac.compare_digest(session.token, request.form.get("nyckel", "")):
            raise Denied(403, "Formuläret är för gammalt. Ladda om sidan och gör om det.")
        match request.path.strip("/").split("/"):
            case ["ut"]:
                return _to("/", self._cookie("", 0))
            case ["larm", key, "ta-emot"]:
                return await self._accept(self._open(key), session)
            case ["larm", key, "anteckna"]:
                return await self._note(self._open(key), session, request.form)
            case ["larm", key, "avsluta"]:
                return await self._close(self._open(key), session, request.form)
        raise Denied(404, "Sidan finns inte.")

    async def _enter(self, request: Request) -> Reply:
        name, code = request.form.get("namn", ""), request.form.get("kod", "")
        name, cookie = await self.door.enter(name, code, request.address)
        facts = {"did": "signed_in", "alarm": "", "by": name, "note": "", "from": request.address}
        with contextlib.suppress(CannotStore):  # to help somebody now comes before the book of who did
            await self.server.keep(Record("", "deed", self.server.wall(), facts=facts))
        return _to("/", self._cookie(cookie, int(LASTS)))

    # What can be done about an alarm

    async def _accept(self, alarm: OpenAlarm, session: Session) -> Reply:
        """One winner: whoever comes second is told who has it, and may take it over knowing that."""
        holder = desk_pages.holder(alarm)
        if holder != session.name:
            await self._deed(alarm, session, "accepted", note=f"Tog över efter {holder}." if holder else "")
        return _to(f"/larm/{quote(alarm.alarm.id)}")

    async def _note(self, alarm: OpenAlarm, session: Session, form: Mapping[str, str]) -> Reply:
        note = form.get("anteckning", "").strip()[:2000]
        if not note:
            raise Denied(400, "Skriv något i anteckningen.")
        await self._deed(alarm, session, "noted", note=note, key=form.get("en_gang", ""))
        return _to(f"/larm/{quote(alarm.alarm.id)}?klart=anteckning")

    async def _close(self, alarm: OpenAlarm, session: Session, form: Mapping[str, str]) -> Reply:
        outcome, note = form.get("utfall", ""), form.get("anteckning", "").strip()[:2000]
        if outcome not in words.OUTCOMES:
            raise Denied(400, "Välj hur det gick.")
        if not note:
            raise Denied(400, "Skriv vad som hände.")
        if not desk_pages.holder(alarm):
            await self._deed(alarm, session, "accepted")
        await self._deed(alarm, session, "closed", note=note, outcome=outcome, key=form.get("en_gang", ""))
        return _to("/")

    async def _deed(
        self,
        alarm: OpenAlarm,
        session: Session,
        did: str,
        *,
        note: str = "",
        outcome: str = "",
        key: str = "",
    ) -> None:
        """Store what was done; the same form sent twice is one deed. Raises Denied when it cannot be stored."""
        facts = {"did": did, "alarm": alarm.alarm.id, "by": session.name, "note": note, "outcome": outcome}
        name = str(uuid5(NAMESPACE_OID, f"{did} {alarm.alarm.id} {session.token} {key}")) if key else ""
        record = Record(name, "deed", self.server.wall(), unit=alarm.alarm.unit, facts=facts)
        try:
            await self.server.keep(record)
        except CannotStore as error:
            raise Denied(
                503, "DET KUNDE INTE SPARAS. Skriv det på papper, och försök igen om en stund."
            ) from error

    def _note_shown(self, session: Session) -> None:
        """The first time an alarm is before somebody's eyes is a deed too. Nobody waits for it."""
        for alarm in self.server.spool.open_alarms():
            if alarm.alarm.id not in self._shown and alarm.alarm.number:
                self._shown.add(alarm.alarm.id)
                if not any(deed.state == "shown" for deed in alarm.deeds):
                    task = asyncio.ensure_future(self._deed(alarm, session, "shown"))
                    self._keeping.add(task)
                    task.add_done_callback(self._kept)
        self._shown &= {alarm.alarm.id for alarm in self.server.spool.open_alarms()}

    def _kept(self, task: asyncio.Task[Any]) -> None:
        self._keeping.discard(task)
        if not task.cancelled():
            task.exception()  # that it was seen could not be stored: the rest of the page says so already

    # What is needed to answer

    def _open(self, key: str) -> OpenAlarm:
        try:
            found = self.server.spool.open_alarm(str(UUID(key)))
        except ValueError:
            found = None
        if found is None:
            raise Denied(404, "Larmet är avslutat.")
        return found

    def _state(self, live: bool = False) -> desk_pages.State:
        return desk_pages.state_of(self.server, live)

    async def _list(self, team: str) -> Reply:
        """The call-round list as it is now, made in a thread: no alarm waits for it."""
        spool, now = self.server.spool, self.server.wall()
        units = {number: unit for number, unit in spool.units().items() if team in ("", unit.team)}
        teams = await asyncio.to_thread(callround.listed, units, dict(spool.seen()), now)
        if not teams:
            raise Denied(404, "Det finns ingen lista: inga larmenheter är kända.")
        body = await asyncio.to_thread(callround.whole_page, teams, now, self.server.config.receiver)
        return Reply(body, headers=(("Content-Security-Policy", LIST_POLICY), *HEADERS))

    def _cookie(self, value: str, seconds: int) -> tuple[str, str]:
        secure = "; Secure" if self.settings.certificate else ""
        return "Set-Cookie", f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"

    def _sorry(self, error: Denied) -> bytes:
        return desk_pages.sorry(error.sentence)


def _page(body: bytes, status: int = 200, more: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(body, status, headers=(("Content-Security-Policy", POLICY), *HEADERS, *more))


def _to(path: str, *headers: tuple[str, str]) -> Reply:
    return Reply(b"", 303, headers=(("Location", path), *HEADERS, *headers))


def _packed(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _fits(code: str, row: Mapping[str, Any]) -> bool:
    return emergency.is_right(code[:100], str(row.get("salt")), str(row.get("hash")))


async def run(server: Server) -> None:
    """Serve the page and write the lists until cancelled; nothing to do without [desk]."""
    settings: Desk | None = server.config.desk
    if settings is None:
        return
    door = await web.serve(Pages(server, settings).answer, settings.host, settings.port, settings.context())
    server.doors.ports["desk"] = door.sockets[0].getsockname()[1]
    try:
        await callround.run(server)
        await asyncio.Event().wait()
    finally:
        door.close()
