"""What the branches' own pages can show: a part of the household that `household.py` gathers.

Two siblings are reported and Nora is placed; Elsa's submission to court lacks its proof, Jonas must reach the court
tomorrow, Leo waits for the chair. Mira's March is paid, Lisa's has warnings, and Kalle's waits for a second pair
of eyes. Elin has assistance, two groups are open to all, the Sjögrens have a contract, a quarter is settled,
Astrid asks for her file, and Rune's is to be destroyed.
"""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from livlina.across.continuity.tests import pages_continuity as continuity
from livlina.across.portal.tests import pages_seals as seals
from livlina.across.quality.tests import pages_incidents as incidents
from livlina.across.records import actions as records
from livlina.across.records.actions import Asked, Judgement, Received
from livlina.across.statistics.tests import pages_statistics as statistics
from livlina.across.support.tests import pages_support as support
from livlina.authority.aid import actions as aid
from livlina.authority.aid.actions import AppliedDraft
from livlina.authority.aid.jobs import begin_first_month
from livlina.authority.aid.models import MonthApplication
from livlina.authority.aid.ssbtek.fake import Fake
from livlina.authority.aid.tests.fixtures import ALL_EMPTY, APPLICATION, COSTS
from livlina.authority.assistance import actions as assistance
from livlina.authority.assistance.tests.fixtures import lss_case
from livlina.authority.assistance.tests.test_time import write as write_time
from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import reports
from livlina.authority.cases.actions.reports import ReportedChild
from livlina.authority.cases.models import Deadline, Document
from livlina.authority.contractors import actions as contractors
from livlina.authority.court import actions as court
from livlina.authority.offers import actions as offers
from livlina.authority.placements.tests.fixtures import make_child
from livlina.authority.unexecuted import actions as unexecuted
from livlina.authority.unexecuted.quarter import Quarter
from livlina.core.calendar import Channel
from livlina.core.models import Assignment, Unit, User
from livlina.core.outbox import Event
from livlina.provider.alarms.tests import pages_desk as alarm_desk
from livlina.provider.alarms.tests import pages_units as alarm_units
from livlina.provider.homecare.tests import pages_care as care
from livlina.registers.people import actions as people
from livlina.registers.people.tests.fixtures import register

Get = Callable[[str], Any]
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
CONCERN: dict[str, Any] = {
    "children_described": "Elsa och Leo på Blåsippans förskola.",
    "concern_about": "De kommer hungriga och säger att ingen är hemma på kvällarna.",
    "concern_kinds": ["neglect"],
    "danger_now": "no",
    "reporter_kind": "under_duty",
    "reporter_name": "Maj Svensson",
    "reporter_contact": "070-174 06 05",
    "reporter_workplace": "Blåsippans förskola",
}
CARE_PLAN = {
    "plan_services": "Traumabehandling.",
    "plan_contacts": "Mormor varje vecka.",
    "plan_goal": "Att Nora är trygg och går i skolan.",
    "plan_views": "Nora vill. Föräldrarna samtycker.",
}
TALK = {"visited_on": "2026-03-02", "talked_alone": "yes_alone", "talk_said": "Nora trivs och saknar mormor."}


def children(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Siblings reported on paper, a report nobody has sorted, and Nora in her foster home."""
    now, registrar, sofia, fatima = (get(name) for name in ("now", "registrar", "sofia", "fatima"))
    placement = get("placed_nora")
    pair = [
        ReportedChild(person=make_child(name, born, serial, registrar, now))
        for name, born, serial in (("Elsa", date(2021, 5, 4), 7), ("Leo", date(2019, 9, 9), 8))
    ]
    report, (elsas, leos) = reports.register_report(
        CONCERN, pair, found_on=now.date(), how=Channel.EMAIL, by=sofia, now=now
    )
    loose = reports.receive_report(CONCERN, found_on=now.date(), how=Channel.PHONE, by=sofia, now=now)
    cases.assign_case(elsas, User.objects.get(pk=fatima.user_id), by=get("gunnar"), now=now)
    cases.take_step(placement.case, "adopt_care_plan", by=fatima, now=now, answers=CARE_PLAN)
    cases.take_step(placement.case, "talk_with_child", by=fatima, now=now, answers=TALK)
    return {
        "report": report, "loose_report": loose, "concern": elsas, "leos": leos, "placement": placement,
        "placement_case": placement.case,
    }  # fmt: skip


def to_court(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """A submission without proof, a clock that nobody has begun, and a decision the chair is asked for."""
    now, fatima, elsas = get("now"), get("fatima"), get("elsa_taken")
    sent, jonas = get("faxed"), get("jonas_taken")
    court.set_hearing(
        elsas, starts_at=now + timedelta(days=8), place="Sal 3, Brigadgatan 3", court_case_number="2210-26",
        by=fatima, now=now,
    )  # fmt: skip
    asked = court.open_case("lvu", found["leos"].person, by=fatima, now=now)
    court.ask_chair(asked, by=get("duty"), now=now)
    return {
        "submission": sent, "elsas": elsas, "elsa": get("elsa"), "jonas_case": jonas, "chairs": asked,
        "clock": Deadline.objects.filter(case=jonas, lapses=True, state="running").earliest("strict_date"),
    }  # fmt: skip


def financial_aid(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Mira's paid March, Kalle's payment for another to approve, Lisa's March with warnings and her April."""
    now, sven, rut, mira = (get(name) for name in ("now", "sven", "rut", "mira"))
    march, approved = get("march"), get("approved")
    file = aid.make_file(by=sven, now=now)
    march.refresh_from_db()
    claim = aid.begin_recovery(march, Decimal(4000), by=sven, now=now)
    warned = _first_month(get, "Lisa", 8)
    aid.ask_sources(warned, by=sven, now=now, port=Fake(behaves={"SO": "timeout", "CSN": "error"}))
    rows = [
        AppliedDraft("cost", "housing", Decimal(6900)),
        AppliedDraft("income", "wage", Decimal(5000), warned.case.person_id),
    ]
    lisa = get("citizen")(warned.case.person)
    april = aid.apply_for_month(warned.case, date(2026, 4, 1), rows, by=lisa, now=now)
    month = _first_month(get, "Kalle", 9)
    aid.ask_sources(month, by=sven, now=now, port=ALL_EMPTY)
    aid.approve_calculation(aid.calculate_month(month, COSTS, [], by=sven, now=now), by=sven, now=now)
    decision = aid.decide_month(month, by=sven, now=now)
    account = aid.add_account(
        month.case, payee="Kalle Norin", kind="bank_account", number="8327-9 123 456 7", by=sven, now=now
    )
    aid.confirm_account(account, by=rut, now=now)
    waiting = aid.create_payment(decision, account, Decimal(12020), by=sven, now=now)
    return {
        "mira": mira, "march": march, "april": april, "aid_case": march.case, "aid_file": file, "recovery": claim,
        "payment": waiting, "warned": warned, "paid": approved,
    }  # fmt: skip


def _first_month(get: Get, given: str, serial: int) -> MonthApplication:
    """March of someone who has applied on paper; the case is Sven's."""
    now, sven = get("now"), get("sven")
    person = register(get("registrar"), now, given, "Norin", date(1988, 8, serial), serial=serial)
    sent = cases.register_application(
        "livelihood_support", person, APPLICATION, found_on=now.date(), how=Channel.PHONE, by=sven, now=now
    )
    begin_first_month(Event("application.received", sent.municipality_id, sent.pk, now))
    case = cases.assign_case(sent.cases.get(), User.objects.get(pk=sven.user_id), by=get("rut"), now=now)
    cases.open_investigation(case, by=sven, now=now)
    return MonthApplication.objects.select_related("case").get(case=case)


def assisted(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Elin's February, written by Karin and handed in; a second request that has no decision yet."""
    now, karin, decision, bo = (get(name) for name in ("now", "karin", "elins_assistance", "bo"))
    (row,) = write_time(decision, bo, karin, now)
    write_time(decision, bo, karin, now, day=date(2026, 2, 11), begins="21:00", ends="07:00")
    write_time(decision, get("ayla"), karin, now, day=date(2026, 2, 12))
    assistance.hand_in(row.report, by=karin, now=now)
    waiting = lss_case(get("oskar"), "lass", worker=karin, manager=get("maria"), now=now)
    return {
        "assistance": decision, "assistance_month": row.report.month, "elins": decision.case, "oskars": waiting,
    }  # fmt: skip


def offered(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """A group with Astrid in it, a meeting place where people are counted, an open house without a word of anyone."""
    now, karin, group, place = (get(name) for name in ("now", "karin", "support_group", "meeting_place"))
    today = now.date()
    row = offers.take_part(group, begins_on=today, by=karin, now=now, person=found["astrid"])
    offers.write_note(row, "Astrid var med och drack kaffe.", happened_on=today, by=karin, now=now)
    for _ in range(3):
        offers.take_part(place, begins_on=today, by=karin, now=now)
    return {"group": group, "place": place, "open_house": get("open_house"), "participation": row}


def homes(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """The Sjögrens with a contract and a counted month, and someone whose interest has just come in."""
    now, tove, ulf, home = (get(name) for name in ("now", "tove", "ulf", "approved_home"))
    contract = contractors.write_contract(home, "foster_home", valid_from=date(2026, 3, 16), by=tove, now=now)
    contractors.sign_contract(contract, on=now.date(), by=ulf, now=now)
    paid = contractors.propose_remuneration(
        contract, fee_ore=1_200_000, expenses_ore=310_000, valid_from=date(2026, 3, 16), source="Cirkulär 2026",
        by=tove, now=now,
    )  # fmt: skip
    contractors.confirm_remuneration(paid, by=ulf, now=now)
    contractors.count_month(contract, date(2026, 3, 1), by=tove, now=now)
    later = contractors.write_contract(home, "foster_home", valid_from=date(2027, 1, 1), by=tove, now=now)
    stina = register(get("registrar"), now, "Stina", "Hjort", date(1979, 4, 4), serial=2)
    sent = cases.register_application(
        "caregiver_home", stina, {}, found_on=now.date(), how=Channel.PHONE, by=tove, now=now
    )
    interest = cases.assign_case(sent.cases.get(), User.objects.get(pk=tove.user_id), by=ulf, now=now)
    return {"home": home, "contract": later, "interest": interest}


def not_carried_out(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Astrid's decision as if it were from September: reported for the last quarter of the year before."""
    now, karin, case = get("now"), get("karin"), found["case"]
    late = Deadline.objects.filter(case=case, name="not_executed")
    late.update(anchor_date=date(2025, 9, 10), strict_date=date(2025, 12, 10), legal_date=date(2025, 12, 10))
    unexecuted.give_reason(
        case, cause="no_staff", text="Enheten har inte hittat personal.", by=karin, now=now
    )
    unexecuted.settle(Quarter(2025, 4), by=get("eva"), now=now)
    return {"late": late.get()}


def files(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """A certificate in Astrid's case, a request for her journal, Anna's own, and a list of files to destroy."""
    now, karin, eva, astrid = get("now"), get("karin"), get("eva"), found["astrid"]
    what = Received(
        "certificate",
        "Läkarintyg",
        "Vårdcentralen i Åsvalla",
        date(2026, 2, 27),
        "post",
        "health",
        "intyg.pdf",
        PDF,
    )
    document = records.receive(found["case"], what, by=karin, now=now)
    asked = Asked("self", "Astrid Lindqvist", now.date(), "phone", "Hela journalen.", astrid)
    request = records.register_request(astrid, 1, asked, client_id=uuid.uuid4(), by=karin, now=now)
    harm = "Anna har berättat i förtroende."
    masked = Judgement("masked", ground="own", refusal="harm", harm_test=harm, masked=("Anna",))
    records.judge(request, "journal.note", found["note"].pk, masked, by=karin, now=now)
    (mine,) = records.ask_for_own_file(
        [1], "Journalen från i år.", client_id=uuid.uuid4(), by=get("anna_online"), now=now
    )
    get("runes_file")
    run = records.propose(1, by=eva, now=now)
    records.freeze(run, by=eva, now=now)
    records.approve(run, by=get("maria"), now=now)
    return {"document": document, "request": request, "own_request": mine, "run": run}


def administered(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Karin's assignment and unit, a child reported before it was born and one that is known, and a child's letter."""
    now, registrar, karin = get("now"), get("registrar"), get("karin")
    expected = people.register_person(
        given_names="Väntat barn till", family_name="Blom", by=registrar, now=now
    )
    tied = people.register_person(given_names="Nyfött barn", family_name="Berg", by=registrar, now=now)
    tuva = register(registrar, now, "Tuva", "Berg", date(2026, 2, 20), serial=3)
    people.mark_same(tied, tuva, reason="Förlossningen har meddelat numret.", by=get("gunnar"), now=now)
    return {
        "assignment": Assignment.objects.get(pk=karin.assignment_id), "karins_unit": Unit.objects.get(pk=karin.unit_id),
        "expected": expected, "tied": tied, "tuva": tuva,
        "childs_letter": Document.objects.filter(case=found["elsas"]).first(),
    }  # fmt: skip


PARTS = (
    children,
    to_court,
    financial_aid,
    assisted,
    offered,
    homes,
    not_carried_out,
    files,
    alarm_units.fill,
    alarm_desk.fill,
    administered,
    care.fill,
    incidents.fill,
    continuity.fill,
    seals.fill,
    support.fill,
    statistics.fill,
)
