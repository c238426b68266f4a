"""Packs for an outage: what is in them, who opens them, where they lie, and who is told when they grow old."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from livlina.across.continuity.packs import content, jobs, making, paper, places, screen, sealing
from livlina.across.continuity.packs.content import Pack
from livlina.core import clock, keys
from livlina.core.access import Actor, Refused
from livlina.core.models import Unit
from livlina.core.models.audit import AuditEvent
from livlina.provider.alarms.models import AlarmUnit
from livlina.provider.doors.models import MetalKey
from livlina.provider.homecare.models import NursingTask, Visit
from livlina.registers.people.models import Contact, Person
from livlina.registers.watches.models import Watch
from livlina.status import parts

MINUTE = timedelta(minutes=1)


@pytest.fixture
def two_places(settings: Any, tmp_path: Path) -> list[Path]:
    """Two folders to keep packs in."""
    settings.STATE_DIR = tmp_path / "state"
    settings.PACK_PLACES = [str(tmp_path / "one"), str(tmp_path / "two")]
    return [tmp_path / "one", tmp_path / "two"]


@pytest.fixture
def norra(petra: Actor) -> Unit:
    """Norra hemtjänsten."""
    return Unit.objects.get(pk=petra.unit_id)


@pytest.fixture
def astrids_day(
    visit_at: Callable[..., Visit], astrid: Person, ali: Actor, astrids_unit: AlarmUnit, now: datetime
) -> Visit:
    """Astrid is visited by Ali in an hour and has an alarm and a metal key."""
    Contact.objects.create(
        municipality_id=astrid.municipality_id, person=astrid, kind="phone", value="070-111 22 33", since=now
    )
    MetalKey.objects.create(
        municipality_id=astrid.municipality_id,
        number="N-17",
        person=astrid,
        unit_id=astrids_unit.team_id,
        place="Skåp 2",
    )
    return visit_at(astrid, now + timedelta(hours=1), 30, ali)


def pack_of(unit: Unit, now: datetime) -> Pack:
    """The unit's pack."""
    return content.of_unit(unit, "Åsvalla kommun", now=now)


def words(pack: Pack) -> str:
    """Everything a pack shows."""
    return json.dumps(
        [vars(one) for one in pack.cards] + [str(pack.days), str(pack.ring), str(pack.keys)],
        ensure_ascii=False,
    )


def test_a_pack_has_what_the_carer_needs_at_the_door(norra: Unit, astrids_day: Visit, now: datetime) -> None:
    pack = pack_of(norra, now)

    (stop,) = pack.days[0].rounds[0].stops
    (card,) = pack.cards
    assert pack.made == "måndag 2 mars kl. 09.00"
    assert (pack.days[0].title, pack.days[0].rounds[0].carer) == ("måndag 2 mars", "Ali Hassan")
    assert (stop.at, stop.minutes, stop.who, stop.there) == (
        "10.00",
        30,
        "Astrid Lindqvist",
        "Björkvägen 12, 99102 Åsvalla",
    )
    assert (card.born, card.phone) == ("född 1938-04-12", "070-111 22 33")
    assert "Nyckel N-17: Skåp 2" in card.keys
    assert pack.ring[0].phones == ["070-111 22 33"]
    assert pack.keys == [["N-17", "Skåp 2", "Björkvägen 12, 99102 Åsvalla", "Astrid Lindqvist"]]


def test_medicines_are_in_the_units_pack_but_not_on_a_managers_paper(
    norra: Unit, visit_at: Callable[..., Visit], astrids_dosette: NursingTask, astrid: Person, ali: Actor, petra: Actor,
    now: datetime, client_of: Callable[[Actor], Client], two_places: list[Path], at: Callable[[datetime], None],
) -> None:  # fmt: skip
    visit_at(astrid, now, 30, ali)

    drug = astrids_dosette.what
    by_petra = client_of(petra).get("/provider/packs/paper")

    assert any(drug in said for card in pack_of(norra, now).cards for said in card.medicines)
    assert by_petra.status_code == 200
    assert drug not in text_of(by_petra.content)
    assert "Astrid Lindqvist" in text_of(by_petra.content)


def test_of_a_protected_person_the_pack_tells_only_the_address_and_only_around_the_visit(
    norra: Unit, astrids_day: Visit, astrid: Person, now: datetime
) -> None:
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")

    near, before = pack_of(norra, now), pack_of(norra, now - timedelta(hours=2))

    assert near.days[0].rounds[0].stops[0].there == "Björkvägen 12, 99102 Åsvalla"
    assert near.cards == []
    assert "Lindqvist" not in words(near)
    assert "070-111" not in words(near)
    assert "Björkvägen" not in words(before)


def test_the_pack_opens_with_the_code_in_the_envelope_however_it_is_typed_and_with_no_other(
    norra: Unit, astrids_day: Visit, petra: Actor, now: datetime
) -> None:
    code = sealing.new_code(norra, by=petra, now=now)
    page = screen.html(pack_of(norra, now), b"%PDF", sealing.lock_of(norra, now), norra.pk)
    sealed = screen.sealed_in(page)

    assert "Astrid" not in page
    assert "Björkvägen" not in page
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert b"Astrid Lindqvist" in sealing.open_with_code(sealed, typed)
    with pytest.raises(sealing.WrongCode):
        sealing.open_with_code(sealed, code[:-1] + ("A" if code[-1] != "A" else "B"))
    with pytest.raises(sealing.WrongCode):  # an old pack cannot pass for a new one
        sealing.open_with_code(sealed | {"at": (now + timedelta(days=1)).isoformat()}, code)


def test_a_unit_without_a_code_has_a_pack_that_the_operator_opens_and_a_new_code_ends_that(
    norra: Unit, astrids_day: Visit, petra: Actor, ali: Actor, now: datetime
) -> None:
    before = sealing.lock_of(norra, now)
    sealed = sealing.seal(b"pack", before, norra.pk, at="now")

    assert not before.has_code
    assert sealing.open_as_operator(sealed, norra.municipality_id) == b"pack"
    with pytest.raises(Refused):
        sealing.new_code(norra, by=ali, now=now)
    sealing.new_code(norra, by=petra, now=now)
    assert sealing.lock_of(norra, now).has_code
    assert sealing.lock_of(norra, now).name != before.name


def text_of(pdf: bytes) -> str:
    """What stands on a PDF's pages, page by page."""
    import io

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_paper_says_its_age_first_numbers_its_pages_and_cuts_no_words(
    norra: Unit, astrids_day: Visit, now: datetime
) -> None:
    pack = pack_of(norra, now)
    pack.cards = [replace(pack.cards[0], name=f"Gertrud Förtroendevald {number}") for number in range(60)]

    said = text_of(paper.pdf(pack))

    assert said.index("klockan 09.00") < said.index("Viktiga nummer")
    assert "Sida 1 av " in said
    assert all(f"Förtroendevald {number}" in said for number in range(60))
    assert paper.wrap("Badrumsmattan hala golvet", paper.PLAIN, 9.5, 90) == ["Badrumsmattan", "hala golvet"]


def test_packs_lie_in_every_place_whole_and_signed_and_the_newest_is_always_there(
    norra: Unit, astrids_day: Visit, two_places: list[Path], petra: Actor, now: datetime
) -> None:
    for number in range(7):
        making.make(petra.municipality_id, now + number * 14 * MINUTE, every=making.EVERY)
    assert making.make(petra.municipality_id, now + 90 * MINUTE, every=making.EVERY).packs == []  # not due

    known = {keys.current(petra.municipality_id, places.PURPOSE, now).public}
    for place in two_places:
        assert places.faults(place, "asvalla", known) == []
        assert len(list((place / "asvalla" / places.EARLIER).iterdir())) == places.KEPT
        assert places.read(place, "asvalla")[str(norra.pk)].at == now + 84 * MINUTE
    assert AuditEvent.objects.filter(verb="continuity.pack", object_id=str(norra.pk)).count() == 7

    file = two_places[0] / "asvalla" / places.file_name(norra.name)  # the control: what is damaged is seen
    file.write_bytes(file.read_bytes()[:-1])
    assert "not as it was written" in places.faults(two_places[0], "asvalla", known)[0]
    assert places.faults(two_places[1], "asvalla", {b"another"}) != []


def test_a_place_that_is_gone_stops_no_other_and_the_status_page_says_so(
    norra: Unit, astrids_day: Visit, two_places: list[Path], petra: Actor, now: datetime, settings: Any
) -> None:
    two_places[0].write_text("a file where the folder should be")

    made = making.make(petra.municipality_id, now)
    making.report(now)

    assert made.unwritten == [two_places[0]]
    assert [row.unit for row in made.packs] == [norra.name]
    part = parts.read(settings.STATE_DIR)["packs"]
    assert not part.works
    assert "kan inte skrivas" in part.words


def test_a_pack_half_an_hour_old_lies_on_the_managers_desk_until_a_new_one_is_made(
    norra: Unit, astrids_day: Visit, two_places: list[Path], petra: Actor, now: datetime, settings: Any,
    at: Callable[[datetime], None],
) -> None:  # fmt: skip
    def told(moment: datetime) -> int:
        at(moment)
        return jobs.watch_packs(petra.municipality_id, moment)

    assert jobs.make_packs(petra.municipality_id, now) == 1
    assert told(now + 14 * MINUTE) == 0
    part = parts.read(settings.STATE_DIR)["packs"]
    assert (part.works, "1 enhet har ingen kod" in part.words) == (True, True)
    assert told(now + 16 * MINUTE) == 0
    assert not parts.read(settings.STATE_DIR)["packs"].works  # told at a quarter
    assert told(now + 31 * MINUTE) == 1
    assert told(now + 32 * MINUTE) == 0  # once
    watch = Watch.objects.get(type=jobs.OLD)
    assert (watch.role, watch.unit_id) == ("provider_manager", petra.unit_id)

    at(now + 33 * MINUTE)
    jobs.make_packs(petra.municipality_id, clock.now())
    told(now + 33 * MINUTE)
    watch.refresh_from_db()
    assert watch.closed_at is not None


def test_who_fetches_the_sealed_pack_stands_in_the_log_for_each_person(
    norra: Unit, astrids_day: Visit, two_places: list[Path], astrid: Person, ali: Actor, petra: Actor, now: datetime,
    client_of: Callable[[Actor], Client], erik: Actor,
) -> None:  # fmt: skip
    making.make(petra.municipality_id, now)

    page = client_of(ali).get("/provider/packs")
    answer = client_of(ali).get("/provider/packs/sealed")

    assert "Hämta för dator och telefon" in page.content.decode()
    assert "Gör en ny kod" not in page.content.decode()
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="reservpaket-norra-hemtjansten'
    )
    assert b"Astrid" not in answer.content
    assert (
        AuditEvent.objects.filter(verb="continuity.packs", person_id=astrid.pk, user_id=ali.user_id).count()
        == 1
    )
    assert client_of(ali).get("/provider/packs/paper").status_code == 404
    assert client_of(erik).get("/provider/packs/sealed").status_code == 404  # another provider has none
    assert client_of(erik).get(f"/provider/packs/{norra.pk}").status_code == 404


def test_a_manager_sees_the_code_once(
    petra: Actor, ali: Actor, norra: Unit, client_of: Callable[[Actor], Client]
) -> None:
    manager = client_of(petra)

    asked, made = manager.get("/provider/packs/code"), manager.post("/provider/packs/code")

    assert "Den visas bara nu" not in asked.content.decode()
    assert "Den visas bara nu" in made.content.decode()
    assert "Den visas bara nu" not in manager.get("/provider/packs/code").content.decode()
    assert client_of(ali).post("/provider/packs/code").status_code == 404
    assert AuditEvent.objects.filter(verb="continuity.pack_code", outcome="wrote").count() == 1
