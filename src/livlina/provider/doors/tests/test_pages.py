"""The pages of doors, as those who use them see them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from livlina.core.access import Actor
from livlina.core.keys import Pair
from livlina.provider.doors import actions, outage
from livlina.provider.doors.models import Consent, Grant, Lock, MetalKey
from livlina.provider.doors.queries.errands import PhoneKey
from livlina.provider.doors.tests.fixtures import Door, Roster, assignment
from livlina.registers.people.models import Person

Browser = Callable[[Actor], Any]
FORM = {"submission_key": "0191f000-0000-7000-8000-000000000001"}


def text(browser: Any, path: str, status: int = 200) -> str:
    """What a page says."""
    answer = browser.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def test_petra_sees_the_doors_of_her_unit_and_who_has_opened(
    client_of: Browser, at: Any, petra: Actor, opened_door: Door, astrids_door: Lock, statements: Any
) -> None:
    browser = client_of(petra)
    assert "Astrid Lindqvist" in text(browser, "/provider/doors")
    page = text(browser, f"/provider/doors/{astrids_door.pk}")
    assert "Ali Hassan" in page
    assert str(astrids_door.number) in page
    assert "Samtycke saknas" not in page
    log = text(browser, f"/provider/doors/{astrids_door.pk}/log")
    assert "Ali Hassan, omsorgspersonal" in log
    assert "Planerat besök" in log
    with statements() as sent:
        browser.get("/provider/doors")
    assert len(sent) <= 10


def test_ali_sees_the_doors_and_no_log(
    client_of: Browser, at: Any, ali: Actor, opened_door: Door, astrids_door: Lock
) -> None:
    browser = client_of(ali)
    assert "Vem har öppnat?" not in text(browser, f"/provider/doors/{astrids_door.pk}")
    text(browser, f"/provider/doors/{astrids_door.pk}/log", 404)
    text(browser, "/provider/doors/emergencies", 404)


def test_another_provider_meets_no_door_of_ours(
    client_of: Browser, at: Any, erik: Actor, opened_door: Door, astrids_door: Lock
) -> None:
    browser = client_of(erik)
    assert "Astrid" not in text(browser, "/provider/doors")
    text(browser, f"/provider/doors/{astrids_door.pk}", 404)
    text(browser, f"/provider/doors/{astrids_door.pk}/log", 404)


def test_a_lock_is_ordered_agreed_to_planned_and_given_a_fitters_key(
    client_of: Browser, at: Any, petra: Actor, ali: Actor, alis_phone: Pair, roster: Roster, astrids_door: Lock,
    astrid: Person,
) -> None:  # fmt: skip
    browser = client_of(petra)
    assert "Montera lås" in text(browser, f"/provider/people/{astrid.pk}/doors")
    sent = {"place": "Källardörren", "vendor": "simulator", "area": "Centrum"}
    went = browser.post(f"/provider/people/{astrid.pk}/doors/order", sent)
    lock = Lock.objects.get(place="Källardörren")
    assert went["Location"] == f"/provider/doors/{lock.pk}"
    assert "Samtycke saknas från den enskilde och fastighetsägaren" in text(browser, went["Location"])
    for whose in ("client", "owner"):
        said = {"whose": whose, "name": "Astrid Lindqvist", "how": "Muntligt", "given_on": "2026-03-01"}
        browser.post(
            f"/provider/doors/{lock.pk}/consent", {f"consent-{name}": word for name, word in said.items()}
        )
    assert Consent.objects.filter(lock=lock).count() == 2
    browser.post(f"/provider/doors/{lock.pk}/plan", {"plan-fit_on": "2026-03-05", "plan-fitter": "Lasse Lås"})
    assert "Lasse Lås" in text(browser, f"/provider/doors/{lock.pk}")
    assert ali.assignment_id
    roster.carried.append(PhoneKey("Alis telefon", ali.assignment_id, alis_phone.public))
    answer = browser.post(f"/provider/doors/{lock.pk}/key", {"key-phone": "0"})
    assert "Montörens nyckel är gjord för Ali Hassan" in answer.content.decode()
    browser.post(f"/provider/doors/{lock.pk}/fitted")
    assert "provöppning" in text(browser, f"/provider/doors/{lock.pk}")


def test_a_form_with_faults_says_so(
    client_of: Browser, at: Any, petra: Actor, astrids_door: Lock, astrid: Person
) -> None:
    browser = client_of(petra)
    astrids_door.consents.filter(whose="owner").update(withdrawn_on="2026-03-01")
    for path in ("consent", "units"):
        assert browser.post(f"/provider/doors/{astrids_door.pk}/{path}", {}).status_code == 422
    for path in (f"/provider/people/{astrid.pk}/doors/order", "/provider/doors/keys/add"):
        assert browser.post(path, {}).status_code == 422
    for path in ("rekey", "fault", "hole"):
        assert browser.post(f"/provider/doors/{astrids_door.pk}/{path}", {"text": ""}).status_code == 422


def test_petra_re_keys_and_takes_down_a_lock(
    client_of: Browser, at: Any, petra: Actor, opened_door: Door, astrids_door: Lock
) -> None:
    browser, page = client_of(petra), f"/provider/doors/{astrids_door.pk}"
    assert "Alla nycklar som gjorts" in text(browser, f"{page}/rekey")
    browser.post(f"{page}/rekey", {"text": "Telefon borta"})
    astrids_door.refresh_from_db()
    assert astrids_door.epoch == 2
    browser.post(f"{page}/fault", {"text": "Blinkar"})
    assert "Ur funktion" in text(browser, page)
    browser.post(f"{page}/mended")
    browser.post(f"{page}/removed")
    assert "Borttaget" in text(browser, page)


def test_a_metal_key_on_its_page(
    client_of: Browser, at: Any, petra: Actor, ali: Actor, astrids_door: Lock, astrid: Person, now: datetime
) -> None:
    manager, carer = client_of(petra), client_of(ali)
    manager.post("/provider/doors/keys/add", {"number": "N112", "person": str(astrid.pk), "place": "Skåp 1"})
    key = MetalKey.objects.get()
    listed = text(carer, "/provider/doors/keys")
    assert "N112" in listed
    assert "Astrid" not in listed
    carer.post(f"/provider/doors/keys/{key.pk}/out", {"holder": str(ali.assignment_id)})
    assert "Utlämnad" in text(carer, f"/provider/doors/keys/{key.pk}")
    carer.post(f"/provider/doors/keys/{key.pk}/lost", {"text": "Borta efter rundan"})
    assert "Förlorad" in text(manager, f"/provider/doors/keys/{key.pk}")
    manager.post(f"/provider/doors/keys/{key.pk}/in")
    manager.post(f"/provider/doors/keys/{key.pk}/return", {"text": "Astrid Lindqvist"})
    assert "Lämnad tillbaka" in text(manager, f"/provider/doors/keys/{key.pk}")


def test_an_emergency_opening_is_reviewed_on_its_page(
    client_of: Browser, at: Any, petra: Actor, ali: Actor, alis_phone: Pair, roster: Roster, astrids_door: Lock,
    doors_system: Actor, now: datetime,
) -> None:  # fmt: skip
    roster.works(ali, now, area="Centrum")
    row, _ = actions.grant(
        "emergency", holder=assignment(ali), public=alis_phone.public, locks=[astrids_door], area="Centrum",
        not_before=now, expires=now + timedelta(hours=8), by=ali, now=now,
    )  # fmt: skip
    actions.report_emergency(row, "Hon svarade inte", at=now, by=doors_system, now=now)
    browser = client_of(petra)
    assert "Ska granskas" in text(browser, "/provider/doors/emergencies")
    assert "Hon svarade inte" in text(browser, f"/provider/doors/emergencies/{row.pk}")
    browser.post(f"/provider/doors/emergencies/{row.pk}", {"text": "Astrid hade fallit."})
    assert "Granskad" in text(browser, "/provider/doors/emergencies")
    assert Grant.objects.get(pk=row.pk).reviewed_by == "Petra Nyström"


def test_astrids_daughter_sees_who_opened_her_mothers_door_in_swedish_and_english(
    client_of: Browser, at: Any, anna_actor: Actor, astrid: Person, opened_door: Door
) -> None:
    browser = client_of(anna_actor)
    page = text(browser, f"/citizen/door/{astrid.pk}")
    assert "Ali Hassan" in page
    assert "Norra hemtjänsten" in page
    assert "Planerat besök" in page
    browser.post("/i18n/setlang/", {"language": "en"})
    page = text(browser, f"/citizen/door/{astrid.pk}")
    assert "Who has opened the door of Astrid" in page
    assert "Planned visit" in page
    assert "Nobody has opened" in text(browser, "/citizen/door")


def test_a_neighbour_does_not_see_it(
    client_of: Browser, at: Any, citizen: Any, bertil: Person, astrid: Person, opened_door: Door
) -> None:
    text(client_of(citizen(bertil)), f"/citizen/door/{astrid.pk}", 404)


def test_karin_reads_the_log_of_her_client_and_ola_the_numbers(
    client_of: Browser, at: Any, karin: Actor, fatima: Actor, ola: Actor, astrid: Person, opened_door: Door,
    astrids_door: Lock,
) -> None:  # fmt: skip
    assert "Ali Hassan" in text(client_of(karin), f"/officer/people/{astrid.pk}/doors")
    text(client_of(fatima), f"/officer/people/{astrid.pk}/doors", 404)
    page = text(client_of(ola), "/operations/doors/log")
    assert str(astrids_door.number) in page
    assert "Ali" not in page
    assert "Astrid" not in page


def test_in_the_demo_a_switch_lets_phones_meet_a_dead_server(settings: Any, tmp_path: Any, rf: Any) -> None:
    settings.STATE_DIR = tmp_path
    served = outage.outage(lambda request: "answer")  # type: ignore[arg-type, return-value]
    asked = rf.post("/api/v1/field/outbox")
    assert served(asked) == "answer"  # type: ignore[comparison-overlap]
    outage.set_down(True)
    dead = served(asked)
    assert dead.status_code == 503
    assert "avstängd" in json.loads(dead.content)["detail"]  # type: ignore[attr-defined]
    assert served(rf.get("/provider/doors")) == "answer"  # type: ignore[comparison-overlap]
    outage.set_down(False)
    assert served(asked) == "answer"  # type: ignore[comparison-overlap]
