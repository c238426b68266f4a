"""Handing out: each item tried for harm, what is masked is gone, and exactly what was handed out is kept."""

import hashlib
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from livlina.across.records import actions, masking, queries
from livlina.across.records.actions import Asked, DisclosureRefused, Judgement, Received
from livlina.across.records.models import DisclosureItem, HandedOut
from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions.parties import add_party
from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.calendar import Channel
from livlina.core.models import AuditEvent, PermanentRow, User
from livlina.registers.journal import actions as journal
from livlina.registers.people.models import Person

OWN = Judgement("whole", ground="own")
HARM = "Grannens namn och adress kan inte lämnas utan att hon kan lida men."


@pytest.fixture
def asked(assigned_case, astrid, reach, karin, now):
    """Astrid's lawyer asks for her journal; Karin takes it down."""
    reach(karin, astrid)
    told = Asked("self", "Astrid Lindqvist", date(2026, 3, 2), "phone", "Hela journalen.", astrid)
    return actions.register_request(astrid, 1, told, client_id=uuid4(), by=karin, now=now)


@pytest.fixture
def note(asked, astrids_file, karin, write):
    """A note that names a neighbour."""
    return write(karin, astrids_file, "Grannen Ulla Ek på Björkvägen 14 ringde.\nHon är orolig för Astrid.")


def text_of(handed: HandedOut) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(handed.content))).pages).split()
    )


def judged(asked, note, judgement, karin, now):
    return actions.judge(asked, "journal.note", note.pk, judgement, by=karin, now=now)


def test_what_is_handed_out_whole_is_kept_byte_for_byte_with_to_whom(asked, note, karin, now):
    judged(asked, note, OWN, karin, now)
    (handed,) = actions.hand_out(asked, to_name="Astrid Lindqvist", how="handed", by=karin, now=now)
    again = actions.read_handed(handed.pk, by=karin, now=now)
    assert hashlib.sha256(bytes(again.content)).hexdigest() == handed.sha256
    assert "Grannen Ulla Ek på Björkvägen 14 ringde." in text_of(again)
    assert (again.to_name, again.how, again.by_name) == ("Astrid Lindqvist", "handed", "Karin Ekdal")
    with pytest.raises(PermanentRow):
        HandedOut.objects.filter(pk=handed.pk).update(content=b"")


def test_a_second_press_hands_out_nothing_more(asked, note, karin, now):
    judged(asked, note, OWN, karin, now)
    first = actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now)
    assert actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now) == first
    with pytest.raises(DisclosureRefused, match="redan utlämnat"):
        judged(asked, note, OWN, karin, now)


def test_what_is_masked_is_gone_from_the_file_and_not_under_a_black_box(asked, note, karin, maria, now):
    masked = Judgement(
        "masked", ground="own", refusal="harm", harm_test=HARM, masked=("Ulla Ek", "Björkvägen  14")
    )
    judged(asked, note, masked, karin, now)
    actions.decide_disclosure(asked, "Uppgifterna rör en annan person.", by=maria, now=now)
    (handed,) = actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now)
    text = text_of(handed)
    assert "Grannen [maskat] på [maskat] ringde." in text
    assert "Ulla" not in text
    assert b"Ulla" not in bytes(handed.content)


def test_a_passage_that_does_not_stand_in_the_note_is_told_before_anything_leaks(asked, note, karin, now):
    wrong = Judgement("masked", ground="own", refusal="harm", harm_test=HARM, masked=("Ulla Eck",))
    with pytest.raises(DisclosureRefused, match="finns inte i handlingen"):
        judged(asked, note, wrong, karin, now)


@pytest.mark.parametrize(
    ("judgement", "words"),
    [
        (Judgement("whole"), "grund"),
        (Judgement("refused", refusal="harm"), "skadeprövning"),
        (Judgement("refused", harm_test=HARM), "bestämmelse"),
        (Judgement("whole", ground="no_harm"), "skadeprövning"),
        (Judgement("whole", ground="breaking_rule", harm_test=HARM), "sekretessbrytande"),
        (Judgement("masked", ground="own", refusal="harm", harm_test=HARM), "stycken"),
    ],
)
def test_a_judgement_says_what_its_kind_takes(asked, note, karin, now, judgement, words):
    with pytest.raises(DisclosureRefused, match=words):
        judged(asked, note, judgement, karin, now)


def test_a_refusal_is_written_by_the_manager_with_reasons_and_the_court_to_appeal_to(
    asked, note, karin, maria, now
):
    judged(asked, note, Judgement("refused", refusal="harm", harm_test=HARM), karin, now)
    with pytest.raises(Refused):
        actions.decide_disclosure(asked, "Uppgifterna rör en annan person.", by=karin, now=now)
    with pytest.raises(DisclosureRefused, match="skälen"):
        actions.decide_disclosure(asked, "", by=maria, now=now)
    decision = actions.decide_disclosure(asked, "Uppgifterna rör en annan person.", by=maria, now=now)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(decision.pdf)).pages).split())
    for words in (
        "lämnas inte ut",
        "26 kap. 1 §",
        "rör en annan person",
        "kammarrätten",
        "tre veckor",
        "Maria Lundell",
    ):
        assert words in text
    assert "Ulla" not in text, "the answer must not tell what it refuses"
    assert "Grannens namn" not in text
    with pytest.raises(DisclosureRefused, match="Inget av det begärda"):
        actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now)


def test_nothing_masked_is_handed_out_before_the_written_answer(asked, note, karin, maria, now):
    masked = Judgement("masked", ground="own", refusal="harm", harm_test=HARM, masked=("Ulla Ek",))
    judged(asked, note, OWN, karin, now)
    actions.decide_disclosure(asked, by=karin, now=now)
    judged(asked, note, masked, karin, now + timedelta(minutes=1))
    with pytest.raises(DisclosureRefused, match="beslutas skriftligt"):
        actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now + timedelta(minutes=2))


def test_judged_anew_is_a_new_row_and_the_newest_counts(asked, note, karin, now):
    judged(asked, note, OWN, karin, now)
    judged(
        asked, note, Judgement("refused", refusal="harm", harm_test=HARM), karin, now + timedelta(minutes=1)
    )
    assert DisclosureItem.objects.count() == 2
    assert [row.verdict for row in queries.judged(asked).values()] == ["refused"]


def test_a_received_file_goes_out_unchanged_or_not_at_all(asked, assigned_case, karin, now):
    content = b"%PDF-1.7\n%%EOF\n"
    told = Received(
        "certificate", "Intyg", "Vårdcentralen", date(2026, 3, 1), "post", "health", "intyg.pdf", content
    )
    document = actions.receive(assigned_case, told, by=karin, now=now)
    masked = Judgement("masked", ground="own", refusal="harm", harm_test=HARM, masked=("EOF",))
    with pytest.raises(DisclosureRefused, match="hel eller inte alls"):
        actions.judge(asked, "records.receiveddocument", document.pk, masked, by=karin, now=now)
    actions.judge(asked, "records.receiveddocument", document.pk, OWN, by=karin, now=now)
    (handed,) = actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now)
    assert bytes(handed.content) == content


def test_of_a_protected_person_every_item_is_tried_for_harm(asked, note, astrid, karin, now):
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    asked.refresh_from_db()
    with pytest.raises((DisclosureRefused, Refused)):
        judged(asked, note, OWN, karin, now)


@pytest.mark.parametrize("who", ["johan_elsewhere", "petra", "anders", "ola", "sara", "fatima", "sven"])
def test_nobody_else_answers_it(request, asked, note, karin, now, who, asvalla):
    from tests.people import staff

    stranger = (
        staff(asvalla, "Jon Ask", "case_worker", "Andra enheten") if who == "johan_elsewhere"
        else request.getfixturevalue(who)
    )  # fmt: skip
    with pytest.raises(Refused):
        judged(asked, note, OWN, stranger, now)


def test_another_branch_sees_nothing_of_the_request(asked, fatima):
    with tenancy.acting(fatima.municipality_id, fatima.compartments, fatima.user_id):
        assert list(queries.requests(fatima)) == []
        assert DisclosureItem.objects.count() == 0


# Opposing parties -------------------------------------------------------------------------------------------


@pytest.fixture
def custody(born, nils, vera, registrar, now):
    """A matter of custody: Maja lives at Ängsvägen 3, and Erik, the father, must not find her there."""
    maja, erik = born(date(1990, 5, 4), "Maja", "Ström"), born(date(1990, 5, 6), "Erik", "Berg", serial=1)
    Person.objects.filter(pk=maja.pk).update(street="Ängsvägen 3", postcode="99145", city="Lövhult")
    maja.refresh_from_db()
    sent = cases.register_application(
        "court_statement", maja, {}, found_on=date(2026, 3, 2), how=Channel.EMAIL, by=nils, now=now
    )
    case = cases.assign_case(sent.cases.get(), User.objects.get(pk=nils.user_id), by=vera, now=now)
    add_party(case, erik, "opposing_party", by=nils, now=now)
    return case, maja, erik


def test_the_father_is_not_handed_where_the_mother_lives(custody, nils, reach, write, now):
    case, maja, erik = custody
    reach(nils, maja)
    file = journal.open_file(maja, by=nils, now=now - timedelta(days=1))
    note = write(nils, file, "Maja bor på Ängsvägen 3 sedan i höstas. Samtal om Saga.")
    told = Asked("party", erik.full_name, date(2026, 3, 2), "post", "Allt i ärendet", erik)
    asked = actions.register_request(maja, case.compartment, told, client_id=uuid4(), by=nils, now=now)
    actions.judge(asked, "journal.note", note.pk, Judgement("whole", ground="party"), by=nils, now=now)
    with pytest.raises(DisclosureRefused, match="skyddade uppgift") as refused:
        actions.hand_out(asked, to_name="Erik Berg", how="letter", by=nils, now=now)
    assert "Ängsvägen" not in str(refused.value)
    assert not HandedOut.objects.exists()


def test_masked_it_may_go_to_the_father_after_the_written_answer(custody, nils, vera, reach, write, now):
    case, maja, erik = custody
    reach(nils, maja)
    file = journal.open_file(maja, by=nils, now=now - timedelta(days=1))
    note = write(nils, file, "Maja bor på Ängsvägen 3 sedan i höstas. Samtal om Saga.")
    told = Asked("party", erik.full_name, date(2026, 3, 2), "post", "Allt i ärendet", erik)
    asked = actions.register_request(maja, case.compartment, told, client_id=uuid4(), by=nils, now=now)
    masked = Judgement(
        "masked", ground="party", refusal="party_limit", harm_test="Han får inte veta var hon bor.",
        masked=("Ängsvägen 3",),
    )  # fmt: skip
    actions.judge(asked, "journal.note", note.pk, masked, by=nils, now=now)
    actions.decide_disclosure(asked, "Synnerlig vikt att adressen inte röjs.", by=vera, now=now)
    (handed,) = actions.hand_out(asked, to_name="Erik Berg", how="letter", by=nils, now=now)
    assert "Maja bor på [maskat] sedan i höstas." in text_of(handed)


# The citizen ------------------------------------------------------------------------------------------------


def test_astrid_asks_follows_and_fetches_what_was_handed_out(
    assigned_case, astrid_online, astrids_file, karin, write, reach, astrid, client_of, now
):
    browser = client_of(astrid_online)
    sent = {"branches": ["1"], "what": "Hela min akt", "submission_key": str(uuid4())}
    first = browser.post("/citizen/my-file/ask/", sent)
    assert first.status_code == 302
    assert browser.post("/citizen/my-file/ask/", sent)["Location"] == first["Location"]
    (asked,) = queries.my_requests(astrid_online)
    assert asked.unit_id == karin.unit_id
    assert "Vi har fått din begäran" in browser.get("/citizen/my-file/").content.decode()

    reach(karin, astrid)
    note = write(karin, astrids_file, "Astrid mår bra.")
    judged(asked, note, OWN, karin, now)
    (handed,) = actions.hand_out(asked, to_name="Astrid Lindqvist", how="e_service", by=karin, now=now)
    page = browser.get("/citizen/my-file/").content.decode()
    assert "Klart att hämta" in page
    answer = browser.get(f"/citizen/my-file/handed/{handed.pk}/")
    assert answer.content == bytes(handed.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    handed.refresh_from_db()
    assert handed.collected_at
    assert AuditEvent.objects.filter(verb="records.collect", person_id=astrid.pk).count() == 1


def test_anna_fetches_nothing_that_was_handed_out_to_astrid(
    asked, note, karin, anna_online, astrid, client_of, now
):
    judged(asked, note, OWN, karin, now)
    (handed,) = actions.hand_out(asked, to_name="Astrid", how="e_service", by=karin, now=now)
    browser = client_of(anna_online)
    assert browser.get(f"/citizen/my-file/handed/{handed.pk}/").status_code == 404
    assert browser.get(f"/citizen/my-file/answers/{asked.pk}/").status_code == 404
    assert asked.reference not in browser.get("/citizen/my-file/").content.decode()


def test_what_was_handed_over_in_person_is_not_in_the_e_service(
    asked, note, karin, astrid_online, client_of, now
):
    judged(asked, note, OWN, karin, now)
    (handed,) = actions.hand_out(asked, to_name="Astrid", how="handed", by=karin, now=now)
    assert client_of(astrid_online).get(f"/citizen/my-file/handed/{handed.pk}/").status_code == 404


def test_a_request_to_a_branch_without_a_file_is_answered_like_any_other(assigned_case, astrid_online, now):
    made = actions.ask_for_own_file([1, 4, 99], "Allt", client_id=uuid4(), by=astrid_online, now=now)
    assert [row.compartment for row in made] == [1, 4]
    assert [row.unit_id is None for row in made] == [False, True]
    assert {queries.stage(row) for row in queries.my_requests(astrid_online)} == {"asked"}


def test_a_protected_citizen_meets_the_same_page_as_anyone_the_service_fails(
    astrid_online, astrid, client_of
):
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    answer = client_of(astrid_online).get("/citizen/my-file/ask/")
    assert answer.status_code == 503
    assert "skydd" not in answer.content.decode().lower()


# Masking ----------------------------------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(["Ulla", "Ek", "på", "Björkvägen", "14", "ringde", "åter"]), min_size=1, max_size=12
)


@given(WORDS, st.integers(0, 11), st.integers(1, 4), st.sampled_from([" ", "\n", "  \n "]))
def test_whatever_is_masked_cannot_be_read_however_the_lines_are_broken(words, start, length, between):
    text = between.join(words)
    passage = " ".join(words[start % len(words) :][:length])
    left = masking.mask(text, [passage])
    assert passage not in " ".join(left.split())


@given(st.text(max_size=60), st.text(max_size=20))
def test_masking_never_fails_silently(text, passage):
    try:
        left = masking.mask(text, [passage])
    except masking.NotThere:
        assert passage.split()
        assert passage not in text
    else:
        assert not passage.split() or passage not in left or passage in masking.MARK
