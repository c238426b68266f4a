"""An order crosses the wall once, opened by someone, answered in time, and never by mistake."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.models import AuditEvent
from livlina.registers.orders import actions, jobs, queries
from livlina.registers.orders.models import Delivery, Line, LineWrong, Order, OrderEvent, OrderVersion
from livlina.registers.orders.tests.fixtures import MEALS, NEEDS, SHOWER, send
from livlina.registers.people.models import Reach
from livlina.registers.watches import queries as watches
from livlina.registers.watches.models import Watch

HOUR = timedelta(hours=1)
MONDAY = date(2026, 3, 9)


def kinds(order: Order) -> list[str]:
    """What happened to an order, in order."""
    return [event.kind for event in queries.history(order)]


def on_the_list_of(actor, now) -> list[str]:
    """The types of watches on someone's list."""
    return [line.type for line in watches.todays(actor, now).lines]


def test_drafting_twice_for_the_same_case_and_service_is_one_draft(draft_for, astrid, norra, karin, now):
    first = draft_for(astrid, source=astrid.pk)
    again = draft_for(astrid, source=astrid.pk)
    changed = draft_for(astrid, source=astrid.pk, lines=[MEALS])
    assert first == again == changed
    assert kinds(first) == ["drafted", "revised"]
    assert queries.letter_of(karin, changed).weekly_minutes == 3 * 7 * 20


def test_an_order_that_says_nothing_is_refused(draft_for, astrid):
    with pytest.raises(actions.NothingOrdered):
        draft_for(astrid, lines=[], facts={"Behov": "  "})


def test_weekly_minutes_count_double_staffing_and_months(now):
    assert SHOWER.weekly_minutes == 180
    assert Line("Städning", 1, "month", 130).weekly_minutes == 30
    assert SHOWER.words == "Dusch: 2 gånger per vecka, 45 minuter, morgon, dubbelbemanning"
    for wrong in ({"per": "year"}, {"times": 0}, {"minutes": 1441}, {"staff": 0}, {"what": " "}):
        with pytest.raises(LineWrong):
            Line(**({"what": "Dusch", "times": 1, "per": "day", "minutes": 10} | wrong))


def test_nothing_is_sent_unless_the_providers_name_is_repeated(draft, norra, norrgarden, karin, now):
    with pytest.raises(actions.NoProvider):
        actions.send_order(draft, repeated_name=norra.name, by=karin, now=now)
    actions.choose_provider(draft, norra, by=karin, now=now)
    with pytest.raises(actions.NameDiffers):
        actions.send_order(draft, repeated_name=norrgarden.name, by=karin, now=now)
    assert Order.objects.get().state == "draft"
    for _ in range(2):
        actions.send_order(draft, repeated_name=" norra  Hemtjänsten ab ", by=karin, now=now)
    assert kinds(draft) == ["drafted", "provider_chosen", "sent"]


def test_a_provider_that_does_not_take_the_service_cannot_be_chosen(draft_for, astrid, norra, karin, now):
    order = draft_for(astrid, service="short_term_housing")
    with pytest.raises(actions.ProviderUnfit):
        actions.choose_provider(order, norra, by=karin, now=now)
    norra.valid_to = date(2026, 3, 1)
    norra.save(update_fields=["valid_to"])
    with pytest.raises(actions.ProviderUnfit):
        actions.choose_provider(draft_for(astrid), norra, by=karin, now=now)


def test_look_alike_names_are_pointed_out(draft, norra, norrgarden, karin, now):
    found = {
        choice.provider.name: choice for choice in queries.choices(karin, "home_care", "Centrum", now.date())
    }
    assert found[norra.name].alike == [norrgarden.name]
    assert [found[name].in_area for name in (norra.name, norrgarden.name)] == [True, False]
    assert found[norra.name].free_hours == 400


def test_the_load_of_a_provider_counts_what_it_has_been_sent(sent, norra, karin, now):
    [choice, _] = queries.choices(karin, "home_care", "Centrum", now.date())
    assert choice.ordered_hours == round((180 + 420) / 60)


def test_before_opening_the_inbox_says_kind_area_and_time_and_nothing_else(sent, petra, astrid, now):
    [item] = queries.inbox(petra, now + 21 * HOUR)
    assert (item.order.kind, item.order.area, item.hours_left, item.urgency) == (
        "home_care",
        "Centrum",
        3,
        "high",
    )
    assert not any(isinstance(field.related_model, type(astrid)) for field in Order._meta.get_fields())
    with pytest.raises(Refused):
        queries.handed_letter(petra, sent)


def test_row_level_security_keeps_an_unopened_letter_from_the_provider(sent, asvalla, petra, now):
    def seen() -> list[str]:
        with tenancy.acting(asvalla.pk, petra.compartments), connection.cursor() as cursor:
            cursor.execute("SELECT facts::text FROM orders_orderversion")
            return [row[0] for row in cursor.fetchall()]

    assert seen() == []
    actions.open_order(sent, by=petra, now=now)  # the positive control: the same statement, after opening
    assert [NEEDS in text for text in seen()] == [True]


def test_opening_says_who_and_when_and_gives_the_unit_reach(sent, petra, ali, astrid, now):
    assert not Reach.objects.filter(unit_id=petra.unit_id).exists()
    first = actions.open_order(sent, by=petra, now=now)
    again = actions.open_order(sent, by=ali, now=now + HOUR)
    assert first == again
    sent.refresh_from_db()
    assert (sent.opened_by, sent.opened_at) == ("Petra Nyström", now)
    assert Reach.objects.get(unit_id=petra.unit_id).person == astrid
    assert kinds(sent).count("opened") == 1
    assert AuditEvent.objects.filter(verb="orders.read_content", person_id=astrid.pk).count() == 1


def test_both_copies_of_the_letter_say_the_same_and_the_case_stays_at_home(opened):
    ours, theirs = OrderVersion.objects.order_by("compartment")
    assert ours.digest == theirs.digest == theirs.sealed()
    assert (theirs.source_type, theirs.source_id) == ("", None)


def test_a_recalled_order_was_never_at_the_wrong_provider(sent, petra, karin, asvalla, now):
    actions.recall_order(sent, reason="wrong_provider", by=karin, now=now + HOUR)
    actions.recall_order(sent, reason="wrong_provider", by=karin, now=now + HOUR)
    assert queries.inbox(petra, now) == []
    for look in (queries.envelope, queries.handed_letter):
        with pytest.raises(Refused):
            look(petra, sent if look is queries.handed_letter else sent.pk)
    with pytest.raises(Refused):
        actions.open_order(sent, by=petra, now=now)
    assert not OrderVersion.objects.filter(compartment=2).exists()
    assert not Reach.objects.filter(unit_id=petra.unit_id).exists()
    assert on_the_list_of(petra, now + 90 * HOUR) == []


def test_an_opened_order_is_taken_back_only_if_the_provider_agrees(opened, karin, petra, now):
    with pytest.raises(actions.AlreadyOpened, match="redan öppnat"):
        actions.recall_order(opened, reason="wrong_provider", by=karin, now=now)
    actions.ask_recall(opened, reason="wrong_provider", by=karin, now=now)
    assert "orders.recall_asked" in on_the_list_of(petra, now)
    with pytest.raises(actions.WrongState, match="återkalla"):
        actions.confirm_order(opened, start=MONDAY, contact="Petra", by=petra, now=now)
    actions.answer_recall(opened, agree=True, by=petra, now=now)
    opened.refresh_from_db()
    assert opened.state == "recalled"
    assert on_the_list_of(petra, now) == []
    assert Reach.objects.get(unit_id=petra.unit_id).ended_at == now
    with pytest.raises(Refused):
        queries.handed_letter(petra, opened)


def test_a_refused_recall_is_told_to_the_orderer_and_the_order_goes_on(opened, karin, petra, now):
    actions.ask_recall(opened, reason="not_needed", by=karin, now=now)
    with pytest.raises(actions.ReasonMissing):
        actions.answer_recall(opened, agree=False, by=petra, now=now)
    actions.answer_recall(opened, agree=False, text="Vi har redan varit där.", by=petra, now=now)
    assert on_the_list_of(karin, now) == ["orders.recall_refused"]
    actions.confirm_order(opened, start=MONDAY, contact="Petra", by=petra, now=now)


def test_an_order_is_accepted_with_a_start_and_a_contact(opened, petra, karin, now):
    for fault, given in (
        (actions.ContactMissing, {"start": MONDAY, "contact": " "}),
        (actions.StartTooEarly, {"start": date(2026, 3, 1), "contact": "Petra"}),
    ):
        with pytest.raises(fault):
            actions.confirm_order(opened, **given, by=petra, now=now)
    for _ in range(2):
        actions.confirm_order(opened, start=MONDAY, contact="Petra, 0999-120 11", by=petra, now=now)
    assert kinds(opened).count("confirmed") == 1
    assert on_the_list_of(karin, now + 90 * HOUR) == []


def test_a_refusal_is_a_danger_at_the_orderer_until_a_new_order_is_sent(
    opened, petra, karin, johan, norrgarden, now
):
    with pytest.raises(actions.ReasonMissing):
        actions.decline_order(opened, reason="other", by=petra, now=now)
    actions.decline_order(opened, reason="no_capacity", by=petra, now=now)
    assert on_the_list_of(johan, now) == ["orders.declined"]  # a colleague sees it too
    assert Watch.objects.get(type="orders.declined").kind.danger
    assert Reach.objects.get(unit_id=petra.unit_id).ended_at == now
    new = actions.draft_again(opened, by=karin, now=now)
    assert actions.draft_again(opened, by=karin, now=now) == new
    assert queries.letter_of(karin, new).facts == {"Behov": NEEDS}
    send(new, norrgarden, karin, now)
    assert on_the_list_of(johan, now) == []


@pytest.mark.parametrize(
    ("kind", "hours"), [("social_alarm", 4), ("hospital_discharge", 4), ("home_care", 24), ("other", 72)]
)
def test_each_kind_has_its_time_to_answer_and_then_climbs(
    kind, hours, draft_for, astrid, norra, karin, maria, duty, petra, ali, now
):
    order = send(draft_for(astrid, kind=kind), norra, karin, now)
    late = now + hours * HOUR
    a_second = timedelta(seconds=1)
    assert on_the_list_of(karin, late - a_second) == on_the_list_of(petra, late - a_second) == []
    for actor, moment, expected in (
        (karin, late, "orders.unconfirmed"), (ali, late, "orders.waiting"), (petra, late, "orders.waiting"),
        (maria, late + HOUR, "orders.unconfirmed"), (duty, late + 2 * HOUR, "orders.unconfirmed"),
    ):  # fmt: skip
        assert on_the_list_of(actor, moment) == [expected]
    assert (
        on_the_list_of(maria, late + HOUR - a_second)
        == on_the_list_of(duty, late + 2 * HOUR - a_second)
        == []
    )
    assert Watch.objects.get(type="orders.waiting").person_id is None
    assert order.late(late)


def test_the_escalation_is_written_down_once_as_of_its_second(sent, karin, now):
    days_later = now + timedelta(days=14)
    assert jobs.escalate_unconfirmed(karin.municipality_id, now + 24 * HOUR - timedelta(seconds=1)) == 0
    assert jobs.escalate_unconfirmed(karin.municipality_id, days_later) == 1
    assert jobs.escalate_unconfirmed(karin.municipality_id, days_later) == 0
    event = OrderEvent.objects.get(kind="escalated")
    assert (event.at, event.recorded_at) == (now + 24 * HOUR, days_later)
    assert Watch.objects.count() == 2


def test_the_first_delivery_makes_the_order_active(confirmed, petra, ali, now):
    later = now + timedelta(days=14)
    week = {"period_from": MONDAY, "period_to": date(2026, 3, 15)}
    first = actions.report_delivery(confirmed, **week, minutes=590, by=ali, now=later)
    again = actions.report_delivery(confirmed, **week, minutes=590, by=ali, now=later)
    assert first == again
    confirmed.refresh_from_db()
    assert confirmed.state == "active"
    with pytest.raises(actions.AlreadyReported):
        actions.report_delivery(confirmed, **week, minutes=600, by=ali, now=later)
    actions.report_delivery(confirmed, **week, minutes=600, corrects=first, by=ali, now=later)
    assert [report.minutes for report in queries.delivered(confirmed)] == [600]
    assert Delivery.objects.count() == 2


def test_granted_ordered_and_performed_are_three_figures(confirmed, ali, karin, now):
    actions.report_delivery(
        confirmed, period_from=MONDAY, period_to=MONDAY, minutes=80, by=ali, now=now + timedelta(days=8)
    )
    found = queries.figures(confirmed, queries.letter_of(karin, confirmed))
    assert (found.granted_minutes_per_month, found.ordered_minutes_per_week, found.performed_minutes) == (
        2600,
        600,
        80,
    )


@pytest.mark.parametrize(("given", "fault"), [
    ({"minutes": 10, "count": 1}, actions.FigureWrong),
    ({}, actions.FigureWrong),
    ({"minutes": 10, "period_to": date(2026, 3, 30)}, actions.PeriodWrong),
    ({"minutes": 10, "period_from": date(2026, 3, 8)}, actions.PeriodWrong),
])  # fmt: skip
def test_a_report_that_cannot_be_true_is_refused(confirmed, ali, now, given, fault):
    with pytest.raises(fault):
        actions.report_delivery(
            confirmed,
            **({"period_from": MONDAY, "period_to": MONDAY} | given),
            by=ali,
            now=now + timedelta(days=8),
        )


def test_a_deviation_reaches_the_orderer(confirmed, ali, karin, now):
    later = now + timedelta(days=8)
    actions.report_delivery(
        confirmed,
        period_from=MONDAY,
        period_to=MONDAY,
        minutes=0,
        deviation="Två besök uteblev.",
        by=ali,
        now=later,
    )
    assert on_the_list_of(karin, later + timedelta(days=2)) == ["orders.deviation"]


def test_a_changed_order_takes_over_when_it_is_confirmed(confirmed, norra, karin, petra, now):
    new = actions.new_version(
        confirmed, lines=[MEALS], facts={"Behov": "x"}, starts_on=date(2026, 4, 1), by=karin, now=now
    )
    send(new, norra, karin, now)
    with pytest.raises(actions.ChangeUnderWay):
        actions.new_version(confirmed, lines=[MEALS], facts={}, starts_on=date(2026, 5, 1), by=karin, now=now)
    actions.open_order(new, by=petra, now=now)
    confirmed.refresh_from_db()
    assert confirmed.state == "confirmed"
    actions.confirm_order(new, start=date(2026, 4, 1), contact="Petra", by=petra, now=now)
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.end_date) == ("superseded", date(2026, 3, 31))


def test_an_ended_order_leaves_the_provider_two_weeks_to_finish_writing(confirmed, karin, petra, now):
    with pytest.raises(actions.ReasonMissing):
        actions.end_order(confirmed, end_date=date(2026, 3, 20), reason="", by=karin, now=now)
    for _ in range(2):
        actions.end_order(confirmed, end_date=date(2026, 3, 20), reason="moved", by=karin, now=now)
    assert Reach.objects.get(unit_id=petra.unit_id).until == date(2026, 4, 3)
    with pytest.raises(actions.WrongState):
        actions.new_version(confirmed, lines=[MEALS], facts={}, starts_on=MONDAY, by=karin, now=now)


def test_an_order_that_waits_is_recalled_and_not_ended(sent, karin, now):
    with pytest.raises(actions.WrongState):
        actions.end_order(sent, end_date=MONDAY, reason="moved", by=karin, now=now)


def test_the_orderer_sees_how_much_is_unread_and_how_old_it_is(sent, karin, petra, now):
    assert queries.unread_count(karin, now + 25 * HOUR) == queries.Unread(1, 1, 1, 25 * HOUR)
    actions.open_order(sent, by=petra, now=now + 25 * HOUR)
    assert queries.unread_count(karin, now + 26 * HOUR).unopened == 0


def test_orders_are_found_by_person_and_by_case(draft_for, astrid, bertil, norra, karin, now):
    order = draft_for(astrid, source=norra.pk)
    assert [letter.order for letter in queries.of_person(karin, astrid.pk)] == [order]
    assert [letter.order for letter in queries.of_source(karin, ("cases.case", norra.pk))] == [order]
    assert queries.of_person(karin, bertil.pk) == []


@pytest.mark.parametrize("change", [
    "UPDATE orders_orderversion SET facts = '{}'", "DELETE FROM orders_orderversion",
    "UPDATE orders_orderevent SET kind = 'sent'", "UPDATE orders_delivery SET minutes = 1", "DELETE FROM orders_order",
])  # fmt: skip
def test_what_was_ordered_and_reported_cannot_be_rewritten(sent, change):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_database_refuses_an_order_opened_by_nobody(sent):
    with pytest.raises(DatabaseError, match="order_opened_by_someone"), transaction.atomic():
        Order.objects.filter(pk=sent.pk).update(state="opened")
