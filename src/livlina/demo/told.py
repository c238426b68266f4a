"""The told people's stories, each taken through the rooms' own actions: what they leave behind is what work leaves.

Astrid and Anna have done nothing yet: theirs is the journey a visitor walks. Bertil's case shows a decision partly
against him with its letter, an order recalled from the wrong provider, and an appeal that waits. Margit's alarm lies
unconfirmed and has escalated; a note about her stood on Bertil and was moved.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from livlina.across.quality.actions import report_deviation
from livlina.authority.cases import actions as cases
from livlina.authority.cases.models import Application, Case, Document
from livlina.core.calendar import Channel, add_months
from livlina.core.clock import day_of
from livlina.core.ids7 import uuid7
from livlina.demo import cast
from livlina.demo.cast import Told
from livlina.demo.plan import Town
from livlina.demo.stage import Stage, as_application
from livlina.provider.homecare.actions import Plan, Task, agree_plan
from livlina.registers.journal import actions as journal
from livlina.registers.journal.models import Note
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, OrderVersion, Provider
from livlina.registers.people import actions as people
from livlina.registers.people.models import Mandate, Person

Tell = Callable[[str, int, int], None]
APPLIED = {
    "applying_for": "self", "urgent": False, "help_areas": ["hygiene", "cleaning", "company"],
    "help_in_own_words": "Jag behöver hjälp i duschen och med städningen. Dagarna är långa sedan Siv gick bort.",
    "times_of_day": ["morning"], "living_with": "alone", "help_today_from": ["children"],
    "mobility_aids": ["walker"], "interpreter_needed": False, "consent_to_obtain": True,
    "consent_from": ["primary_care"], "door_entry": "Porttelefon, ring på Nordin.", "key_handling": "lend_key",
}  # fmt: skip
INVESTIGATED = {
    "question_at_issue": "Hjälp med dusch, städning och sällskap.",
    "sources_used": "Hembesök. Samtal med Bertil och med sonen. Uppgifter från vårdcentralen.",
    "person_view": "Bertil vill klara sig själv så långt det går, men är rädd att falla i duschen.",
    "child_in_home": False, "double_staffing": False,
    "life_area_needs": [
        {"area": "d510", "need": "3", "text": "Klarar dusch med någon till hands."},
        {"area": "d640", "need": "4", "text": "Orkar inte städa."},
        {"area": "d750", "need": "1", "text": "Träffar sonen varje vecka och går på träffpunkten."},
    ],
    "assessment": "Behov finns av hjälp med dusch och städning. Behovet av sällskap tillgodoses på annat sätt.",
    "goals": "Bertil känner sig ren och trygg i sitt hem.",
}  # fmt: skip
ALARM = {
    "applying_for": "self", "urgent": True, "urgent_reason": "Ramlade i natt och nådde inte telefonen.",
    "alarm_reason": ["falls", "alone"], "falls": "several", "can_press_button": True, "phone_kind": "mobile",
    "living_with": "alone", "door_kind": "single", "key_handling": "digital_lock", "interpreter_needed": False,
    "consent_to_obtain": False,
}  # fmt: skip
ALARM_INVESTIGATED = {
    "question_at_issue": "Trygghetslarm.", "sources_used": "Telefonsamtal med Margit.", "mobile_coverage": "good",
    "person_view": "Margit är orolig för att bli liggande igen.",
    "life_area_needs": [{"area": "safety", "need": "3", "text": "Otrygg om nätterna efter fallet."}],
    "assessment": "Margit har behov av att kunna kalla på hjälp dygnet runt.",
    "goals": "Margit når hjälp inom en halvtimme.", "proposed_decision": "Trygghetslarm beviljas.",
}  # fmt: skip


def tell_all(town: Town, now: datetime, tell: Tell) -> None:
    """Tell every story in the town of Åsvalla."""
    stage = Stage(town.municipality_id, now)
    words = f"{town.name}: the told people"
    with as_application():
        persons = {told: _register(stage, told) for told in cast.CAST}
        _family(stage, persons)
        tell(words, 1, 4)
        case = _bertils_decision(stage, persons[cast.BERTIL])
        tell(words, 2, 4)
        _bertils_orders(stage, case)
        _bertils_appeal(stage, case)
        tell(words, 3, 4)
        _margits_alarm(stage, persons[cast.MARGIT])
        _note_on_the_wrong_person(stage, persons[cast.BERTIL], persons[cast.MARGIT])
    tell(words, 4, 4)


def _register(stage: Stage, told: Told) -> Person:
    by, at = stage.who("Sofia Wester"), stage.at(200, 9)
    return stage.do(
        by, people.register_person, now=at, given_names=told.given, called_name=told.called,
        family_name=told.family, number=told.number, street=told.street, postcode=told.postcode, city="Åsvalla",
        home_municipality="9901",
    )  # fmt: skip


def _family(stage: Stage, persons: dict[Told, Person]) -> None:
    """Anna may act for her mother; Tolvan has died."""
    sofia, at = stage.who("Sofia Wester"), stage.at(200, 10)
    astrid, anna = persons[cast.ASTRID], persons[cast.ANNA]
    stage.do(sofia, people.add_contact, anna, "mobile", "070-174 06 05", now=at)
    stage.do(sofia, people.add_contact, astrid, "phone", "08-465 004 12", now=at)
    stage.do(
        sofia, people.add_relation, astrid, "child", "Anna Lindqvist Berg", now=at, other=anna,
        phone="070-174 06 05", consent=True, first_choice=True,
    )  # fmt: skip
    stage.do(
        sofia, people.give_mandate, astrid, anna, Mandate.Kind.POWER_OF_ATTORNEY, now=at,
        proof="Fullmakt visad i original", valid_from=stage.day(300), scope=Mandate.Scope.EVERYTHING,
    )  # fmt: skip
    stage.do(sofia, people.record_death, persons[cast.TOLV], stage.day(150), now=stage.at(149, 9))


def _bertils_decision(stage: Stage, bertil: Person) -> Case:
    """From his application to a decision partly against him, with its letter."""
    himself, karin = stage.citizen(bertil.pk, "Bertil Nordin"), stage.who("Karin Ekdal")
    draft = stage.do(himself, cases.begin_application, "home_care", now=stage.at(62, 9))
    draft = stage.do(himself, cases.save_answers, draft, APPLIED, now=stage.at(62, 10))
    sent: Application = stage.do(himself, cases.send_application, draft.pk, now=stage.at(62, 10, 5))
    case = stage.look(lambda: Case.objects.get(application=sent))
    stage.do(
        stage.who("Maria Lundell"), cases.assign_case, case, stage.user("Karin Ekdal"), now=stage.at(61, 8)
    )
    case = _again(stage, case)
    stage.do(karin, cases.open_investigation, case, now=stage.at(58, 13))
    proposal = "Dusch två gånger i veckan och städning beviljas. Social samvaro avslås."
    stage.do(
        karin, cases.communicate, _again(stage, case), now=stage.at(44, 15), what=proposal, how="e_service",
        answer_by=stage.day(44) + timedelta(days=14), answers=INVESTIGATED,
    )  # fmt: skip
    stage.do(
        himself,
        cases.answer,
        _again(stage, case),
        "Sonen kommer inte varje vecka längre.",
        now=stage.at(36, 19),
    )
    decided = stage.at(20, 10)
    stage.do(karin, cases.decide, _again(stage, case), _partly(day_of(decided)), now=decided)
    return _again(stage, case)


def _partly(day: date) -> cases.DecisionDraft:
    """Shower and cleaning granted, company rejected."""
    begins, ends = day + timedelta(days=1), add_months(day, 12)
    return cases.DecisionDraft(
        lines=(
            cases.LineDraft("personal_care", True, Decimal(8), begins, ends),
            cases.LineDraft("cleaning", True, Decimal(3), begins, ends),
            cases.LineDraft(
                "company", False, Decimal(8), reasons="Tillgodoses av sonen och av träffpunkten."
            ),
        ),
        reasons="Behovet av sällskap tillgodoses av sonen och genom öppen verksamhet som inte kräver beslut.",
        follow_up_on=add_months(day, 6),
    )


def _bertils_orders(stage: Stage, case: Case) -> None:
    """The letter leaves; the wrong provider gets the order, it is recalled unopened, and the right one begins."""
    karin, petra, ali = (stage.who(name) for name in ("Karin Ekdal", "Petra Nyström", "Ali Hassan"))
    for letter in stage.look(lambda: list(Document.objects.filter(case=case, sent_at=None))):
        stage.do(karin, cases.mark_sent, letter, now=stage.at(20, 10, 30))
    stage.do(karin, cases.place_orders, case, {}, now=stage.at(19, 9))
    order = _order_of(stage, case)
    order = _send(stage, order, "Norrgårdens hemtjänst", stage.at(19, 9, 10))
    stage.do(karin, orders.recall_order, order, reason="wrong_provider", now=stage.at(19, 9, 30))
    again = stage.do(karin, orders.draft_again, order, now=stage.at(19, 9, 32))
    order = _send(stage, again, "Norra hemtjänsten", stage.at(19, 9, 35))
    stage.do(petra, orders.open_order, order, now=stage.at(19, 11))
    start = stage.day(18)
    contact = "Petra Nyström, 08-465 004 30"
    stage.do(
        petra,
        orders.confirm_order,
        _renewed(stage, order),
        start=start,
        contact=contact,
        now=stage.at(19, 11, 20),
    )
    stage.do(petra, agree_plan, _renewed(stage, order), _plan(stage), now=stage.at(18, 9))
    stage.do(
        ali, orders.report_delivery, _renewed(stage, order), period_from=start, period_to=start, minutes=45,
        now=stage.at(18, 14),
    )  # fmt: skip
    _bertils_days(stage, case)
    stage.do(
        karin, cases.record_service, _decision(stage, case), now=stage.at(17, 13), how="e_service",
        sent_on=stage.day(20), served_on=stage.day(17),
    )  # fmt: skip


def _plan(stage: Stage) -> Plan:
    """What Petra and Bertil agreed on."""
    return Plan(
        "Bertil känner sig ren och trygg, och klarar det mesta i duschen själv.",
        "Bertil och sonen var med vid mötet hemma hos Bertil.",
        add_months(day_of(stage.now), 3),
        (
            Task("Dusch", "Sitt med utanför, räck handduken.", "d510", ("morning",), (2, 5), 45),
            Task("Städning", "Dammsug och torka golv. Bertil dammar själv.", "d640", ("forenoon",), (3,), 45),
        ),
        wishes="Helst Ali eller någon Bertil känner.",
    )


def _bertils_days(stage: Stage, case: Case) -> None:
    """What the provider writes, and a deviation."""
    ali, lena = stage.who("Ali Hassan"), stage.who("Lena Falk")
    for by, back, kind, text in (
        (
            ali,
            18,
            "measure",
            "Första besöket. Bertil duschade med stöd och var nöjd. Visade var städsakerna finns.",
        ),
        (
            ali,
            11,
            "significant_event",
            "Bertil var yr när vi kom. Satte sig en stund, drack vatten, mådde sedan bättre.",
        ),
        (
            lena,
            10,
            "health_status",
            "Blodtryck 118/70 stående, 136/78 sittande. Läkaren på vårdcentralen kontaktad.",
        ),
        (
            ali,
            4,
            "measure",
            "Städning och dusch enligt plan. Bertil berättar att han har överklagat beslutet.",
        ),
    ):
        at = stage.at(back, 9, 40)
        file = stage.do(by, journal.open_file, case.person, now=at)
        content = journal.Content(at - timedelta(minutes=20), kind, text)
        stage.do(by, journal.write_note, file.pk, content, client_id=uuid7(), now=at)
    stage.do(
        ali, report_deviation, now=stage.at(9, 16), client_id=uuid7(), track="social", person_id=case.person_id,
        what="Städningen i onsdags blev inte av: den låg inte i planeringen.", happened_at=stage.at(9, 10),
        measure="Städade på torsdagen i stället.",
    )  # fmt: skip


def _bertils_appeal(stage: Stage, case: Case) -> None:
    """He appeals in time; it waits for Karin."""
    himself = stage.citizen(case.person_id, "Bertil Nordin")
    stage.do(
        himself, cases.receive_appeal, _decision(stage, case), wish="Jag vill ha sällskap två gånger i veckan.",
        reasons="Sonen har flyttat och kommer bara i helgen.", now=stage.at(2, 20),
    )  # fmt: skip


def _margits_alarm(stage: Stage, margit: Person) -> None:
    """A social alarm ordered nine hours ago: nobody has opened it, and it has climbed to the officer on duty."""
    karin, sofia = stage.who("Karin Ekdal"), stage.who("Sofia Wester")
    sent = stage.do(
        sofia, cases.register_application, "social_alarm", margit, ALARM, found_on=stage.day(3), how=Channel.PHONE,
        now=stage.at(3, 9),
    )  # fmt: skip
    case = stage.look(lambda: Case.objects.get(application=sent))
    stage.do(
        stage.who("Maria Lundell"), cases.assign_case, case, stage.user("Karin Ekdal"), now=stage.at(3, 10)
    )
    stage.do(karin, cases.open_investigation, _again(stage, case), now=stage.at(3, 10, 30))
    stage.do(karin, cases.record_facts, _again(stage, case), ALARM_INVESTIGATED, now=stage.at(3, 13))
    stage.do(karin, cases.finish_investigation, _again(stage, case), now=stage.at(3, 14))
    day = stage.day(2)
    lines = (cases.LineDraft("social_alarm", True, Decimal(1), day, add_months(day, 12)),)
    draft = cases.DecisionDraft(lines=lines, follow_up_on=add_months(day, 6))
    stage.do(karin, cases.decide, _again(stage, case), draft, now=stage.at(2, 15))
    placed = max(stage.now - timedelta(hours=9), stage.at(2, 15, 30))
    stage.do(karin, cases.place_orders, _again(stage, case), {}, now=placed - timedelta(minutes=5))
    _send(stage, _order_of(stage, case), "Larmgruppen", placed)
    stage.do(stage.system, orders.escalate_unconfirmed_orders, now=stage.now)


def _note_on_the_wrong_person(stage: Stage, bertil: Person, margit: Person) -> None:
    """Karin writes about Margit in Bertil's file; Maria moves it."""
    karin, maria = stage.who("Karin Ekdal"), stage.who("Maria Lundell")
    at = stage.at(1, 11)
    for person in (bertil, margit):
        file = stage.do(karin, journal.open_file, person, now=at - timedelta(minutes=30))
        text = f"Samtal med {person.called_name}. Går igenom beslutet och hur man lämnar synpunkter."
        content = journal.Content(at - timedelta(minutes=50), "phone", text)
        stage.do(
            karin, journal.write_note, file.pk, content, client_id=uuid7(), now=at - timedelta(minutes=30)
        )
    file = stage.do(karin, journal.open_file, bertil, now=at)
    text = "Margits dotter ringer. Larmet är inte uppsatt än och Margit vågar inte duscha. Lovar att kontrollera."
    content = journal.Content(at - timedelta(minutes=10), "phone", text)
    note: Note = stage.do(karin, journal.write_note, file.pk, content, client_id=uuid7(), now=at).note
    reason = "Anteckningen gällde Margit Sjölund."
    stage.do(maria, journal.move_note, note.pk, margit, reason, now=at + timedelta(hours=2))


def _send(stage: Stage, order: Order, name: str, at: datetime) -> Order:
    """Choose a provider and repeat its name: the two steps."""
    karin = stage.who("Karin Ekdal")
    provider = stage.look(lambda: Provider.objects.get(municipality_id=stage.municipality_id, name=name))
    stage.do(karin, orders.choose_provider, order, provider, now=at - timedelta(minutes=2))
    return stage.do(karin, orders.send_order, _renewed(stage, order), repeated_name=name, now=at)


def _order_of(stage: Stage, case: Case) -> Order:
    return stage.look(
        lambda: (
            OrderVersion.objects.select_related("order")
            .get(source_id=case.pk, compartment=1, order__state="draft")
            .order
        )
    )


def _renewed(stage: Stage, order: Order) -> Order:
    return stage.look(lambda: Order.objects.get(pk=order.pk))


def _again(stage: Stage, case: Case) -> Case:
    return stage.look(lambda: Case.objects.select_related("person", "unit").get(pk=case.pk))


def _decision(stage: Stage, case: Case) -> Any:
    return stage.look(lambda: case.decisions.order_by("-number").first())
