"""The page that verifies proofs: for everyone, in two languages, and as a file that leans on nothing."""

import base64
import json
import re
from hashlib import sha256
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client

from livlina.registers.journal.log import keys, sequencer
from livlina.registers.journal.views.proof import words

ROOM = Path(__file__).parent.parent
MESSAGES = ROOM / "locale" / "en" / "LC_MESSAGES"


def test_anyone_may_open_it_and_the_keys_of_every_municipality_stand_in_it(asvalla, sjohaga, now):
    log = sequencer.begin(asvalla.pk, now)
    page = Client().get("/proof/").content.decode()
    trusted = json.loads(re.findall(r'id="proof-keys"[^>]*>([^<]*)<', page)[0])
    assert trusted["logs"] == {log.origin: str(keys.signer(log, now).key)}
    assert "filen skickas ingenstans" in page


def test_the_saved_page_fetches_nothing_and_runs_only_what_it_was_saved_with(asvalla):
    answer = Client().get("/proof/kontrollera-bevis.html")
    page = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="kontrollera-bevis.html"'
    assert re.findall(r'\s(?:src|href)="', page) == []
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    hashed = base64.b64encode(sha256(script.encode()).digest()).decode()
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0].replace("&#x27;", "'")
    assert f"script-src 'sha256-{hashed}'" in policy
    assert policy.startswith("default-src 'none'")


def test_every_word_has_its_english_and_what_is_compiled_is_what_is_written(asvalla):
    with (MESSAGES / "django.po").open("rb") as file:
        written = {one.id: one.string for one in read_po(file) if one.id}
    with (MESSAGES / "django.mo").open("rb") as file:
        assert {one.id: one.string for one in read_mo(file) if one.id} == written
    marked = [*words().values()]
    for path in (ROOM / "templates" / "journal").glob("proof*.html"):
        marked += re.findall(r'{% translate "([^"]+)"', path.read_text(encoding="utf-8"))
    assert [one for one in marked if not written.get(one)] == []
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get("/proof/").content.decode()
    assert "Verify a proof" in page
    assert "Kontrollera" not in page.split("<main")[1].split("</main")[0]
