"""The bulk of the demo holds what real work would have left: same rules, same chains, same states."""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection

from livlina.authority.cases import engine
from livlina.authority.cases import jobs as case_jobs
from livlina.authority.cases.models import Case, CaseEvent, CaseFact, Decision
from livlina.core import tenancy
from livlina.core.access import Actor
from livlina.core.ids import IdentityKind
from livlina.core.models import Assignment, AuditEvent, Municipality
from livlina.demo import cast, lived, matters
from livlina.demo.keys import receiver_key
from livlina.demo.loading import digest
from livlina.demo.matters import OPEN
from livlina.demo.organisation import BRANCH_STAFF, TOLD_STAFF
from livlina.provider.alarms import jobs as alarm_jobs
from livlina.provider.alarms.actions.receivers import digest as digest_of_key
from livlina.provider.alarms.models import AlarmUnit, OnCall, Pendant, Receiver, TestPress
from livlina.registers.journal.chain import verify_chain
from livlina.registers.journal.models import ChainHead, Correction
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.people.models import Contact, Mandate, NameToken, Person, PersonNumber, Relation
from livlina.registers.people.queries.search import search
from livlina.registers.watches.models import Watch, WatchDesk, WatchEvent
from tests.people import MORNING

FICTION = re.compile(r"070-174 06 \d\d|08-465 004 \d\d|031-390 06 \d\d|040-628 04 \d\d|0980-31 92 \d\d")


def test_the_same_day_gives_the_same_municipality() -> None:
    one, two, later = (
        digest(0.01, day).value for day in (date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3))
    )
    assert one == two != later


def test_a_day_before_the_law_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="July 2025"):
        digest(0.01, date(2025, 6, 1))


def test_nobody_has_a_number_that_could_be_real(town: Municipality) -> None:
    numbers = [row.value for row in PersonNumber.objects.all()]
    assert len(numbers) > 1_400
    assert all(number.is_test for number in numbers)
    assert Counter(number.kind for number in numbers)[IdentityKind.SAMORDNINGSNUMMER] > 5


def test_whoever_the_stories_register_has_a_number_that_was_kept_free(town: Municipality) -> None:
    registered = AuditEvent.objects.filter(verb="people.register").values("person_id")
    found = set(PersonNumber.objects.filter(person_id__in=registered).values_list("value", flat=True))
    assert len(found) > 50
    assert {number.value for number in found} <= lived.numbers() | cast.numbers()


def test_whoever_is_told_of_was_there_when_the_stories_began(town: Municipality) -> None:
    told = {name for name, *_ in (*TOLD_STAFF, *BRANCH_STAFF)}
    found = Assignment.objects.filter(user__name__in=told).select_related("user")
    assert {one.user.name for one in found.valid(lived.LAW_BEGAN)} == told


def test_nobody_has_a_telephone_that_could_ring(town: Municipality) -> None:
    said = [*Contact.objects.filter(kind__in=("mobile", "phone")).values_list("value", flat=True)]
    said += [phone for phone in Relation.objects.values_list("phone", flat=True) if phone]
    assert len(said) > 100
    assert all(FICTION.fullmatch(phone) for phone in said)


def test_names_are_made_searchable_as_the_room_makes_them(town: Municipality) -> None:
    for person in Person.objects.order_by("family_name", "id")[::25]:
        made = {(row.token, row.others, row.sound, row.hidden) for row in NameToken.rows_of(person)}
        assert made == set(person.name_tokens.values_list("token", "others", "sound", "hidden"))


def test_the_chain_of_every_journal_holds(town: Municipality) -> None:
    persons = sorted(set(ChainHead.objects.values_list("person_id", flat=True)))
    reports = [verify_chain(person) for person in random.Random(1).sample(persons, 30)]
    assert all(report.whole for report in reports)
    assert sum(report.notes for report in reports) > 60
    corrected = Correction.objects.values_list("person_id", flat=True)
    assert corrected
    assert all(verify_chain(person).whole for person in set(corrected))


def test_cases_stand_in_every_state(town: Municipality) -> None:
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) >= OPEN | {"closed", "written_off"}
    outcomes = set(Decision.objects.values_list("outcome", flat=True))
    assert outcomes >= {"granted", "partly_granted", "rejected", "written_off", "closed_no_action"}


def test_every_case_has_walked_a_way_its_process_allows(town: Municipality) -> None:
    way: dict[object, str] = {}
    cases = {case.pk: case for case in Case.objects.all()}
    for event in CaseEvent.objects.order_by("case_id", "about_id", "at", "id"):
        case = cases[event.case_id]
        process = engine.load().process(case.process_code, case.process_version)
        if event.step not in {step.name for step in process.steps}:
            continue  # registered, assigned anew, handed over
        step = process.step(event.step)
        assert event.from_state in step.sources, (event.step, event.from_state)
        before = way.get((event.case_id, event.about_id))
        assert before in (None, event.from_state), (case.number, event.step)
        way[event.case_id, event.about_id] = event.to_state
    begun = {
        case.pk: engine.load().process(case.process_code, case.process_version).start().name
        for case in cases.values()
    }
    assert all(way.get((case.pk, None), begun[case.pk]) == case.state for case in cases.values())


def test_every_answer_is_one_its_question_allows(town: Municipality) -> None:
    facts = CaseFact.objects.order_by("at", "id").values_list("case_id", "name", "value")
    assert len(facts) > 1_000
    said = set()
    for case, name, value in facts:
        taken_back = value is None and (case, name) in said  # a month that is refused has no period
        assert taken_back or engine.load().fact(name).parse(value) is not None, name
        said.add((case, name))


def test_case_numbers_run_without_gaps_in_the_order_cases_came_in(town: Municipality) -> None:
    told = PersonNumber.objects.filter(value__in=[*lived.numbers(), *cast.numbers()]).values("person_id")
    bulk = Case.objects.filter(process_code__in=[code for code, _ in matters.PROCESSES])
    rows = bulk.exclude(person_id__in=told).order_by("number")
    found = list(rows.values_list("number", "registered_on"))
    for year in {number[:4] for number, _ in found}:
        own = [(int(number[5:]), day) for number, day in found if number[:4] == year]
        assert [number for number, _ in own] == list(range(1, len(own) + 1))
        assert [day for _, day in own] == sorted(day for _, day in own)


def test_orders_stand_in_every_state_and_say_the_same_on_both_sides(town: Municipality) -> None:
    states = set(Order.objects.values_list("state", flat=True))
    assert states >= {"sent", "confirmed", "active", "ended", "recalled"}
    for version in OrderVersion.objects.select_related("order")[:200]:
        assert version.sealed() == version.digest
    unopened = OrderVersion.objects.filter(order__opened_at=None, compartment=2)
    assert not unopened.exists()


def test_the_rooms_jobs_find_nothing_left_undone(town: Municipality, who: Callable[[str], Actor]) -> None:
    assert case_jobs.mark_deadlines(town.pk, MORNING) == 0
    from livlina.core.access import system

    assert orders.escalate_unconfirmed_orders(by=system(town.pk, (1, 2, 3)), now=MORNING) == 0


def test_watches_lie_open_put_off_and_closed(town: Municipality) -> None:
    assert Watch.objects.filter(closed_at=None).count() > 20
    assert Watch.objects.exclude(closed_at=None).exists()
    assert set(WatchEvent.objects.values_list("kind", flat=True)) >= {"raised", "escalated", "closed"}
    lying = set(WatchDesk.objects.values_list("watch_id", flat=True))
    assert lying == set(Watch.objects.filter(closed_at=None).values_list("id", flat=True))


def test_children_have_guardians_until_they_come_of_age(town: Municipality) -> None:
    guardians = Mandate.objects.filter(kind="guardian").select_related("principal")
    assert len(guardians) > 200
    assert all(
        row.valid_to and (row.valid_to.year - row.principal.birth_date.year) in (17, 18) for row in guardians
    )


def test_a_protected_person_is_found_by_the_named_few_alone(
    town: Municipality, who: Callable[[str], Actor]
) -> None:
    hidden = Person.objects.exclude(protection="none").filter(protected_accesses__isnull=False).first()
    assert hidden is not None
    found = search(who("Sofia Wester"), hidden.full_name, MORNING)
    assert hidden.pk not in [hit.pk for hit in found.hits]


def test_the_neighbour_sees_nothing_of_it(loaded: None) -> None:
    other = Municipality.objects.get(slug="sjohaga")
    with tenancy.acting(other.pk, (1, 2, 3)):
        here = Person.objects.count()
        assert 30 < here < 100
        assert not Person.objects.filter(family_name="Lindqvist Berg").exists()
        assert set(Case.objects.values_list("municipality_id", flat=True)) == {other.pk}
    with tenancy.acting(None):
        assert not Person.objects.exists()
        assert not Case.objects.exists()


def test_the_record_of_reading_has_something_to_review(town: Municipality) -> None:
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) >= {"read", "wrote"}
    assert AuditEvent.objects.exclude(review="").exists()


def test_the_planner_knows_the_tables(loaded: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'people_nametoken'")
        assert cursor.fetchone()[0] > 3_000


def test_everyone_whose_alarm_is_delivered_on_has_one_that_was_heard(town: Municipality) -> None:
    bulk = Order.objects.filter(kind="social_alarm", state="active")
    units = AlarmUnit.objects.filter(state="active")
    assert units.count() == bulk.count() > 2
    assert not Pendant.objects.filter(unit__in=units, tested_at=None).exists()
    assert TestPress.objects.count() == Pendant.objects.filter(unit__in=units).count()
    assert AlarmUnit.objects.filter(state="planned", person=None).count() >= 4


def test_what_is_confirmed_and_not_installed_is_work(town: Municipality) -> None:
    waiting = set(Order.objects.filter(kind="social_alarm", state="confirmed").values_list("pk", flat=True))
    told = Watch.objects.filter(type="alarms.install", closed_at=None)
    assert set(told.values_list("object_id", flat=True)) == waiting


def test_the_jobs_of_alarms_find_nothing_left_undone(town: Municipality) -> None:
    assert alarm_jobs.remind_of_tests(town.pk, MORNING) == 0
    assert alarm_jobs.deliver_installed(town.pk, MORNING) == 0
    assert alarm_jobs.watch_receivers(town.pk, MORNING) == 0


def test_somebody_is_on_call_day_and_night(town: Municipality) -> None:
    teams = set(AlarmUnit.objects.values_list("team_id", flat=True))
    for hours in range(0, 30 * 24, 5):
        now = MORNING + timedelta(hours=hours)
        on_call = OnCall.objects.filter(starts_at__lte=now, ends_at__gt=now, step=0)
        assert teams <= set(on_call.values_list("team_id", flat=True))


def test_the_receivers_keys_follow_from_the_demos_secret(town: Municipality) -> None:
    keys = {digest_of_key(receiver_key(settings.SECRET_KEY, "asvalla", code)) for code in "ab"}
    assert set(Receiver.objects.values_list("key_hash", flat=True)) == keys
