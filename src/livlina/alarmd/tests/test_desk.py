"""The receiver's own page, for when the main system, its database and its sign-in are dead."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from livlina.alarmd import desk, emergency, health, parts
from livlina.alarmd.config import Wrong
from livlina.alarmd.desk import COOKIE, Desk, Pages
from livlina.alarmd.exchange import Exchange, Handover
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.server import Server
from livlina.alarmd.spool import CannotStore, Row
from livlina.alarmd.supervise import Supervise, Supervisor
from livlina.alarmd.tests.main_system import press
from livlina.alarmd.tests.receiving import config, until
from livlina.alarmd.web import Reply, Request

CODE = "ABCD-EFGH-JKLM-NPQR"
SALT = "0123456789abcdef0123456789abcdef"
PETRA = {"name": "Petra Palm", "salt": SALT, "hash": emergency.digest_of(CODE, SALT)}
ALI = {**PETRA, "name": "Ali Amini"}
ASTRID = Unit(
    "4711", interval=60, team="norra", name="Astrid <Andersson>", address="Storgatan 12", phone="070-123 45 67",
    keys="Nyckelskåp", risk=3, risks="Faller lätt", contacts=("Anna Berg (barn) 070-765 43 21",),
)  # fmt: skip


class Visitor:
    """Somebody with a browser, as far as we need one."""

    def __init__(self, pages: Pages, address: str = "10.0.0.7") -> None:
        self.pages, self.address, self.cookie, self.said = pages, address, "", ""

    async def get(self, path: str) -> str:
        return await self._ask("GET", path)

    async def post(self, path: str, headers: dict[str, str] | None = None, **form: str) -> int:
        """Send a form as the last page had it, hidden fields and all. Returns the status."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.said))
        await self._ask("POST", path, hidden | form, headers)
        return self.reply.status

    async def _ask(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> str:
        path, _, query = path.partition("?")
        cookies = {COOKIE: self.cookie} if self.cookie else {}
        asked = dict(pair.split("=") for pair in query.split("&")) if query else {}
        request = Request(method, path, self.address, asked, headers or {}, form or {}, cookies)
        self.reply: Reply = await self.pages.answer(request)
        for name, value in self.reply.headers:
            if name == "Set-Cookie":
                self.cookie = value.partition(";")[0].partition("=")[2]
        if self.reply.body:
            self.said = self.reply.body.decode()
        return self.said

    async def sign_in(self, name: str = "Petra Palm", code: str = CODE) -> int:
        await self.post("/in", namn=name, kod=code)
        return self.reply.status


def told(folder: Path, tale: Callable[[Server, Visitor], Awaitable[None]]) -> None:
    """What somebody at the receiver's page sees and does."""

    async def whole() -> None:
        server = Server(config(folder))
        server.spool.put_units("1", [ASTRID])
        server.spool.put_setting("codes", [PETRA, ALI])
        try:
            await tale(server, Visitor(Pages(server, Desk(0))))
        finally:
            await server.stop()

    asyncio.run(whole())


def deeds(server: Server) -> list[tuple[str, str, str]]:
    """What has been done, in the log: did, by, note."""
    facts = [record.facts for record in server.spool.since(0) if record.kind == "deed"]
    return [(said["did"], said["by"], said.get("note", "")) for said in facts if said["did"] != "shown"]


def test_with_all_else_dead_an_alarm_is_shown_accepted_noted_and_closed(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        record = await press(server, lco=11)
        assert "Astrid" not in await petra.get("/")
        assert await petra.sign_in("petra  palm", "abcd efgh jklm npqr") == 303
        page = await petra.get("/")
        for word in (
            "▲ VÄNTAR", "Astrid &lt;Andersson&gt;", "Storgatan 12", 'href="tel:0701234567"', 'href="tel:0707654321"',
            "Nyckelskåp", "Faller lätt", "Larmknapp", "bad", "1 larm väntar",
        ):  # fmt: skip
            assert word in page
        path = f"/larm/{record.id}"
        assert await petra.post(f"{path}/ta-emot") == 303
        assert "MOTTAGET av dig" in await petra.get(path)
        assert await petra.post(f"{path}/anteckna", anteckning="Ringde, svarar inte.") == 303
        assert "Anteckningen är sparad" in await petra.get(f"{path}?klart=anteckning")
        assert "Ringde, svarar inte." in petra.said
        assert await petra.post(f"{path}/avsluta", utfall="helped_by_visit", anteckning="Hjälpt upp.") == 303
        assert server.spool.open_alarms() == []
        assert "Inget larm väntar" in await petra.get("/")
        assert deeds(server) == [
            ("signed_in", "Petra Palm", ""),
            ("accepted", "Petra Palm", ""),
            ("noted", "Petra Palm", "Ringde, svarar inte."),
            ("closed", "Petra Palm", "Hjälpt upp."),
        ]
        closed = server.spool.since(0)[-1]
        assert (closed.facts["outcome"], closed.facts["alarm"]) == ("helped_by_visit", record.id)

    told(tmp_path, tale)


def test_that_an_alarm_has_been_before_somebodys_eyes_is_told_once(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        await press(server)
        await petra.sign_in()
        await petra.get("/")
        await petra.get("/lista")
        await until(lambda: any(record.facts.get("did") == "shown" for record in server.spool.since(0)))
        await petra.get("/")
        assert sum(record.facts.get("did") == "shown" for record in server.spool.since(0)) == 1
        assert time.monotonic() - parts.of(server).looked_at < 60

    told(tmp_path, tale)


def test_of_two_who_accept_one_has_it_and_the_other_is_told_who(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        ali = Visitor(petra.pages)
        record = await press(server)
        await petra.sign_in()
        await ali.sign_in("Ali Amini")
        await petra.get("/")
        await petra.post(f"/larm/{record.id}/ta-emot")
        await petra.post(f"/larm/{record.id}/ta-emot")  # a double click
        await ali.get(f"/larm/{record.id}")
        assert "MOTTAGET av Petra Palm" in ali.said
        assert "Ta över från Petra Palm" in ali.said
        await ali.post(f"/larm/{record.id}/ta-emot")
        accepted = [deed for deed in deeds(server) if deed[0] == "accepted"]
        assert accepted == [
            ("accepted", "Petra Palm", ""),
            ("accepted", "Ali Amini", "Tog över efter Petra Palm."),
        ]

    told(tmp_path, tale)


def test_a_note_sent_twice_by_a_double_click_is_one_note(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        record = await press(server)
        await petra.sign_in()
        await petra.get(f"/larm/{record.id}")
        for _ in range(2):
            assert await petra.post(f"/larm/{record.id}/anteckna", anteckning="Ringde.") == 303
        assert [deed for deed in deeds(server) if deed[0] == "noted"] == [("noted", "Petra Palm", "Ringde.")]

    told(tmp_path, tale)


def test_what_cannot_be_stored_is_not_said_to_be_done_and_the_alarm_says_it_is_only_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        await petra.sign_in()

        async def full(draft: Record, raw: bytes = b"") -> Record:
            raise CannotStore("The disk is full.")

        monkeypatch.setattr(server, "keep", full)
        held = Record("0b0f8f3e-5f7f-4a55-9d3f-2b1f2f3b4c5d", "alarm", server.wall(), unit="4711")
        server.spool.hold(Row(held))
        assert "Inte sparat" in await petra.get("/")
        assert await petra.post(f"/larm/{held.id}/ta-emot") == 503
        assert "DET KUNDE INTE SPARAS" in petra.said

    told(tmp_path, tale)


def test_an_alarm_is_closed_only_with_how_it_went_and_what_happened(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        record = await press(server)
        await petra.sign_in()
        await petra.get(f"/larm/{record.id}")
        for form in ({"utfall": "", "anteckning": "x"}, {"utfall": "test", "anteckning": " "}):
            hidden = petra.said
            assert await petra.post(f"/larm/{record.id}/avsluta", **form) == 400
            petra.said = hidden
        assert await petra.post(f"/larm/{record.id}/anteckna", anteckning=" ") == 400
        petra.said = hidden
        assert await petra.post(f"/larm/{record.id}/avsluta", utfall="test", anteckning="Prov.") == 303
        assert [did for did, *_ in deeds(server)] == ["signed_in", "accepted", "closed"]
        await petra.get(f"/larm/{record.id}")
        assert petra.reply.status == 404
        assert "Larmet är avslutat" in petra.said

    told(tmp_path, tale)


def test_wrong_codes_are_told_and_after_five_of_them_one_has_to_wait(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        assert await petra.sign_in("Ingen Alls") == 403
        for _ in range(4):
            assert await petra.sign_in(code="WRONG") == 403
        assert await petra.sign_in() == 429  # from this address even with the right code
        assert await Visitor(petra.pages, "10.0.0.8").sign_in() == 303
        told = [r.facts for r in server.spool.since(0) if r.kind == "receiver"]
        assert [(facts["what"], facts["value"]) for facts in told] == [
            ("code_refused", "okänt namn"),
            ("code_refused", "Petra Palm"),
        ]

    told(tmp_path, tale)


def test_a_code_taken_back_ends_what_it_opened_and_a_made_up_cookie_opens_nothing(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        await press(server)
        await petra.sign_in()
        assert "Astrid" in await petra.get("/")
        good = petra.cookie
        for bad in (
            good[:-1] + ("0" if good[-1] != "0" else "1"),
            "a.b.c.d",
            "x",
            good.replace(".", ".9", 1),
        ):
            petra.cookie = bad
            assert "Astrid" not in await petra.get("/")
        petra.cookie = good
        server.wall = lambda: time.time() + desk.LASTS + 1
        assert "Astrid" not in await petra.get("/")
        server.wall = time.time
        server.spool.put_setting("codes", [ALI])
        assert "Astrid" not in await petra.get("/")
        await petra.get("/lista")
        assert petra.reply.status == 401

    told(tmp_path, tale)


def test_a_form_from_elsewhere_or_of_another_session_does_nothing(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        record = await press(server)
        path = f"/larm/{record.id}/ta-emot"
        assert await petra.post(path) == 401
        await petra.sign_in()
        await petra.get("/")
        page = petra.said
        assert await petra.post(path, {"sec-fetch-site": "cross-site"}) == 403
        petra.said = page
        assert await petra.post(path, nyckel="0" * 64) == 403
        assert [did for did, *_ in deeds(server)] == ["signed_in"]
        petra.said = page
        await petra.post("/ut")
        assert "Logga in" in await petra.get("/")

    told(tmp_path, tale)


def test_the_page_says_whether_the_main_system_answers_and_from_when_its_facts_are(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        await petra.sign_in()
        assert "Inget huvudsystem är anslutet" in await petra.get("/")
        handover = parts.of(server).handover = Handover(Exchange("http://127.0.0.1:9", "x"), server)
        assert "HUVUDSYSTEMET SVARAR INTE" in await petra.get("/")
        handover.answered_at = server.wall() - 840
        assert "för <time" in await petra.get("/")
        assert "14 min" in petra.said
        assert "14 min" not in await petra.get("/lista")  # there its script counts
        handover.answered = float("inf")
        assert "Huvudsystemet svarar" in await petra.get("/")

    told(tmp_path, tale)


def test_silent_units_mass_silence_and_the_receivers_own_troubles_stand_on_the_page(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        await petra.sign_in()
        now = time.monotonic()
        units = {f"{n}": replace(ASTRID, id=f"{n}", name=f"Person {n}", operator="Telia") for n in range(20)}
        supervisor = parts.of(server).supervisor = Supervisor(Supervise(), "a", now)
        supervisor.put_units(units, now)
        for number in units:
            supervisor.heard(number, now)
        for step in range(1, 16):
            supervisor.heard("1", now + step * 15)
            supervisor.sweep(now + step * 15, server.wall() + step * 15)
        look = parts.of(server).look = health.Look(server, now)
        look.vitals.troubles = {"disk_low": 0.1}
        page = await petra.get("/")
        assert "Många larm tysta." in page
        assert "Larmmottagaren a" in page or "Telia" in page
        assert "Disken håller på att bli full" in page
        supervisor.events.clear()
        for watched in supervisor.watched.values():
            watched.event = None
        supervisor._count()
        assert "Tysta larmenheter: 19" in await petra.get("/remsa") + await petra.get("/")

    told(tmp_path, tale)


def test_the_call_round_list_is_here_too_whole_and_by_team(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        assert "Astrid" not in await petra.get("/ringlista")
        await petra.sign_in()
        assert "Ringlista: norra" in await petra.get("/ringlista")
        assert "Astrid" in await petra.get("/ringlista?team=norra")
        await petra.get("/ringlista?team=finns-inte")
        assert petra.reply.status == 404
        await petra.get("/nej")
        assert petra.reply.status == 404

    told(tmp_path, tale)


def test_nothing_inline_runs_and_nothing_is_kept_by_the_browser(tmp_path: Path) -> None:
    async def tale(server: Server, petra: Visitor) -> None:
        await petra.sign_in()
        page = await petra.get("/")
        headers = dict(petra.reply.headers)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "<style" not in page
        assert " on" + "click" not in page
        assert re.findall(r"<script(.*?)</script>", page) == [' src="/desk.js" defer>']
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
        for path in ("/desk.css", "/desk.js"):
            await petra.get(path)
            assert petra.reply.status == 200
        assert (await petra.pages.answer(Request("GET", "/favicon.ico", ""))).status == 204

    told(tmp_path, tale)


@pytest.mark.parametrize(
    ("section", "why"),
    [({"host": "0.0.0.0"}, "certificate"), ({"certificate": "a.pem"}, "belong together")],
)
def test_from_other_machines_the_page_is_reached_by_tls_only(
    tmp_path: Path, section: dict[str, str], why: str
) -> None:
    with pytest.raises(Wrong, match=why):
        config(tmp_path, desk={"port": 8443, **section})
