"""The journal's pages, as those who use them see them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from livlina.core import clock, tenancy
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent
from livlina.registers.journal import actions
from livlina.registers.journal.models import Correction, Dissent, Draft, Note
from livlina.registers.people.models import PersonNumber

WORDS = "Hembesök hos Astrid. Hon orkar inte längre duscha själv."


def text_of(answer) -> str:
    """What is read on the page: tags away, spaces as one."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def filled(**given) -> dict[str, object]:
    return {
        "submission_key": str(uuid7()), "text": WORDS, "day": clock.today().isoformat(), "clock": "",
        "kind": "home_visit", "law": "SoL",
    } | given  # fmt: skip


def own_statements(sent) -> list[str]:
    """The statements of the request itself: not the test's savepoints and return to its own context."""
    return [
        query["sql"]
        for query in sent.captured_queries
        if not query["sql"].startswith(
            ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")
        )
        and "current_setting('livlina.municipality'" not in query["sql"][:60]
    ]


@pytest.fixture
def today(now):
    """Pages read the clock themselves, so notes for them are written now."""
    return clock.now()


def test_the_page_of_a_person_with_one_file_is_the_file(karin, astrid, astrids_file, client_of):
    answer = client_of(karin).get(reverse("journal:person", args=[astrid.pk]))
    assert answer["Location"] == reverse("journal:file", args=[astrids_file.pk])


def test_a_person_without_a_file_gets_one_by_pressing(karin, astrid, reach, client_of):
    reach(karin, astrid)
    browser = client_of(karin)
    assert "Öppna en akt" in text_of(browser.get(reverse("journal:person", args=[astrid.pk])))
    answer = browser.post(reverse("journal:open", args=[astrid.pk]))
    assert "Här finns inga anteckningar än." in text_of(browser.get(answer["Location"]))


def test_the_file_shows_notes_struck_text_corrections_and_views(karin, astrids_file, write, client_of, now):
    wrong = write(karin, astrids_file, "Astrid har en son.", hours=30)
    write(karin, astrids_file, WORDS)
    actions.correct(wrong.pk, "struck_wrong_text", "Hon har en dotter", by=karin, now=now)
    actions.add_dissent(wrong.pk, "Jag har ingen son.", "Astrid Lindqvist", by=karin, now=now)
    page = text_of(client_of(karin).get(reverse("journal:file", args=[astrids_file.pk])))
    assert page.index(WORDS) < page.index("Astrid har en son.")
    assert (
        "Struken 2026-03-02 09:00 av Karin Ekdal, Biståndshandläggare, Biståndsenheten. Skäl: Hon har" in page
    )
    assert "Astrid Lindqvist har en annan uppfattning: Jag har ingen son." in page


def test_the_file_is_filtered_by_kind_and_paged_without_losing_a_note(karin, astrids_file, write, client_of):
    for number in range(60):
        write(karin, astrids_file, f"Samtal nummer {number}.", hours=number + 1, kind="phone")
    write(karin, astrids_file, "Ett möte.", hours=70, kind="meeting")
    browser, address = client_of(karin), reverse("journal:file", args=[astrids_file.pk])
    first = browser.get(address)
    older = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = browser.get(address + older)
    seen = re.findall(r"Samtal nummer (\d+)\.", first.content.decode() + second.content.decode())
    assert sorted(map(int, seen)) == list(range(60))
    only = text_of(browser.get(address, {"kind": "meeting"}))
    assert "Ett möte." in only
    assert "Samtal nummer" not in only


@pytest.mark.parametrize("before", ["x", "9" * 40 + ".1", "-5.2", "1.", ""])
def test_a_strange_page_address_is_the_first_page_or_an_empty_one(karin, astrids_file, client_of, before):
    answer = client_of(karin).get(reverse("journal:file", args=[astrids_file.pk]), {"before": before})
    assert answer.status_code == 200


def test_searching_is_in_the_opened_file_and_never_in_an_address(karin, astrids_file, write, client_of):
    write(karin, astrids_file, WORDS)
    write(karin, astrids_file, "Telefonsamtal med dottern.")
    browser, address = client_of(karin), reverse("journal:search", args=[astrids_file.pk])
    page = text_of(browser.post(address, {"q": "duscha"}))
    assert "1 träff." in page
    assert "dottern" not in page
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("length", [3, 45])
def test_a_file_costs_five_statements_whatever_its_length(
    karin, astrids_file, write, client_of, statements: Callable, now, length
):
    for number in range(length):
        note = write(karin, astrids_file, f"Anteckning {number}", hours=number + 1)
        actions.correct(note.pk, "supplement", "Mer", new_text=f"Mer om {number}", by=karin, now=now)
    browser = client_of(karin)
    address = reverse("journal:file", args=[astrids_file.pk])
    browser.get(address)
    with statements() as sent:
        browser.get(address)
    assert len(own_statements(sent)) == 5, own_statements(sent)


def test_writing_a_note_costs_five_statements_with_entering_and_recording(
    karin, astrids_file, client_of, statements: Callable
):
    browser, address = client_of(karin), reverse("journal:write", args=[astrids_file.pk])
    with statements() as sent:
        assert browser.post(address, filled()).status_code == 302
    assert len(own_statements(sent)) == 5, own_statements(sent)


def test_a_note_is_written_and_stands_in_the_file(karin, astrids_file, client_of):
    browser = client_of(karin)
    answer = browser.post(
        reverse("journal:write", args=[astrids_file.pk]),
        filled(source_person="Dottern Anna", life_areas=["d5"]),
    )
    page = text_of(browser.get(answer["Location"]))
    assert WORDS in page
    assert "Uppgiften kommer från: Dottern Anna" in page
    assert "Livsområden: Personlig vård" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": ""}, "Skriv anteckningen."),
        ({"day": "31/2"}, "Skriv datumet så här"),
        ({"clock": "25:70"}, "Skriv klockslaget så här: 14:30."),
        ({"day": "2031-01-01"}, "Tiden ligger framåt i tiden. Skriv när det hände."),
        ({"day": "2020-01-01"}, "Skriv varför det antecknas först nu."),
        ({"kind": ""}, "Välj vad anteckningen gäller."),
        ({"law": "HSL"}, "Lagrummet hör till en annan journal."),
    ],
)
def test_a_wrong_form_says_what_to_do_and_loses_nothing(karin, astrids_file, client_of, given, sentence):
    answer = client_of(karin).post(
        reverse("journal:write", args=[astrids_file.pk]), filled(source_person="Dottern Anna", **given)
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="Dottern Anna"' in answer.content.decode()
    assert given.get("text") == "" or WORDS in text_of(answer)
    assert not Note.objects.exists()


def test_a_clock_time_is_written_as_people_write_it(karin, astrids_file, client_of):
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    for written in ("14:05", "14.05", "1405", " 14 05 "):
        client_of(karin).post(
            reverse("journal:write", args=[astrids_file.pk]),
            filled(day=yesterday, clock=written, text=f"Kl {written}"),
        )
    assert {f"{clock.local(note.event_at):%H:%M}" for note in Note.objects.all()} == {"14:05"}


def test_a_nurse_writes_and_signs_on_the_providers_pages(lena, nursing_file, client_of):
    browser = client_of(lena)
    browser.post(
        reverse("journal_provider:write", args=[nursing_file.pk]), filled(law="HSL", kind="health_status")
    )
    note = Note.objects.get()
    answer = browser.post(reverse("journal_provider:sign", args=[note.pk]))
    assert "Signerad" in text_of(browser.get(answer["Location"]))
    again = browser.post(reverse("journal_provider:sign", args=[note.pk]))
    assert "redan signerad" in text_of(browser.get(again["Location"]))


@pytest.mark.parametrize("who", ["sofia", "eva", "petra", "ali", "lena", "erik", "anders", "ola", "sara"])
def test_a_stranger_gets_the_page_that_is_not_there(request, astrids_file, write, karin, client_of, who):
    note, actor = write(karin, astrids_file), request.getfixturevalue(who)
    browser = client_of(actor)
    pages = [("file", astrids_file.pk), ("write", astrids_file.pk), ("check", astrids_file.pk)]
    pages += [("correct", note.pk), ("dissent", note.pk), ("unseal", note.pk)]
    for name, key in pages:
        assert browser.get(reverse(f"journal:{name}", args=[key])).status_code == 404, name
    with tenancy.acting(actor.municipality_id, actor.compartments):
        outcomes = list(AuditEvent.objects.filter(user_id=actor.user_id).values_list("outcome", flat=True))
    assert outcomes == ["refused"] * len(pages)


def test_the_officer_on_duty_gives_a_reason_and_reads_once(
    duty, karin, astrid, astrids_file, write, client_of
):
    write(karin, astrids_file, WORDS)
    browser = client_of(duty)
    address = reverse("journal:emergency", args=[astrid.pk])
    assert "Skriv varför" in text_of(browser.get(address))
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert WORDS in text_of(browser.post(address, {"reason": "Larm 02:10, svarar inte i telefon"}))
    assert AuditEvent.objects.get(verb="journal.emergency").review == "outside"


def test_someone_outside_the_relation_is_shown_the_way_that_asks_for_a_reason(
    karin, bertil, maria, client_of
):
    answer = client_of(karin).get(reverse("journal:emergency", args=[bertil.pk]))
    assert "Din enhet har ingen relation till personen" in text_of(answer)
    answer = client_of(karin).post(reverse("journal:emergency", args=[uuid7()]), {"reason": "Fel länk"})
    assert "Det finns ingen akt att visa." in text_of(answer)


def test_every_way_to_correct_is_done_on_its_page(karin, astrids_file, write, client_of, today):
    first = write(karin, astrids_file, WORDS, at=today - timedelta(hours=2))
    twin = write(karin, astrids_file, WORDS, at=today - timedelta(hours=1))
    browser = client_of(karin)

    def send(note, **given):
        answer = browser.post(
            reverse("journal:correct", args=[note.pk]),
            {"submission_key": str(uuid7()), "reason": "Blev fel", **given},
        )
        assert answer.status_code == 302, text_of(answer)

    send(first, kind="wrong_date", day=(clock.today() - timedelta(days=2)).isoformat(), clock="08:00")
    send(first, kind="wrong_law", law="LSS")
    send(first, kind="supplement", text="Dottern var med.")
    send(twin, kind="duplicate", original=str(first.pk))
    send(first, kind="struck_wrong_text", text="Hon orkar visst.")
    assert Correction.objects.count() == 5
    page = text_of(browser.get(reverse("journal:file", args=[astrids_file.pk])))
    for words in (
        "Datum rättat från",
        "Lagrum rättat till LSS",
        "Kompletterad",
        "Struken som dubblett",
        "Hon orkar visst.",
    ):
        assert words in page


def test_a_correction_without_what_it_needs_says_so(karin, astrids_file, write, client_of):
    note = write(karin, astrids_file)
    browser = client_of(karin)
    for given, words in (
        ({"kind": ""}, "Välj vad som ska rättas."),
        ({"kind": "supplement"}, "Skriv kompletteringen."),
        ({"kind": "wrong_date"}, "Skriv när det hände."),
        ({"kind": "wrong_law"}, "Lagrummet hör till en annan journal"),
        ({"kind": "duplicate"}, "Välj den tidigare anteckningen"),
    ):
        answer = browser.post(
            reverse("journal:correct", args=[note.pk]),
            {"submission_key": str(uuid7()), "reason": "Fel", **given},
        )
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_the_persons_view_is_written_down(karin, astrids_file, write, client_of):
    note = write(karin, astrids_file)
    browser = client_of(karin)
    assert (
        'value="Astrid Lindqvist"' in browser.get(reverse("journal:dissent", args=[note.pk])).content.decode()
    )
    browser.post(
        reverse("journal:dissent", args=[note.pk]),
        {"submission_key": str(uuid7()), "said_by": "Astrid Lindqvist", "text": "Jag orkar visst."},
    )
    assert Dissent.objects.get().text == "Jag orkar visst."


def test_the_check_says_in_words_that_the_journal_is_whole(karin, astrids_file, write, client_of):
    for number in range(3):
        write(karin, astrids_file, f"Anteckning {number}")
    page = text_of(client_of(karin).get(reverse("journal:check", args=[astrids_file.pk])))
    assert "Journalen är hel: 3 anteckningar, kontrollerad" in page


def test_the_check_counts_the_notes_of_ones_own_file(
    erik, ali, astrid, home_care_file, reach, write, client_of, now
):
    reach(erik, astrid)
    own = actions.open_file(astrid, by=erik, now=now - timedelta(hours=3))
    write(erik, own, "Dusch.")
    for number in range(3):
        write(ali, home_care_file, f"Anteckning {number}")
    page = text_of(client_of(erik).get(reverse("journal_provider:check", args=[own.pk])))
    assert "Journalen är hel: 1 anteckning, kontrollerad" in page


def test_autosave_answers_as_the_page_expects(karin, astrids_file, client_of):
    browser, address = client_of(karin), reverse("journal:draft", args=[astrids_file.pk])
    answer = browser.post(address, filled(text="Hem", version="0", life_areas=["d5", "d6"]))
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert re.fullmatch(r"Utkast sparat \d\d:\d\d:\d\d", answer.json()["words"])
    assert answer.json()["words"].endswith(answer.json()["saved"])
    page = browser.get(reverse("journal:write", args=[astrids_file.pk])).content.decode()
    assert 'data-version="1"' in page
    assert ">\nHem</textarea>" in page
    assert len(re.findall(r'name="life_areas"[^>]*checked', page)) == 2
    assert Draft.objects.get().fields["kind"] == "home_visit"


def test_a_discarded_draft_is_gone_from_the_form(karin, astrids_file, client_of):
    browser = client_of(karin)
    browser.post(reverse("journal:draft", args=[astrids_file.pk]), filled(text="Hem", version="0"))
    browser.post(reverse("journal:discard", args=[astrids_file.pk]))
    assert (
        "Hem</textarea>" not in browser.get(reverse("journal:write", args=[astrids_file.pk])).content.decode()
    )


def test_a_sealed_text_is_opened_on_its_own_page(karin, maria, astrids_file, bertil, write, client_of, now):
    note = write(karin, astrids_file, WORDS)
    actions.move_note(note.pk, bertil, "Fel akt", by=maria, now=now)
    browser, address = client_of(maria), reverse("journal:unseal", args=[note.pk])
    assert WORDS not in text_of(browser.get(address))
    assert WORDS in text_of(browser.post(address, {"reason": "Utlämnande begärt"}))
    assert client_of(karin).get(address).status_code == 404


def test_no_address_holds_a_persons_number(karin, astrid, astrids_file, write, client_of):
    write(karin, astrids_file)
    number = str(PersonNumber.objects.get(person=astrid).value)
    page = client_of(karin).get(reverse("journal:file", args=[astrids_file.pk])).content.decode()
    for address in re.findall(r'(?:href|action|data-autosave)="([^"]*)"', page):
        assert number not in address
        assert number[2:] not in address


def test_looking_at_one_note_to_correct_it_is_recorded_too(karin, astrids_file, write, client_of):
    note = write(karin, astrids_file, WORDS)
    page = client_of(karin).get(reverse("journal:correct", args=[note.pk])).content.decode()
    assert "<title>Rätta en anteckning: Astrid Lindqvist" in " ".join(page.split())
    assert AuditEvent.objects.get(verb="journal.correct", outcome="read").object_id == str(note.pk)


def test_a_replacing_note_says_what_it_replaces_and_no_reason_for_being_late(
    karin, astrids_file, write, client_of, now
):
    note = write(karin, astrids_file, WORDS)
    actions.correct(note.pk, "struck_wrong_text", "Fel", new_text="Hon orkar.", by=karin, now=now)
    page = text_of(client_of(karin).get(reverse("journal:file", args=[astrids_file.pk])))
    assert "Ersätter en struken anteckning." in page
    assert "Antecknad i efterhand" not in page
