"""Anna tells of what went wrong for her mother; Petra judges it; nobody else reads what she wrote."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.core.cache import cache
from django.utils.html import strip_tags

from livlina.across.quality import actions, queries
from livlina.across.quality.models import CitizenAnswer, CitizenReport, Incident
from livlina.core import outbox, tenancy
from livlina.core.access import Actor, Refused, system
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality
from livlina.registers.orders.models import Order
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch
from livlina.registers.watches.queries import todays

NEW, OWN, OPEN = "/citizen/reports/new", "/citizen/reports", "/report-event/asvalla/"
WROTE = "Ingen kom i går kväll, och mamma satt kvar i stolen till natten."
INSIDE = "Turen ströks av misstag när Ali var sjuk."
ANSWER = "Besöket ströks av misstag. Vi ringer nu alltid innan ett besök flyttas."
UNJUDGED = "quality.citizen_unjudged"
ROOM = Path(__file__).resolve().parent.parent


@pytest.fixture
def said(astrid: Person, now: datetime) -> dict[str, str]:
    """What Anna writes in the form, of Astrid."""
    return {
        "hurt": "no", "about": str(astrid.pk), "help": "home_care", "what": WROTE, "day": "2026-03-01",
        "clock": "på kvällen", "contact": "070-174 06 06", "submission_key": str(uuid4()),
    }  # fmt: skip


@pytest.fixture
def telling(now: datetime) -> Callable[..., actions.Telling]:
    """Return a function that makes what somebody tells."""

    def make(**more: Any) -> actions.Telling:
        words = {"help": "home_care", "hurt": "no", "what": WROTE, "happened_on": day_of(now)}
        return actions.Telling(uuid4(), **(words | more))

    return make


def page(browser: Any, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.status_code
    return " ".join(strip_tags(answer.content.decode().replace("<", " <")).split())


def desk(report: CitizenReport) -> tuple[str, str]:
    """On whose desk it lies, and the kind of watch that waits there."""
    outbox.deliver_waiting()
    watch = Watch.objects.exclude(type=UNJUDGED).get(object_id=report.incident_id, closed_at=None)
    assert (watch.role, watch.unit_id) == (report.role, report.unit_id)
    return report.role, watch.type


def stays_with_petra(
    report: CitizenReport, client_of: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    """Nobody else of the staff reads a word of it, and the database keeps it on her side of the wall."""
    for name in ("eva", "ola", "maria", "karin", "erik", "ali", "sara", "duty"):
        who = client_of(request.getfixturevalue(name))
        for side in ("officer", "provider"):
            seen = who.get(f"/{side}/incidents/{report.incident_id}").content.decode()
            assert not any(words in seen for words in (WROTE, "Lindqvist", "070-174"))
    with tenancy.acting(report.municipality_id, (1, 3, 4)):
        assert not CitizenReport.objects.exists()


def test_anna_tells_petra_judges_and_anna_reads_the_answer_and_nothing_from_inside(
    confirmed: Order, said: dict[str, str], anna_actor: Actor, astrid: Person, bertil: Person, petra: Actor,
    citizen: Callable[..., Actor], client_of: Callable[..., Any], request: pytest.FixtureRequest, now: datetime,
) -> None:  # fmt: skip
    hers = client_of(anna_actor)
    assert "Ring 112" in page(hers, NEW)
    wrong = hers.post(NEW, said | {"day": "2031-01-01"})
    assert (wrong.status_code, WROTE in wrong.content.decode()) == (422, True)
    assert [hers.post(NEW, said).headers.get("Location") for _ in range(2)] == [OWN, OWN]
    report = CitizenReport.objects.select_related("incident").get()
    assert desk(report) == ("provider_manager", "quality.citizen_report_provider")
    assert "Mottagen" in page(hers, OWN)

    address, his = f"/provider/incidents/{report.incident_id}", client_of(petra)
    assert "Utkast från en enskild" in page(his, "/provider/incidents")
    read = page(his, address).replace(" ,", ",")
    teller = "Anna Lindqvist Berg, för Astrid Lindqvist"
    assert all(words in read for words in (WROTE, teller, "070-174 06 06", "på kvällen"))
    assert "Bedöms" in page(hers, OWN)

    stays_with_petra(report, client_of, request)
    for somebody in (astrid, bertil):
        assert WROTE not in page(client_of(citizen(somebody)), OWN)

    off = {"act": "judge", "judge-real": "no", "judge-text": INSIDE}
    refused = his.post(address, off)
    assert (refused.status_code, "ska få ett svar" in refused.content.decode()) == (422, True)
    on = off | {"judge-real": "yes", "judge-answer": ANSWER, "submission_key": str(uuid4())}
    assert [his.post(address, on).status_code for _ in range(2)] == [302, 404], "judged once"
    told = {"act": "answer", "answer-text": "Nu är rutinen ändrad.", "submission_key": str(uuid4())}
    assert [his.post(address, told).status_code for _ in range(2)] == [302, 302]
    outbox.deliver_waiting()
    assert not Watch.objects.filter(object_id=report.incident_id, closed_at=None).exists()

    followed = page(hers, OWN)
    outward = ("Åtgärdas", ANSWER, "Svar från Norra hemtjänsten", "är rutinen ändrad")
    assert [words in followed for words in (*outward, INSIDE, "Petra", "Ali")] == [True] * 4 + [False] * 3
    assert CitizenAnswer.objects.count() == 2
    actions.end_incident(report.incident, now, "", by=petra, now=now)
    assert "Avslutad" in page(hers, OWN)


def test_each_telling_lies_on_the_nearest_desk_and_danger_with_those_on_call(
    confirmed: Order, anna_actor: Actor, astrid: Person, maria: Actor, eva: Actor, duty: Actor, petra: Actor,
    asvalla: Municipality, telling: Callable[..., actions.Telling], now: datetime,
) -> None:  # fmt: skip
    def sent(by: Actor = anna_actor, **more: Any) -> CitizenReport:
        return actions.tell_of_event(telling(**more), by=by, now=now)

    hers = {"person_id": astrid.pk}
    asked = sent(rather_municipality=True, **hers)
    assert desk(asked) == ("unit_manager", "quality.citizen_report")
    assert asked.unit_id == maria.unit_id
    assert desk(sent(help="alarm", **hers))[0] == "committee_secretary", "nobody gives her an alarm"
    assert desk(sent(hurt="danger", **hers)) == ("duty_officer", "quality.citizen_danger")
    assert sent().incident.title == "En enskild berättar om något som gått fel i hemtjänsten"

    nobody = sent(by=system(asvalla.pk), help="e_service")
    assert (desk(nobody)[0], nobody.teller_id, nobody.person_id) == ("committee_secretary", None, None)
    assert nobody.incident.functions == ["web"], "both sides see that there is something"
    with pytest.raises(Refused):
        actions.confirm_incident(nobody.incident, "", by=petra, now=now)
    with pytest.raises(actions.IncidentRefused, match="inte inloggad"):
        actions.answer_citizen(nobody, "Tack.", client_id=uuid4(), by=eva, now=now)
    to = Assignment.objects.select_related("user").get(pk=petra.assignment_id)
    given = actions.give_report(nobody, to, by=eva, now=now)
    assert desk(given) == ("provider_manager", "quality.citizen_report_provider")
    assert queries.report_of(eva, given.incident) is None
    assert queries.report_of(petra, given.incident) == given
    actions.dismiss_incident(given.incident, "Provat, det fungerar.", by=petra, now=now)


def test_what_nobody_has_judged_in_a_week_is_told_to_somebody_else_on_the_other_side_of_the_wall_too(
    confirmed: Order, anna_actor: Actor, astrid: Person, eva: Actor, petra: Actor,
    telling: Callable[..., actions.Telling], client_of: Callable[..., Any], now: datetime,
) -> None:  # fmt: skip
    def seen(after: timedelta) -> list[str]:
        return [line.type for line in todays(eva, now + after).lines]

    report = actions.tell_of_event(telling(person_id=astrid.pk), by=anna_actor, now=now)
    assert desk(report)[0] == "provider_manager"
    assert UNJUDGED not in seen(timedelta(days=6))
    assert UNJUDGED in seen(timedelta(days=8))
    assert WROTE not in page(client_of(eva), f"/officer/incidents/{report.incident_id}"), (
        "that it lies there, no more"
    )
    actions.confirm_incident(report.incident, "", by=petra, now=now + timedelta(days=8))
    outbox.deliver_waiting()
    assert UNJUDGED not in seen(timedelta(days=9))


def test_what_one_tells_for_somebody_is_ones_own_as_long_as_one_acts_for_them(
    anna_actor: Actor, astrid: Person, bertil: Person, eva: Actor, telling: Callable[..., actions.Telling],
    now: datetime, registrar: Actor,
) -> None:  # fmt: skip
    with pytest.raises(Refused):
        actions.tell_of_event(telling(person_id=bertil.pk), by=anna_actor, now=now)
    actions.tell_of_event(telling(person_id=astrid.pk), by=anna_actor, now=now)
    actions.tell_of_event(telling(), by=anna_actor, now=now)
    assert len(queries.own_reports(anna_actor)) == 2
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    assert len(queries.own_reports(anna_actor)) == 1
    report = CitizenReport.objects.get(person_id=astrid.pk)
    assert queries.persons_of(report) == ("Anna Lindqvist Berg", "Skyddad identitet")


def test_anybody_tells_without_signing_in_once_and_a_machine_is_stopped_in_words(
    asvalla: Municipality, sjohaga: Municipality, eva: Actor, client: Any, client_of: Callable[..., Any]
) -> None:
    cache.clear()
    assert "Du behöver inte logga in" in page(client, OPEN)
    open_said = {
        "hurt": "danger",
        "help": "home_care",
        "what": WROTE,
        "day": "2026-03-01",
        "key": str(uuid4()),
    }
    first, again = (client.post(OPEN, open_said) for _ in range(2))
    assert {(one.status_code, one["Location"]) for one in (first, again)} == {
        (302, f"{OPEN}received/danger/")
    }
    assert "Ring 112 nu" in page(client, first["Location"])
    tenancy.enter(asvalla.pk, tenancy.EVERYTHING)
    report = CitizenReport.objects.select_related("incident").get()
    assert (report.teller_id, report.person_id, report.incident.registered_name) == (None, None, "Livlina")
    assert WROTE in page(client_of(eva), f"/officer/incidents/{report.incident_id}")

    codes = [client.post(OPEN, open_said | {"key": str(uuid4())}).status_code for _ in range(9)]
    assert codes == [302] * 8 + [429]
    stopped = client.post(OPEN, open_said | {"key": str(uuid4())})
    assert "ovanligt mycket" in stopped.content.decode()
    assert WROTE in stopped.content.decode()
    cache.clear()
    unread = client.post(f"/report-event/{sjohaga.slug}/", open_said)
    assert (unread.status_code, "Ring oss i stället" in unread.content.decode()) == (422, True)
    tenancy.enter(asvalla.pk, tenancy.EVERYTHING)
    assert CitizenReport.objects.count() == 9
    assert Incident.objects.count() == 9


def test_one_who_is_signed_in_is_stopped_too_and_loses_nothing(
    anna_actor: Actor, eva: Actor, said: dict[str, str], client_of: Callable[..., Any],
    telling: Callable[..., actions.Telling], now: datetime, at: Any,
) -> None:  # fmt: skip
    for _ in range(10):
        actions.tell_of_event(telling(), by=anna_actor, now=now)
    stopped = client_of(anna_actor).post(NEW, said)
    assert stopped.status_code == 422
    assert "ovanligt mycket" in stopped.content.decode()
    assert WROTE in stopped.content.decode()
    actions.tell_of_event(telling(), by=anna_actor, now=now + timedelta(hours=2))


def test_every_word_a_citizen_meets_has_its_english(anna_actor: Actor, client_of: Callable[..., Any]) -> None:
    own = ROOM / "locale" / "en" / "LC_MESSAGES"
    written, compiled = (
        read_po(BytesIO((own / "django.po").read_bytes())),
        read_mo(BytesIO((own / "django.mo").read_bytes())),
    )
    known, made = ({one.id: one.string for one in book if one.id} for book in (written, compiled))
    assert made == known
    pages = [*(ROOM / "templates" / "quality").glob("[cp]*/*.html"), ROOM / "templates/quality/danger.html"]
    words = {word for one in pages for word in re.findall(r'\{% translate "([^"]+)"', one.read_text())}
    for name in ("forms.py", "views/telling.py"):
        words |= set(re.findall(r'_\("([^"]+)"\)', (ROOM / name).read_text()))
    assert {word for word in words if not known.get(word)} == set()
    browser = client_of(anna_actor)
    browser.cookies["django_language"] = "en"
    assert "Is anybody hurt or in danger now?" in page(browser, NEW)
