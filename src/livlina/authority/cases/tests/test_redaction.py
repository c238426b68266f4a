"""After JO's case: a protected mother's workplace stood in the investigation that was communicated to the father."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from livlina.authority.cases import actions
from livlina.authority.cases.actions import StepRefused, letters, redaction
from livlina.authority.cases.actions.finding import Secret, Text, secrets_in_address, secrets_in_words
from livlina.authority.cases.actions.parties import add_party
from livlina.authority.cases.models import Case, CaseEvent, Communication, Document
from livlina.core.access import Actor, Refused, may, system
from livlina.core.calendar import Channel
from livlina.core.ids import test_number
from livlina.core.ids7 import uuid7
from livlina.core.models import User
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

WORKPLACE = "Norrbagarens bageri, Fabriksgatan 14"
REPORT: dict[str, Any] = {
    "custody_sources": "Tre samtal med vardera föräldern. Samtal med barnets lärare.",
    "party_view": "Maja vill ha ensam vårdnad.",
    "opposing_view": "Erik vill ha gemensam vårdnad.",
    "childs_own_view": "Saga vill bo hos sin mamma.",
    "child_best_custody": "Sagas behov av trygghet väger tyngst.",
    "custody_assessment": "Det finns en risk för att Saga far illa.",
    "custody_proposal": "Maja bör ha ensam vårdnad.",
    "answer_by": "2026-05-29",
}


def person(by: Actor, now: datetime, given: str, family: str, sex: str, serial: int, **more: Any) -> Person:
    """Register someone born in 1990."""
    number = test_number(date(1990, 5, 5), sex, serial)
    return people.register_person(
        given_names=given, family_name=family, number=number, by=by, now=now, **more
    )


@pytest.fixture
def maja(registrar: Actor, nils: Actor, now: datetime) -> Person:
    """Maja Ström, who lives where Erik must not find her."""
    found = person(
        registrar, now, "Maja", "Ström", "female", 5, street="Ängsvägen 3", postcode="99145", city="Lövhult"
    )
    people.add_contact(found, "mobile", "070-123 45 67", by=registrar, now=now)
    return found


@pytest.fixture
def erik_berg(registrar: Actor, now: datetime) -> Person:
    """Erik Berg, the father."""
    return person(
        registrar, now, "Erik", "Berg", "male", 6, street="Storgatan 9", postcode="99101", city="Åsvalla"
    )


@pytest.fixture
def custody(maja: Person, erik_berg: Person, nils: Actor, vera: Actor, now: datetime) -> Case:
    """The court has asked for an investigation; Nils has heard where Maja works and where Saga goes to school."""
    case = _begun(maja, erik_berg, nils, vera, now)
    hidden = {"party_workplace": WORKPLACE, "child_school": "Ekskolan"}
    actions.take_step(case, "note_where_found", by=nils, now=now, answers=hidden)
    return case


@pytest.fixture
def protected_custody(custody: Case, maja: Person, nils: Actor, now: datetime) -> Case:
    """Maja is given a protected identity; Nils is one of the named few."""
    people.set_protection(maja, "secrecy_marked", by=nils, now=now)
    return Case.objects.select_related("person").get(pk=custody.pk)


def _begun(one: Person, other: Person, nils: Actor, vera: Actor, now: datetime) -> Case:
    sent = actions.register_application(
        "court_statement", one, {}, found_on=date(2026, 3, 2), how=Channel.EMAIL, by=nils, now=now
    )
    case = actions.assign_case(sent.cases.get(), User.objects.get(pk=nils.user_id), by=vera, now=now)
    add_party(case, other, "opposing_party", by=nils, now=now)
    asked = {
        "court_question": "investigation", "asking_court": "Åsvalla tingsrätt", "court_case": "T 1-26",
        "court_day": "2026-07-01", "children_names": "Saga, född 2018", "violence_risk": "yes", "meet_apart": "yes",
    }  # fmt: skip
    actions.take_step(case, "begin_court_matter", by=nils, now=now, answers=asked)
    return case


def communicate(case: Case, nils: Actor, now: datetime, **changed: str) -> list[Document]:
    """Send the investigation to both and return the letters."""
    actions.take_step(case, "communicate_both", by=nils, now=now, answers={**REPORT, **changed})
    return list(Document.objects.filter(case=case, kind="court_communication"))


def refusal(case: Case, nils: Actor, now: datetime, **changed: str) -> str:
    """What the worker is told when the investigation is stopped."""
    with pytest.raises(StepRefused) as stopped:
        communicate(case, nils, now, **changed)
    return str(stopped.value)


@pytest.mark.parametrize("written", ["short", "long", "plain"])
def test_the_number_of_a_protected_parent_is_stopped_however_it_is_written(
    protected_custody: Case, maja: Person, nils: Actor, now: datetime, written: str
) -> None:
    number = maja.numbers.get().value.value
    shown = {"short": f"{number[2:8]}-{number[8:]}", "long": f"{number[:8]}-{number[8:]}", "plain": number}
    told = refusal(protected_custody, nils, now, custody_sources=f"Samtal med {shown[written]} den 2 mars.")
    assert "skyddade personuppgifter" in told
    assert number[8:] not in told


def test_each_parent_gets_a_letter_of_their_own(
    custody: Case, erik_berg: Person, nils: Actor, now: datetime
) -> None:
    sent = communicate(custody, nils, now)
    assert {letter.recipient_id for letter in sent} == {custody.person_id, erik_berg.pk}
    to_erik = next(letter for letter in sent if letter.recipient_id == erik_berg.pk)
    assert "Storgatan 9" in to_erik.data["person"]["postal_address"]
    assert "Ängsvägen" not in str(to_erik.data)
    assert "party_workplace" not in to_erik.data["facts"]


@pytest.mark.parametrize(
    "slip",
    [
        "Maja arbetar på Norrbagarens bageri.",
        "Hon trivs på bageriet, Norrbagarens, sedan i höstas.",
        "Hon arbetar på NORRBAGARENS  BAGERI",
        "Arbetet ligger på fabriksgatan.",
        "Hon bor på Ängs-vägen 3.",
        "Hon bor på ängsvägen sedan i juni.",
        "Hon nås på +46 70 123 4567.",
        "Hon nås på 0701234567.",
        "Brev går till 991 45.",
        "Saga går i Ekskolans förskoleklass.",
        "Referens: hennes chef i Lövhult.",
    ],
)
def test_a_protected_mothers_workplace_does_not_reach_the_father_through_the_investigation(
    slip: str, protected_custody: Case, nils: Actor, now: datetime
) -> None:
    said = refusal(protected_custody, nils, now, custody_sources=f"Tre samtal.\n\n{slip}")
    assert "”Underlag för utredningen" in said, "the worker is told where"
    assert "skyddade personuppgifter" in said or "annan part" in said
    for word in re.findall(r"\w{5,}", slip):
        assert word not in said or word in "Referens: arbetar Saga", "and never what"


def test_with_the_check_switched_off_the_workplace_gets_through_and_the_test_sees_it(
    protected_custody: Case, erik_berg: Person, nils: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "leaks_in", lambda *given: [])
    sent = communicate(protected_custody, nils, now, custody_sources="Maja arbetar på Norrbagarens bageri.")
    to_erik = next(letter for letter in sent if letter.recipient_id == erik_berg.pk)
    assert "Norrbagarens bageri" in to_erik.data["facts"]["custody_sources"]


def test_nothing_is_written_when_a_letter_is_stopped(
    protected_custody: Case, nils: Actor, now: datetime
) -> None:
    before = Document.objects.filter(case=protected_custody).count()
    refusal(protected_custody, nils, now, custody_assessment="Maja nås på 070-123 45 67.")
    protected_custody.refresh_from_db()
    assert protected_custody.state == "examining"
    assert Document.objects.filter(case=protected_custody).count() == before


def test_a_protected_identity_is_never_confirmed_away(
    protected_custody: Case, erik_berg: Person, nils: Actor, now: datetime
) -> None:
    with pytest.raises(StepRefused, match="skyddade personuppgifter"):
        redaction.confirm_disclosure(
            protected_custody, erik_berg, protected_custody.person,
            reason="Han vet redan var hon arbetar.", by=nils, now=now,
        )  # fmt: skip


def test_of_others_a_worker_may_let_it_pass_with_a_reason_that_stays(
    custody: Case, erik_berg: Person, maja: Person, nils: Actor, now: datetime
) -> None:
    slip = "Maja bor kvar på Ängsvägen 3, där Erik hämtar Saga varje fredag."
    assert "bekräfta med skäl" in refusal(custody, nils, now, custody_sources=slip)
    with pytest.raises(StepRefused, match="Skriv varför"):
        redaction.confirm_disclosure(custody, erik_berg, maja, reason="ok", by=nils, now=now)
    redaction.confirm_disclosure(
        custody, erik_berg, maja, reason="Han hämtar Saga där varje vecka.", by=nils, now=now
    )
    assert communicate(custody, nils, now, custody_sources=slip)
    kept = CaseEvent.objects.get(case=custody, step="confirm_disclosure")
    assert "Han hämtar Saga där varje vecka." in kept.label
    assert "Ängsvägen" not in str(kept.detail)


def test_a_confirmation_holds_for_its_day_and_its_worker_alone(
    custody: Case, erik_berg: Person, maja: Person, nils: Actor, vera: Actor, now: datetime
) -> None:
    redaction.confirm_disclosure(custody, erik_berg, maja, reason="Han hämtar där.", by=nils, now=now)
    texts = [("Underlag", "Ängsvägen 3")]
    redaction.demand_clean(custody, erik_berg, texts, by=nils, now=now)
    for by, moment in ((vera, now), (nils, now + timedelta(days=1))):
        with pytest.raises(redaction.Withheld):
            redaction.demand_clean(custody, erik_berg, texts, by=by, now=moment)


def test_a_letter_made_before_the_protection_is_not_sent_after_it(
    custody: Case, erik_berg: Person, maja: Person, nils: Actor, now: datetime
) -> None:
    redaction.confirm_disclosure(custody, erik_berg, maja, reason="Han hämtar där.", by=nils, now=now)
    sent = communicate(custody, nils, now, custody_sources="Maja bor på Ängsvägen 3.")
    people.set_protection(maja, "secrecy_marked", by=nils, now=now)
    to_erik = next(letter for letter in sent if letter.recipient_id == erik_berg.pk)
    with pytest.raises(redaction.Withheld):
        letters.mark_sent(Document.objects.get(pk=to_erik.pk), by=nils, now=now)


def test_what_goes_to_the_court_is_read_for_both(protected_custody: Case, nils: Actor, now: datetime) -> None:
    communicate(protected_custody, nils, now)
    sent = {
        "court_sent_on": "2026-06-01",
        "court_sent_how": "Säker e-post",
        "party_answer": "Jag jobbar på Norrbagarens bageri.",
    }
    with pytest.raises(StepRefused, match="synpunkter"):
        actions.take_step(protected_custody, "send_to_court", by=nils, now=now, answers=sent)


def test_a_stranger_from_another_branch_neither_opens_nor_confirms(
    custody: Case, erik_berg: Person, maja: Person, fatima: Actor, now: datetime
) -> None:
    with pytest.raises(Refused):
        redaction.confirm_disclosure(
            custody, erik_berg, maja, reason="Jag vill se vad som händer.", by=fatima, now=now
        )
    with pytest.raises(Refused):
        actions.take_step(custody, "communicate_both", by=fatima, now=now, answers=REPORT)


def test_ones_own_address_is_no_secret_to_oneself(
    custody: Case, erik_berg: Person, nils: Actor, now: datetime
) -> None:
    assert (
        redaction.leaks_in(custody, erik_berg, [("Text", "Erik bor på Storgatan 9, 991 01 Åsvalla.")]) == []
    )
    assert redaction.leaks_in(custody, custody.person, [("Text", "Erik bor på Storgatan 9.")]) != []


def test_an_ordinary_case_has_nothing_to_hide(ready_case: Case) -> None:
    assert redaction.leaks_in(ready_case, ready_case.person, [("Text", "Björkvägen 12")]) == []


def test_a_communication_by_word_of_mouth_is_read_too(
    ready_case: Case, bertil: Person, karin: Actor, now: datetime
) -> None:
    add_party(ready_case, bertil, "opposing_party", by=karin, now=now)
    actions.investigate_more(ready_case, by=karin, now=now)
    with pytest.raises(redaction.Withheld):
        actions.communicate(
            ready_case,
            what="Bertil bor på Kvarngatan 7.",
            how="oral",
            answer_by=date(2026, 3, 30),
            by=karin,
            now=now,
        )
    assert Communication.objects.filter(case=ready_case).count() == 1


STREETS = st.sampled_from(["Ängsvägen 3", "Fabriksgatan 14 B", "Norra Strandvägen 101", "Björkallén 7"])
PLAIN = "barnet trivs vill bo hos skolan möte föräldern hem den i på"
WORDS = st.lists(st.sampled_from(PLAIN.split()), max_size=12)
DRESSED = [
    str.upper, str.lower, str.title,
    lambda text: text.replace(" ", "  "),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace(" ", "\n"),
    lambda text: text + "s",
    lambda text: f"({text})",
    lambda text: "\u00ad".join(text),
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STREETS, WORDS, WORDS, st.sampled_from(DRESSED), st.booleans())
@example("Ängsvägen 3", [], [], str.upper, True)
def test_an_address_is_found_however_it_is_written(
    street: str, before: list[str], after: list[str], dress: Any, without_number: bool
) -> None:
    shown = re.sub(r"\s\d.*$", "", street) if without_number else street
    text = Text(" ".join([*before, dress(shown), *after]))
    assert any(text.holds(secret) for secret in secrets_in_address(street, uuid7(), True))


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"07[02369]\d{7}", fullmatch=True), st.data())
def test_a_telephone_number_is_found_however_it_is_grouped(number: str, data: Any) -> None:
    head = data.draw(st.sampled_from(["0", "+46 ", "0046", "+46(0)"]))
    shown = head + "".join(
        digit + data.draw(st.sampled_from(["", " ", "-", " - ", "."])) for digit in number[1:]
    )
    text = Text(f"Hon nås på {shown} efter klockan fem.")
    assert text.holds(Secret(uuid7(), "number", number, True))


@given(WORDS)
def test_ordinary_words_are_not_taken_for_a_secret(words: list[str]) -> None:
    text = Text(" ".join(words))
    found = secrets_in_words(WORKPLACE, uuid7(), True) + secrets_in_address(
        "Ängsvägen 3\n991 45", uuid7(), True
    )
    assert not any(text.holds(secret) for secret in found)


@pytest.fixture(autouse=True)
def _quiet_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of a letter are another test's: here its text is read."""
    monkeypatch.setattr(letters, "render_pdf", lambda said, title: said.encode())


def send(browser: Any, address: str, **said: object) -> Any:
    """Post a form as the page does, with a key of its own."""
    return browser.post(address, {"submission_key": str(uuid7()), **said})


def test_the_worker_writes_in_the_other_party_and_confirms_on_pages(
    maja: Person, erik_berg: Person, nils: Actor, vera: Actor, client_of: Any, now: datetime
) -> None:
    sent = actions.register_application(
        "court_statement", maja, {}, found_on=date(2026, 3, 2), how=Channel.EMAIL, by=nils, now=now
    )
    case = actions.assign_case(sent.cases.get(), User.objects.get(pk=nils.user_id), by=vera, now=now)
    browser, at = client_of(nils), f"/officer/cases/{case.pk}"
    number = str(erik_berg.numbers.get().value.value)
    assert send(browser, f"{at}/parties", part="opposing_party", number="x").status_code == 422
    people.grant_reach(
        erik_berg, nils.unit_id, source="test", reason="case", by=system(case.municipality_id), now=now
    )
    assert send(browser, f"{at}/parties", part="opposing_party", number=number).status_code == 302
    assert "Erik Berg" in browser.get(f"{at}/parties").content.decode()
    both = {"about": str(maja.pk), "recipient": str(erik_berg.pk)}
    assert send(browser, f"{at}/disclose", reason="kort", **both).status_code == 422
    assert send(browser, f"{at}/disclose", reason="Han hämtar Saga där.", **both).status_code == 302
    assert CaseEvent.objects.filter(case=case, step="confirm_disclosure").count() == 1
    party = case.parties.get()
    assert send(browser, f"{at}/parties/{party.pk}/end").status_code == 302
    party.refresh_from_db()
    assert party.ends_on is not None


def test_a_party_does_not_see_the_letters_of_the_other_in_the_e_service(
    custody: Case, maja: Person, erik_berg: Person, nils: Actor, citizen: Any, now: datetime
) -> None:
    letters_of = {letter.recipient_id: letter for letter in communicate(custody, nils, now)}
    for letter in letters_of.values():
        letters.mark_sent(letter, by=nils, now=now)
    her, him = citizen(maja), citizen(erik_berg)
    assert may(her, "cases.letter", letters_of[maja.pk])
    assert not may(her, "cases.letter", letters_of[erik_berg.pk])
    assert not may(him, "cases.letter", letters_of[maja.pk])
