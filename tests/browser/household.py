"""Everything the pages can show, in one municipality: what `test_every_page.py` walks through.

Astrid's case is decided, served and appealed; others stand at each step before that. Her journal has a struck note with
its correction, a note that was moved away, and one of two thousand words. There are orders in every state, watches,
deviations, a care plan, a person with a name of eighty letters, and one with protected identity. What the branches
have of their own stands in `branches.py`.
"""

import pickle
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from livlina.across.quality import actions as quality
from livlina.authority.cases import actions as cases
from livlina.authority.cases.tests.fixtures import ANSWERS, INVESTIGATION
from livlina.core import audit
from livlina.core.calendar import Channel
from livlina.core.models import AuditEvent, User
from livlina.provider.homecare import actions as homecare
from livlina.provider.homecare.actions import Plan, Task
from livlina.registers.journal import actions as journal
from livlina.registers.orders import actions as orders
from livlina.registers.orders.tests.fixtures import send
from livlina.registers.people import actions as people
from livlina.registers.people.tests.fixtures import register
from tests.browser import branches
from tests.browser.fixtures import keep_household

LONG_NAME = ("Maria Alexandra Elisabet Margareta", "Wachtmeister-Gyllenstierna af Björneborg")
PLAN = Plan(
    goal="Astrid ska kunna bo kvar hemma och känna sig trygg i duschen.",
    participation="Astrid och dottern Anna var med och planerade vid hembesöket.",
    follow_up_on=date(2026, 9, 1),
    tasks=(
        Task("Dusch", "Helst sittande, med radion på.", "d5", ("morning",), (1, 4), 45),
        Task("Måltider", "Frukost och lunch.", "d5", ("morning", "noon"), (1, 2, 3, 4, 5, 6, 7), 20),
    ),
)
VISITORS = (
    "karin", "petra", "maria", "ola", "ali", "anna_online", "eva", "fatima", "sven", "duty", "sofia", "ulf", "lena",
    "gunnar", "erik", "tove", "anders", "mira_online", "rut", "mona", "kerstin", "helena",
)  # fmt: skip
Get = Callable[[str], Any]


class Kept:
    """The household as it was made once in this process: what it found, pickled; its rows lie in a database."""

    found = b""


@pytest.fixture
def household(own_database: str, kinds: None, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What addresses may name: rows by a word of ours, and under `@name` who opens them.

    It takes seven seconds to make, so it is made once in a process; every test has a copy of its own.
    """
    if Kept.found:
        return pickle.loads(Kept.found)
    get = request.getfixturevalue
    found: dict[str, Any] = {}
    for fill in (_persons, _files, _cases, _astrids_case, _orders, _applications, _rest, *branches.PARTS):
        found |= fill(get, found)
    found |= {f"@{who}": get(who) for who in VISITORS}
    Kept.found = pickle.dumps(found)
    transaction.on_commit(keep_household)
    return found


def _persons(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, registrar, karin, maria = (get(name) for name in ("now", "registrar", "karin", "maria"))
    hidden = register(registrar, now, "Elsa", "Holm", date(1951, 2, 3), serial=4)
    people.grant_reach(hidden, maria.unit_id, source="case:1", reason="case", by=registrar, now=now)
    people.set_protection(hidden, "secrecy_marked", by=karin, now=now)
    astrid = get("astrid")
    people.add_contact(
        astrid, "mobile", "070-1740605", by=karin, now=now, note="Hör dåligt, låt det ringa länge"
    )
    people.add_relation(
        astrid, "child", "Anna Lindqvist Berg", phone="070-1740606", consent=True, first_choice=True, by=karin, now=now
    )  # fmt: skip
    long = register(registrar, now, *LONG_NAME, date(1933, 6, 6), serial=5)
    audit.read(karin, "journal.read", now=now, person_id=hidden.pk, review="protected", reason="Möte i dag")
    return {"hidden": hidden, "long": long, "astrid": astrid, "bertil": get("bertil"), "anna": get("anna")}


def _files(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, karin, maria, ali, lena, write = (
        get(name) for name in ("now", "karin", "maria", "ali", "lena", "write")
    )
    file, home, health = get("astrids_file"), get("home_care_file"), get("nursing_file")
    get("bertils_file")
    write(
        karin,
        file,
        "Hembesök. " + "Astrid berättar om vardagen, om trapporna och om kvällarna. " * 220,
        hours=50,
    )
    wrong = write(karin, file, "Astrid har en son.", hours=30)
    write(karin, file)
    journal.correct(
        wrong.pk, "struck_wrong_text", "Hon har en dotter", new_text="Astrid har en dotter.", by=karin, now=now
    )  # fmt: skip
    journal.add_dissent(wrong.pk, "Jag har ingen son.", "Astrid Lindqvist", by=karin, now=now)
    moved = write(karin, file, "Bertil ville ha hjälp med inköp.", hours=5)
    journal.move_note(moved.pk, found["bertil"], "Står på fel person", by=maria, now=now)
    kept = write(karin, file, "Ringde Anna.", hours=3, kind="phone")
    ours = write(ali, home, "Dusch gick bra. Astrid var trött efteråt.", kind="significant_event")
    theirs = write(ali, home, "Skrivet på fel person.", hours=2, kind="significant_event")
    get("reach")(ali, found["bertil"])
    journal.move_note(theirs.pk, found["bertil"], "Står på fel person", by=get("petra"), now=now)
    unsigned = write(lena, health, "Såret på vänster vad lagt om.", kind="significant_event")
    return {
        "file": file, "home_file": home, "health_file": health, "note": kept, "moved": moved, "home_note": ours,
        "home_moved": theirs, "unsigned": unsigned,
    }  # fmt: skip


def _apply(get: Get, person: Any) -> Any:
    answers = {"help_in_own_words": ANSWERS["help_in_own_words"], "help_areas": ["hygiene", "cleaning"]}
    sofia, now = get("sofia"), get("now")
    return cases.register_application(
        "home_care", person, answers, found_on=now.date(), how=Channel.PHONE, by=sofia, now=now
    )  # fmt: skip


def _cases(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, karin, maria, registrar = (get(name) for name in ("now", "karin", "maria", "registrar"))
    get("delegation")
    worker = User.objects.get(pk=karin.user_id)
    gunnel = register(registrar, now, "Gunnel", "Ek", date(1940, 1, 2), serial=6)
    margit = register(registrar, now, "Margit", "Åström", date(1942, 7, 9), serial=7)
    new = _apply(get, gunnel)
    begun = cases.assign_case(_apply(get, margit).cases.get(), worker, by=maria, now=now)
    looked = cases.assign_case(_apply(get, found["long"]).cases.get(), worker, by=maria, now=now)
    cases.open_investigation(looked, by=karin, now=now)
    cases.record_facts(looked, INVESTIGATION, by=karin, now=now, form="investigation")
    ready = cases.assign_case(_apply(get, found["bertil"]).cases.get(), worker, by=maria, now=now)
    cases.open_investigation(ready, by=karin, now=now)
    cases.record_facts(ready, INVESTIGATION, by=karin, now=now, form="investigation")
    ready.refresh_from_db()
    cases.communicate(
        ready, what="Social samvaro avslås.", how="letter", answer_by=date(2026, 3, 16), by=karin, now=now
    )
    cases.answer(ready, "Mamma är ensam om dagarna.", by=karin, now=now)
    return {
        "colleague": worker,
        "application": new,
        "new": new.cases.get(),
        "begun": begun,
        "looked": looked,
        "ready": ready,
    }


def _astrids_case(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, karin, anna, decision = (get(name) for name in ("now", "karin", "anna_online", "partly_granted"))
    today = now.date()
    cases.record_service(decision, how="handed", sent_on=today, served_on=today, by=karin, now=now)
    appeal = cases.receive_appeal(
        decision, wish="Mamma behöver sällskap.", reasons="Hon är ensam hela dagarna.", by=anna, now=now
    )  # fmt: skip
    case = decision.case
    return {
        "decision": decision, "case": case, "appeal": appeal, "letter": decision.documents.first(),
        "deadline": case.deadlines.order_by("pk").first(), "sent_application": case.application,
    }  # fmt: skip


def _orders(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, karin, petra, norra, make = (get(name) for name in ("now", "karin", "petra", "norra", "draft_for"))
    get("norrgarden")
    made = {name: make(get("astrid")) for name in ("draft", "sent", "opened", "refused", "confirmed")}
    made |= {"hidden_order": make(found["hidden"])}
    for name in ("sent", "opened", "refused", "confirmed", "hidden_order"):
        send(made[name], norra, karin, now)
    for name in ("opened", "refused", "confirmed", "hidden_order"):
        orders.open_order(made[name], by=petra, now=now)
        made[name].refresh_from_db()
    orders.decline_order(
        made["refused"], reason="no_capacity", text="Vi har fullt till april.", by=petra, now=now
    )
    made["confirmed"] = orders.confirm_order(
        made["confirmed"], start=date(2026, 3, 2), contact="Petra, 0999-120 11", by=petra, now=now
    )
    homecare.agree_plan(made["confirmed"], PLAN, by=petra, now=now)
    orders.choose_provider(made["draft"], norra, by=karin, now=now)
    delivered = orders.report_delivery(
        made["confirmed"], period_from=date(2026, 3, 2), period_to=date(2026, 3, 2), minutes=45, by=petra, now=now
    )  # fmt: skip
    return made | {"delivery": delivered}


def _applications(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, anna = get("now"), get("anna_online")
    begun = cases.begin_application("home_care", by=anna, now=now, person=get("astrid"))
    cases.save_answers(begun, ANSWERS, by=anna, now=now)
    asked = cases.begin_application("social_alarm", by=anna, now=now)
    return {"draft_application": begun, "empty_application": asked}


def _rest(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    now, karin, petra, ali, watch_for = (get(name) for name in ("now", "karin", "petra", "ali", "watch_for"))
    said = {"track": "social", "happened_at": now - timedelta(hours=3), "now": now}
    theirs = quality.report_deviation(
        client_id=uuid.uuid4(), what="Besöket på kvällen glömdes bort.", by=ali, **said
    )
    ours = quality.report_deviation(
        client_id=uuid.uuid4(), what="Fel mottagare på ett brev.", by=karin, **said
    )
    quality.judge_deviation(theirs, "lex_sarah", "Risk för den enskilde.", by=petra, now=now)
    danger = watch_for(karin, "test.danger", due=now - timedelta(hours=2))
    for _ in range(3):
        watch_for(karin)
    return {
        "watch": danger, "their_watch": watch_for(petra, "test.danger"), "deviation": ours, "their_deviation": theirs,
        "event": AuditEvent.objects.filter(user_id=karin.user_id, review="protected").latest("at"),
    }  # fmt: skip
