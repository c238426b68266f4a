"""Reports of concern: one document, one intake for each child, from the day it came in; and by anyone at all."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import StepRefused, reports
from livlina.authority.cases.actions.facts import current_facts
from livlina.authority.cases.actions.reports import ReportedChild
from livlina.authority.cases.models import Case, ConcernReport, Deadline
from livlina.authority.cases.queries.reports import report_page, unsorted_reports
from livlina.authority.cases.queries.worklist import worklist
from livlina.core import tenancy
from livlina.core.access import Refused, system
from livlina.core.calendar import Channel
from livlina.core.ids import test_number
from livlina.core.models import User
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

SAID = {
    "children_described": "Elsa och Leo på Blåsippans förskola.",
    "concern_about": "De kommer hungriga och säger att ingen är hemma på kvällarna.",
    "concern_kinds": ["neglect"],
    "danger_now": "no",
    "reporter_kind": "under_duty",
    "reporter_name": "Maj Svensson",
    "reporter_contact": "070-000 00 00",
    "reporter_workplace": "Blåsippans förskola",
}
ANONYMOUS = {
    "children_described": "En flicka på Kvarngatan 7.",
    "concern_about": "Jag hör skrik varje kväll.",
    "concern_kinds": ["violence"],
    "danger_now": "no",
    "reporter_kind": "private",
    "reporter_anonymous": "yes",
    "reporter_name": "Skrev det ändå",
}
FRIDAY = date(2026, 2, 27)


def child(registrar, now, given, born, serial):
    number = test_number(born, "female", serial)
    return people.register_person(given_names=given, family_name="Blom", number=number, by=registrar, now=now)


@pytest.fixture
def elsa(registrar, now) -> Person:
    return child(registrar, now, "Elsa", date(2021, 5, 4), 3)


@pytest.fixture
def leo(registrar, now) -> Person:
    return child(registrar, now, "Leo", date(2019, 9, 9), 4)


@pytest.fixture
def siblings_report(sofia, fatima, gunnar, elsa, leo, now):
    """Sofia at reception takes down the preschool's report about two siblings, on Monday; it came by e-mail on Friday."""
    children = [ReportedChild(person=elsa), ReportedChild(person=leo)]
    return reports.register_report(SAID, children, found_on=FRIDAY, how=Channel.EMAIL, by=sofia, now=now)


def test_a_report_about_siblings_is_one_document_and_an_intake_for_each(siblings_report, elsa, leo):
    report, cases = siblings_report
    assert [case.person for case in cases] == [elsa, leo]
    assert {case.process_code for case in cases} == {"child_concern"}
    assert len({case.number for case in cases}) == 2
    assert [row.case for row in report.reported.order_by("id")] == cases
    assert all(case.compartment == 4 and case.unit.name == "Barn och unga" for case in cases)
    assert ConcernReport.objects.count() == 1


def test_the_clocks_count_from_the_day_it_came_in_and_not_from_registration(siblings_report):
    for case in siblings_report[1]:
        due = dict(Deadline.objects.filter(case=case).values_list("name", "strict_date"))
        assert due == {"protection_in_time": date(2026, 2, 28), "prelim_in_time": date(2026, 3, 13)}
        assert (case.received_on, case.registered_on, case.back_dated) == (FRIDAY, date(2026, 3, 2), True)


def test_who_reported_stands_in_the_report_and_not_in_the_childs_case(siblings_report, fatima, now):
    report, (case, _) = siblings_report
    facts = current_facts(case)
    assert facts["concern_kinds"] == ["neglect"]
    assert not {"reporter_name", "reporter_contact", "reporter_workplace", "children_described"} & set(facts)
    shown = {row["question"]: row["answer"] for row in report_page(fatima, report.pk, now).rows}
    assert shown["Ditt namn"] == "Maj Svensson"


def test_an_anonymous_report_keeps_no_name_even_if_one_was_written(sofia, fatima, elsa, now):
    children = [ReportedChild(person=elsa)]
    report, _ = reports.register_report(
        ANONYMOUS, children, found_on=FRIDAY, how=Channel.PHONE, by=sofia, now=now
    )
    assert report.anonymous
    assert "reporter_name" not in report.answers


def test_one_who_reports_in_their_work_cannot_be_anonymous(sofia, gunnar, now):
    said = SAID | {"reporter_anonymous": "yes"}
    with pytest.raises(actions.FactsWrong, match="kan inte vara anonym"):
        reports.receive_report(said, found_on=FRIDAY, how=Channel.PHONE, by=sofia, now=now)


def test_an_unknown_and_an_unborn_child_get_their_intakes(sofia, fatima, now):
    children = [ReportedChild(given_names="Okänd flicka"), ReportedChild(family_name="Blom", unborn=True)]
    _, cases = reports.register_report(
        ANONYMOUS, children, found_on=FRIDAY, how=Channel.PHONE, by=sofia, now=now
    )
    assert [case.person.full_name for case in cases] == [
        "Okänd flicka okänt efternamn",
        "Väntat barn till Blom",
    ]


def test_a_report_is_sorted_once(siblings_report, fatima, elsa, now):
    with pytest.raises((reports.AlreadySorted, Refused)):
        reports.sort_report(siblings_report[0], [ReportedChild(person=elsa)], by=fatima, now=now)


def test_a_report_from_another_branch_is_handed_in_and_not_read_back(karin, gunnar, fatima, now):
    """Karin at Biståndsenheten is worried about a grandchild she met: she reports, and sees nothing more of it."""
    with tenancy.acting(karin.municipality_id, karin.compartments, karin.user_id):
        report = reports.receive_report(SAID, found_on=FRIDAY, how=Channel.VISIT, by=karin, now=now)
        assert ConcernReport.objects.count() == 0
        assert unsorted_reports(karin) == []
        with pytest.raises(Refused):
            report_page(karin, report.pk, now)
    assert [row.pk for row in unsorted_reports(fatima)] == [report.pk]


def test_another_branch_sees_nothing_of_the_case_in_list_search_or_watch(
    siblings_report, karin, client_of, now
):
    case = siblings_report[1][0]
    browser = client_of(karin)
    assert browser.get(reverse("cases:case", args=[case.pk])).status_code == 404
    assert browser.post(reverse("cases:find"), {"number": case.number}).status_code == 404
    for address in (reverse("cases:list") + "?tab=unit", reverse("watches:list")):
        page = browser.get(address).content.decode()
        assert case.number not in page
        assert "Blom" not in page
    with tenancy.acting(karin.municipality_id, karin.compartments, karin.user_id):
        assert Case.objects.count() == 0
        assert worklist(karin, now).rows == []


def test_only_the_qualified_judge_whether_a_child_needs_protection(siblings_report, fatima, hussein, now):
    case = siblings_report[1][0]
    said = {"protection_assessed_on": "2026-03-02", "protection_assessment": "Hon är på förskolan."}
    with pytest.raises(StepRefused, match="socionomexamen"):
        actions.take_step(case, "assess_protection", by=hussein, now=now, answers=said)
    case.refresh_from_db()
    assert case.state == "reported"
    assert (
        actions.take_step(case, "assess_protection", by=fatima, now=now, answers=said).case.state
        == "preliminary"
    )


@pytest.fixture
def judged(siblings_report, fatima, gunnar, now) -> Case:
    """Fatima has Elsa's case and has judged that she needs no protection at once."""
    case = siblings_report[1][0]
    actions.assign_case(case, User.objects.get(pk=fatima.user_id), by=gunnar, now=now)
    said = {"protection_assessed_on": "2026-03-02", "protection_assessment": "Hon är på förskolan."}
    return actions.take_step(case, "assess_protection", by=fatima, now=now, answers=said).case


def test_a_late_decision_to_open_states_its_exceptional_reasons(judged, fatima):
    late = datetime(2026, 3, 17, 8, tzinfo=UTC)
    said = {"prelim_assessment": "Behöver utredas."}
    with pytest.raises(StepRefused, match="2026-03-13"):
        actions.take_step(judged, "open_investigation", by=fatima, now=late, answers=said)
    said |= {"prelim_late_reasons": "Familjen kunde inte nås."}
    case = actions.take_step(judged, "open_investigation", by=fatima, now=late, answers=said).case
    assert case.state == "investigating"
    assert Deadline.objects.get(case=case, name="investigation_in_time").strict_date == date(2026, 7, 17)


def test_a_report_of_violence_is_never_left_without_an_investigation(sofia, fatima, gunnar, elsa, now):
    _, (case,) = reports.register_report(
        ANONYMOUS,
        [ReportedChild(person=elsa)],
        found_on=date(2026, 3, 2),
        how=Channel.PHONE,
        by=sofia,
        now=now,
    )
    said = {"protection_assessed_on": "2026-03-02", "protection_assessment": "Skolan ser efter henne i dag."}
    actions.take_step(case, "assess_protection", by=fatima, now=now, answers=said)
    with pytest.raises(StepRefused, match="utredning genast"):
        actions.take_step(
            case, "do_not_open", by=fatima, now=now, answers={"prelim_assessment": "Ingen oro."}
        )


def test_a_reporter_under_duty_is_told_what_was_decided_and_nothing_else(judged, fatima, now):
    said = {
        "prelim_assessment": "Familjen har redan stöd.",
        "feedback_said": "opened",
        "feedback_on": "2026-03-02",
    }
    with pytest.raises(StepRefused, match="Återkopplingen"):
        actions.take_step(judged, "do_not_open", by=fatima, now=now, answers=said)
    said["feedback_said"] = "not_opened"
    assert (
        actions.take_step(judged, "do_not_open", by=fatima, now=now, answers=said).case.state == "not_opened"
    )


# Anyone, without signing in


@pytest.fixture
def address(asvalla) -> str:
    cache.clear()
    return reverse("cases_public:report", args=[asvalla.slug])


def test_anyone_reports_without_signing_in_and_gets_a_worded_receipt(address, client, gunnar, fatima, sofia):
    page = client.get(address).content.decode()
    assert "Du behöver inte logga in" in page
    answer = client.post(address, ANONYMOUS, follow=True)
    tenancy.enter(gunnar.municipality_id, (1, 2, 3, 4))
    report = ConcernReport.objects.get()
    assert report.receipt_number in answer.content.decode()
    assert "senast i morgon" in answer.content.decode()
    assert (report.online, report.anonymous) == (True, True)
    assert Case.objects.count() == 0
    watch = Watch.objects.get(type="cases.report_to_sort", object_id=report.pk, closed_at=None)
    assert watch.compartment == 4
    assert [row.pk for row in unsorted_reports(fatima)] == [report.pk]


def test_the_answer_is_the_same_whether_the_child_is_known_or_not(address, client, siblings_report):
    known = client.post(address, ANONYMOUS | {"children_described": "Elsa Blom, fem år"}, follow=True)
    nobody = client.post(address, ANONYMOUS | {"children_described": "Nobody at all"}, follow=True)

    def words(answer):
        page = answer.content.decode().replace(answer.request["PATH_INFO"].split("/")[-2], "")
        return page.replace(str(answer.context["csrf_token"]), "")

    assert words(known) == words(nobody)


def test_a_report_pressed_twice_is_one(address, client, gunnar):
    said = ANONYMOUS | {"key": "0197a000-0000-7000-8000-000000000001"}
    first, second = client.post(address, said), client.post(address, said)
    assert first["Location"] == second["Location"]
    tenancy.enter(gunnar.municipality_id, (4,))
    assert ConcernReport.objects.count() == 1


def test_a_report_lacking_what_is_needed_keeps_what_was_written(address, client):
    answer = client.post(address, {"concern_about": "Jag hör skrik."})
    assert answer.status_code == 422
    assert "Jag hör skrik." in answer.content.decode()


def test_a_machine_that_sends_report_after_report_is_stopped_in_words(address, client, gunnar):
    answers = [client.post(address, ANONYMOUS) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Ring 112" in answers[-1].content.decode()


def test_the_page_speaks_english(address, client):
    client.cookies["django_language"] = "en"
    page = client.get(address).content.decode()
    assert "Report concern for a child" in page
    assert "What are you worried about?" in page


def test_reception_takes_down_a_report_and_its_children_on_one_page(client_of, sofia, gunnar, fatima, elsa):
    browser = client_of(sofia)
    number = test_number(date(2021, 5, 4), "female", 3).display()
    said = SAID | {
        "found_on": "2026-02-27", "how": "phone", "child-TOTAL_FORMS": "4", "child-INITIAL_FORMS": "0",
        "child-0-kind": "known", "child-0-number": number,
        "child-1-kind": "unknown", "child-1-given_names": "Lillebror",
    }  # fmt: skip
    done = browser.post(reverse("cases:report_new"), said, follow=True)
    assert done.status_code == 200
    page = " ".join(done.content.decode().split())
    assert "Fördelad" in page
    assert "Lillebror" in page
    assert {case.person.given_names for case in Case.objects.all()} == {"Elsa", "Lillebror"}


def test_a_report_without_children_waits_and_is_sorted_by_the_duty_officer(
    client_of, sofia, duty, gunnar, fatima
):
    said = SAID | {
        "found_on": "2026-02-27",
        "how": "phone",
        "child-TOTAL_FORMS": "4",
        "child-INITIAL_FORMS": "0",
    }
    client_of(sofia).post(reverse("cases:report_new"), said)
    report = ConcernReport.objects.get()
    browser = client_of(duty)
    assert report.receipt_number in browser.get(reverse("cases:reports")).content.decode()
    rows = {
        "child-TOTAL_FORMS": "4", "child-INITIAL_FORMS": "0",
        "child-0-kind": "unborn", "child-0-family_name": "Blom",
    }  # fmt: skip
    browser.post(reverse("cases:report", args=[report.pk]), rows)
    assert Case.objects.get().person.full_name == "Väntat barn till Blom"
    assert not Watch.objects.filter(type="cases.report_to_sort", closed_at=None).exists()


def test_a_guardian_does_not_follow_a_report_in_the_e_service(
    siblings_report, elsa, anna, anna_online, registrar, now
):
    from livlina.authority.cases import queries
    from livlina.registers.people.models import Mandate

    people.give_mandate(
        elsa, anna, Mandate.Kind.GUARDIAN, scope=Mandate.Scope.EVERYTHING, proof="Folkbokföringen",
        valid_from=date(2024, 1, 1), by=registrar, now=now,
    )  # fmt: skip
    assert queries.my_cases(anna_online, now) == []
    with pytest.raises(Refused):
        queries.my_case(anna_online, siblings_report[1][0].pk, now)


def test_the_system_alone_may_not_sort(address, siblings_report, asvalla, elsa, now):
    with pytest.raises(Refused):
        reports.sort_report(
            siblings_report[0], [ReportedChild(person=elsa)], by=system(asvalla.pk, (4,)), now=now
        )


def test_from_the_case_one_comes_to_the_report_and_takes_the_next_step(client_of, fatima, judged):
    browser = client_of(fatima)
    page = browser.get(reverse("cases:case", args=[judged.pk])).content.decode()
    assert "Anmälan</a>" in page
    report = browser.get(reverse("cases:case_report", args=[judged.pk]), follow=True).content.decode()
    assert "Maj Svensson" in report
    assert reverse("cases:case", args=[judged.pk]) in report
    address = reverse("cases:step", args=[judged.pk, "open_investigation"])
    assert "Synnerliga skäl" in browser.get(address).content.decode()
    said = {"prelim_assessment": "Behöver utredas.", "prelim_late_reasons": "Familjen kunde inte nås."}
    assert browser.post(address, said).status_code == 302
    written = browser.get(reverse("cases:investigation", args=[judged.pk])).content.decode()
    for words in ("Barnets utveckling", "Känslor och beteende", "Föräldrarnas förmåga", "Familj och miljö"):
        assert words in written


def test_the_case_of_an_unborn_child_is_among_the_cases_of_the_child_when_it_has_its_number(
    fatima, gunnar, sofia, registrar, client_of, now
):
    expected = ReportedChild(family_name="Blom", unborn=True)
    _, (case,) = reports.register_report(
        SAID, [expected], found_on=now.date(), how=Channel.PHONE, by=sofia, now=now
    )
    tuva = people.register_person(
        given_names="Tuva",
        family_name="Blom",
        number=test_number(now.date(), "female", 3),
        by=registrar,
        now=now,
    )
    browser, address = client_of(fatima), f"/officer/cases/person/{tuva.pk}"
    assert case.number not in browser.get(address).content.decode()
    people.mark_same(case.person, tuva, reason="Modern är densamma.", by=gunnar, now=now)
    assert case.number in browser.get(address).content.decode()
    page = browser.get(f"/officer/cases/{case.pk}").content.decode()
    assert "Tuva Blom" in page
    assert f'href="/officer/people/{tuva.pk}"' in page
