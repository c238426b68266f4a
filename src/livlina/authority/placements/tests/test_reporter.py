"""One who reported under duty is told one of three things by letter; nobody else is, and the family never reads it."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused, reports
from livlina.authority.cases.models import Document
from livlina.authority.placements.models import ReporterLetter
from livlina.authority.placements.tests.fixtures import CONCERN
from livlina.core.calendar import Channel
from livlina.core.models import User

SCHOOL = {
    "reporter_kind": "under_duty",
    "reporter_anonymous": "no",
    "reporter_name": "Maj Svensson",
    "reporter_contact": "070-174 06 05",
    "reporter_workplace": "Blåsippans skola, lärare",
}


@pytest.fixture
def reported(sofia, fatima, gunnar, nora, now):
    """Return a function: somebody reports concern about Nora, and Fatima has found that she is safe today."""

    def make(**reporter):
        _, (case,) = reports.register_report(
            CONCERN | {"concern_kinds": ["neglect"]} | reporter, [reports.ReportedChild(person=nora)],
            found_on=date(2026, 3, 2), how=Channel.PHONE, by=sofia, now=now,
        )  # fmt: skip
        cases.assign_case(case, User.objects.get(pk=fatima.user_id), by=gunnar, now=now)
        said = {"protection_assessed_on": "2026-03-02", "protection_assessment": "Hon är hos mormor i natt."}
        return cases.take_step(case, "assess_protection", by=fatima, now=now, answers=said).case

    return make


def decide(case, step, said, by, now):
    answers = {"prelim_assessment": "Pappans nya adress är okänd.", "feedback_on": "2026-03-02"}
    return cases.take_step(
        case, step, by=by, now=now, answers=answers | ({"feedback_said": said} if said else {})
    )


def text_of(letter):
    pages = PdfReader(BytesIO(bytes(letter.pdf))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("step", "said", "words"),
    [
        ("open_investigation", "opened", "En utredning har inletts."),
        ("do_not_open", "not_opened", "En utredning har inte inletts."),
    ],
)
def test_the_school_is_told_what_was_decided_and_nothing_of_the_child(
    reported, nora, fatima, now, step, said, words
):
    case = reported(**SCHOOL)
    decide(case, step, said, fatima, now)
    letter = ReporterLetter.objects.get(case=case)
    text = text_of(letter)
    assert (letter.recipient_name, letter.recipient_contact) == ("Maj Svensson", "070-174 06 05")
    assert words in text
    assert "Maj Svensson" in text
    for secret in ("Nora", "Blom", "mormor", "adress", "gå hem"):
        assert secret not in text


def test_a_neighbour_is_told_nothing_named_or_not(reported, fatima, now):
    case = reported(**(SCHOOL | {"reporter_kind": "private"}))
    with pytest.raises(StepRefused, match="bara den som är skyldig"):
        decide(case, "open_investigation", "opened", fatima, now)
    decide(case, "open_investigation", None, fatima, now)
    assert not ReporterLetter.objects.exists()


def test_nobody_is_written_to_unless_the_worker_says_what_is_told(reported, fatima, now):
    decide(reported(**SCHOOL), "open_investigation", None, fatima, now)
    assert not ReporterLetter.objects.exists()


def test_the_letter_is_no_letter_of_the_case_and_is_opened_by_its_workers_alone(
    reported, fatima, karin, tove, client_of, now
):
    case = reported(**SCHOOL)
    decide(case, "open_investigation", "opened", fatima, now)
    letter = ReporterLetter.objects.get()
    assert not Document.objects.filter(recipient_name="Maj Svensson").exists()
    at = reverse("placements:told", args=[letter.pk])
    browser = client_of(fatima)
    assert at in browser.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert browser.get(at).content == bytes(letter.pdf)
    for stranger in (karin, tove):
        assert client_of(stranger).get(at).status_code == 404
