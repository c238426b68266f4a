"""What an officer decides beside the process's own steps, page by page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.models import Case, Communication, Decision, Document
from livlina.core import clock

ONE_LINE = {
    "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0", "line-0-service": "personal_care", "line-0-granted": "yes",
    "line-0-valid_from": "2026-03-09", "line-0-valid_to": "2027-03-08",
}  # fmt: skip


@pytest.fixture
def karins(client_of, karin):
    """Karin's browser."""
    return client_of(karin)


@pytest.fixture(autouse=True)
def that_monday(monkeypatch, now) -> None:
    """The pages are opened the Monday the case came in."""
    monkeypatch.setattr(clock, "now", lambda: now)


def text(answer):
    return " ".join(answer.content.decode().split())


def page_of(browser, name, key):
    return text(browser.get(reverse(f"cases:{name}", args=[key])))


def test_the_case_page_leads_to_what_may_be_done_beside_the_steps(karins, ready_case, partly_granted):
    page = page_of(karins, "case", partly_granted.case_id)
    assert reverse("cases:change", args=[partly_granted.pk]) in page
    assert reverse("cases:correct", args=[partly_granted.pk]) in page
    assert "Interimistiskt beslut</a>" not in page


def test_before_the_decision_karin_may_grant_in_the_meantime_or_hand_to_the_board(karins, ready_case):
    page = page_of(karins, "case", ready_case.pk)
    for words in ("Interimistiskt beslut</a>", "Lämna till nämnden</a>", "Begäran om att ärendet avgörs</a>"):
        assert words in page


def test_the_interim_decision_is_read_and_then_signed(karins, investigated_case, delegation):
    address = reverse("cases:interim", args=[investigated_case.pk])
    typed = ONE_LINE | {"line-0-quantity": "12", "reasons": "Hon kan inte vänta."}
    bare = karins.post(address, typed | {"line-0-valid_to": "", "do": "check"})
    assert bare.status_code == 422
    assert "ska ha en sista dag" in text(bare)
    check = text(karins.post(address, typed | {"do": "check"}))
    assert "dock längst till och med 2027-03-08" in check
    assert not Decision.objects.exists()
    assert karins.post(address, typed | {"do": "sign"}).status_code == 302
    page = page_of(karins, "case", investigated_case.pk)
    assert "Interimistiskt: bifall" in page
    assert "Skriv utredningen" in page


def test_the_outcomes_of_the_process_may_be_chosen_and_a_dismissal_has_no_lines(karins, ready_case):
    address = reverse("cases:decide", args=[ready_case.pk])
    page = text(karins.get(address))
    assert "Avvisning" in page
    assert "Återkallelse" not in page  # there is nothing to take back yet
    typed = ONE_LINE | {
        "line-0-quantity": "4",
        "outcome": "dismissed",
        "reasons": "Ansökan är för sent inkommen.",
    }
    refused = karins.post(address, typed | {"do": "check"})
    assert "beviljar och avslår ingenting" in text(refused)
    empty = {
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
        "outcome": "dismissed",
        "reasons": "Fel myndighet.",
    }
    assert karins.post(address, empty | {"do": "sign"}).status_code == 302
    assert Document.objects.get(decision=Decision.objects.get()).kind == "decision_dismissed"


def test_the_reservation_has_a_condition_of_its_own(karins, ready_case):
    typed = ONE_LINE | {
        "line-0-quantity": "4", "follow_up_on": "2026-09-09", "reserved_for": "needs", "reservation": "Prövas i mars.",
        "do": "sign",
    }  # fmt: skip
    karins.post(reverse("cases:decide", args=[ready_case.pk]), typed)
    decision = Decision.objects.get()
    assert decision.reserved_for == "needs"
    assert decision.reservation == "Om behoven minskar eller upphör. Prövas i mars."


def test_the_board_s_decision_says_who_presented_it(client_of, eva, ready_case):
    browser = client_of(eva)
    address = reverse("cases:decide", args=[ready_case.pk])
    assert 'value="Karin Ekdal"' in text(browser.get(address))
    typed = ONE_LINE | {"line-0-quantity": "80", "follow_up_on": "2026-09-09"}
    assert "vem som föredrog" in text(browser.post(address, typed | {"do": "check"}))
    browser.post(address, typed | {"presented_by": "Karin Ekdal", "do": "sign"})
    decision = Decision.objects.get()
    assert (decision.presented_by, decision.delegation_text) == ("Karin Ekdal", "Beslutat av nämnden")


def test_a_change_to_the_worse_is_refused_until_its_ground_is_chosen(karins, karin, ready_case, now):
    signed = ONE_LINE | {"line-0-quantity": "12", "follow_up_on": "2026-09-09", "do": "sign"}
    karins.post(reverse("cases:decide", args=[ready_case.pk]), signed)
    decision = Decision.objects.get()
    address = reverse("cases:change", args=[decision.pk])
    assert "Beslutet har inget förbehåll" in text(karins.get(address))
    typed = ONE_LINE | {
        "line-0-quantity": "6", "outcome": "changed", "reasons": "Uppgifterna om hushållet var fel.", "heard": "silent",
    }  # fmt: skip
    refused = karins.post(address, typed | {"do": "check"})
    assert refused.status_code == 422
    assert "bara på någon av grunderna i 37 § förvaltningslagen" in text(refused)
    check = text(karins.post(address, typed | {"harm_ground": "misled", "do": "check"}))
    assert "Ändring efter omprövning" in check
    karins.post(address, typed | {"harm_ground": "misled", "do": "sign"})
    page = page_of(karins, "case", ready_case.pk)
    assert "oriktiga eller vilseledande uppgifter" in page
    assert Decision.objects.get(number=2).harm_ground == "misled"


def test_a_slip_is_corrected_on_its_page(karins, partly_granted):
    address = reverse("cases:correct", args=[partly_granted.pk])
    page = text(karins.get(address))
    assert 'value="12"' in page
    lines = {
        "line-TOTAL_FORMS": "3", "line-INITIAL_FORMS": "0",
        "line-0-service": "personal_care", "line-0-granted": "yes", "line-0-quantity": "21",
        "line-0-valid_from": "2026-03-09", "line-0-valid_to": "2027-03-08",
        "line-1-service": "cleaning", "line-1-granted": "yes", "line-1-quantity": "4",
        "line-1-valid_from": "2026-03-09", "line-1-valid_to": "2027-03-08",
        "line-2-service": "company", "line-2-granted": "no", "line-2-quantity": "8",
    }  # fmt: skip
    typed = lines | {"reason": "12 skulle vara 21.", "heard": "needless", "heard_words": "Bara till fördel."}
    other = karins.post(
        address, typed | {"line-2-granted": "yes", "line-2-valid_from": "2026-03-09", "do": "check"}
    )
    assert "En rättelse ändrar inte utgången" in text(other)
    assert karins.post(address, typed | {"do": "sign"}).status_code == 302
    assert Decision.objects.get(number=2).relation == "corrects"


def test_a_request_to_decide_is_registered_and_refused_on_one_page(
    karins, investigated_case, delegation, monkeypatch, now
):
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=190))
    address = reverse("cases:request_to_decide", args=[investigated_case.pk])
    early = karins.post(address, {"came_in": "2026-04-01"})
    assert early.status_code == 422
    assert "tidigast sex månader" in text(early)
    assert karins.post(address, {"came_in": "2026-09-07"}).status_code == 302
    assert "Avslå begäran" in text(karins.get(address))
    refusal = reverse("cases:refuse_request", args=[investigated_case.pk])
    assert karins.post(refusal, {"reasons": ""}).status_code == 422
    assert karins.post(refusal, {"reasons": "Läkarintyget kommer i oktober."}).status_code == 302
    assert "Avslag på begäran om avgörande" in page_of(karins, "case", investigated_case.pk)


def test_not_communicating_is_asked_and_written_down(karins, karin, assigned_case, now):
    actions.open_investigation(assigned_case, by=karin, now=now)
    address = reverse("cases:waive", args=[assigned_case.pk])
    assert "uppenbart obehövligt" in text(karins.get(address))
    assert karins.post(address, {"reason": "Nej"}).status_code == 422
    assert karins.post(address, {"reason": "Allt beviljas som det är sökt."}).status_code == 302
    assert Communication.objects.get().how == "waived"


@pytest.mark.parametrize("name", ["sara", "fatima", "petra", "anders", "sofia"])
def test_strangers_open_none_of_the_pages(request, client_of, name, partly_granted):
    browser = client_of(request.getfixturevalue(name))
    case, decision = partly_granted.case_id, partly_granted.pk
    pages = [("change", decision), ("correct", decision), ("interim", case), ("request_to_decide", case)]
    for page, key in [*pages, ("waive", case), ("refer", case)]:
        assert browser.get(reverse(f"cases:{page}", args=[key])).status_code == 404, page
        assert browser.post(reverse(f"cases:{page}", args=[key]), ONE_LINE).status_code == 404, page
    assert Case.objects.get(pk=case).decisions.count() == 1
    assert partly_granted.decided_on == date(2026, 3, 2)
