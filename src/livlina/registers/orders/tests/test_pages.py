"""The pages: what they show, what they cost, and who gets none."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from livlina.core import clock
from livlina.core.access import Actor, may
from livlina.core.models import AuditEvent
from livlina.registers.orders import actions, queries
from livlina.registers.orders.models import Order
from livlina.registers.people.models import Person

COPY_ORDERS = """
WITH made AS (
    INSERT INTO orders_order SELECT copy.* FROM (SELECT * FROM orders_order LIMIT 1) one, generate_series(1, %s) n,
    LATERAL jsonb_populate_record(NULL::orders_order, to_jsonb(one) || jsonb_build_object(
        'id', gen_random_uuid(), 'answer_by', one.answer_by + n * interval '1 minute')) copy RETURNING id)
INSERT INTO orders_orderversion SELECT copy.* FROM made, (SELECT * FROM orders_orderversion LIMIT 1) one,
    LATERAL jsonb_populate_record(NULL::orders_orderversion, to_jsonb(one) || jsonb_build_object(
        'id', gen_random_uuid(), 'order_id', made.id)) copy
"""


@pytest.fixture(autouse=True)
def _nine_oclock(monkeypatch: pytest.MonkeyPatch, now) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def post(client_of) -> Callable[..., object]:
    """Return a function that sends a form as someone."""
    return lambda actor, address, **data: client_of(actor).post(
        address, data | {"submission_key": str(uuid4())}
    )


@pytest.mark.parametrize("size", [1, 5000])
def test_lists_cost_the_same_however_long_they_are(sent, karin, petra, statements, now, size):
    with connection.cursor() as cursor:
        cursor.execute(COPY_ORDERS, [size - 1])
    with statements() as inbox:
        assert len(
            [(row.order.provider.name, row.order.orderer_unit.name) for row in queries.inbox(petra, now)]
        ) == min(size, 50)
    with statements() as unread:
        assert len([letter.person.name for letter in queries.unread(karin, now)]) == min(size, 50)
        assert queries.unread_count(karin, now).waiting == size
    assert (len(inbox), len(unread)) == (1, 2)


@pytest.mark.parametrize(
    ("who", "address"), [("petra", "/provider/orders"), ("karin", "/officer/orders/unread")]
)
def test_a_work_list_page_costs_at_most_five_statements_with_five_thousand_orders(
    sent, client_of, statements, request, who, address
):
    with connection.cursor() as cursor:
        cursor.execute(COPY_ORDERS, [4999])
    browser = client_of(request.getfixturevalue(who))
    browser.get(address)
    with statements() as sent_by_page:
        page = browser.get(f"{address}?from=50")
    frame = ("set_config", "current_setting", "SAVEPOINT")
    ours = [query["sql"] for query in sent_by_page if not any(word in query["sql"] for word in frame)]
    assert page.status_code == 200
    assert len(ours) <= 5


def test_the_whole_way_of_an_order_in_the_browser(
    opened, karin, petra, ali, client_of, post, monkeypatch, now
):
    ours, theirs = f"/officer/orders/{opened.pk}", f"/provider/orders/{opened.pk}"
    refused = post(petra, f"{theirs}/confirm", **{"confirm-start": "2026-02-01", "confirm-contact": "Petra"})
    assert refused.status_code == 422
    assert "beställningen skickades då" in refused.content.decode()
    post(
        petra, f"{theirs}/confirm", **{"confirm-start": "2026-03-09", "confirm-contact": "Petra, 0999-120 11"}
    )
    assert "Petra, 0999-120 11" in client_of(karin).get(ours).content.decode()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=14))
    assert post(ali, f"{theirs}/deliver", period_from="2026-03-09", period_to="2026-03-15").status_code == 422
    post(
        ali,
        f"{theirs}/deliver",
        period_from="2026-03-09",
        period_to="2026-03-15",
        minutes="590",
        deviation="Ett besök uteblev.",
    )
    assert "Astrid Lindqvist" in client_of(ali).get("/provider/orders/active").content.decode()
    page = client_of(karin).get(ours).content.decode()
    for words in ("2600 minuter per månad", "600 minuter per vecka", "590 minuter", "Ett besök uteblev."):
        assert words in page
    assert post(karin, f"{ours}/end", end_date="2026-03-31", reason="").status_code == 422
    assert post(karin, f"{ours}/end", end_date="2026-03-31", reason="moved").status_code == 302
    assert "Sista dag" in client_of(karin).get(ours).content.decode()


def test_a_refusal_and_a_wish_to_recall_in_the_browser(opened, karin, petra, client_of, post):
    ours, theirs = f"/officer/orders/{opened.pk}", f"/provider/orders/{opened.pk}"
    assert "har <strong>öppnat</strong>" in client_of(karin).get(f"{ours}/recall").content.decode()
    assert post(karin, f"{ours}/recall").status_code == 422
    post(karin, f"{ours}/recall", reason="wrong_content", ask="1")
    assert "Beställaren vill återkalla" in client_of(petra).get(theirs).content.decode()
    assert post(petra, f"{theirs}/recall", **{"recall-agree": "no"}).status_code == 422
    post(petra, f"{theirs}/recall", **{"recall-agree": "no", "recall-text": "Vi har börjat."})
    assert post(petra, f"{theirs}/decline", **{"decline-reason": "other"}).status_code == 422
    post(petra, f"{theirs}/decline", **{"decline-reason": "no_capacity"})
    assert "ligger inte längre hos er" in client_of(petra).get(theirs).content.decode()
    assert "har tackat nej: ingen ledig kapacitet" in client_of(karin).get(ours).content.decode()


def test_pressing_send_twice_sends_once(draft, norra, karin, client_of):
    actions.choose_provider(draft, norra, by=karin, now=clock.now())
    key = str(uuid4())
    for _ in range(2):
        answer = client_of(karin).post(
            f"/officer/orders/{draft.pk}/send", {"repeated_name": norra.name, "submission_key": key}
        )
        assert answer.status_code == 302
    assert [event.kind for event in queries.history(draft)].count("sent") == 1


def test_a_protected_persons_letter_is_shown_to_the_named_few_alone(opened, astrid, petra, karin, client_of):
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    page = client_of(petra).get(f"/provider/orders/{opened.pk}").content.decode()
    assert "skyddade personuppgifter" in page
    assert "Astrid" not in page
    assert "Astrid" not in client_of(karin).get("/officer/orders/unread").content.decode()


def test_the_manager_goes_from_a_closed_letter_to_naming_who_may_read_it(
    opened, astrid, petra, ali, client_of
):
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    letter, few = f"/provider/orders/{opened.pk}", f"/provider/people/{astrid.pk}/named-few"
    assert few not in client_of(ali).get(letter).content.decode()
    browser = client_of(petra)
    assert few in browser.get(letter).content.decode()
    named = {"user": petra.user_id, "reason": "Ansvarig chef", "submission_key": str(uuid4())}
    assert browser.post(few, named).status_code == 302
    assert "Astrid" in browser.get(letter).content.decode()


def test_pieces_for_other_pages(sent, astrid, karin, petra, client_of):
    case = sent.versions.get().source_id
    browser = client_of(karin)
    for address in (f"/officer/orders/of/cases.case/{case}", f"/officer/orders/of-person/{astrid.pk}"):
        assert "Norra hemtjänsten AB" in browser.get(address).content.decode()
    assert "1 beställning väntar på svar" in browser.get("/officer/orders/unread/piece").content.decode()
    assert "24 timmar kvar" in client_of(petra).get("/provider/orders/piece").content.decode()


def test_reading_a_letter_is_recorded_and_reading_an_envelope_names_nobody(
    sent, petra, astrid, client_of, post
):
    client_of(petra).get(f"/provider/orders/{sent.pk}")
    assert not AuditEvent.objects.filter(person_id=astrid.pk, user_id=petra.user_id).exists()
    post(petra, f"/provider/orders/{sent.pk}/open")
    assert AuditEvent.objects.filter(person_id=astrid.pk, user_id=petra.user_id, outcome="read").exists()


WHO_MAY = {
    "case_worker": "read change send recall end", "unit_manager": "read change send recall end",
    "duty_officer": "read change send recall end", "provider_manager": "inbox open answer deliver",
    "provider_staff": "inbox open answer deliver", "nurse": "inbox deliver", "reception": "", "committee_secretary": "",
    "support": "", "administrator": "", "citizen": "",
}  # fmt: skip
VERBS = ("read", "change", "send", "recall", "end", "inbox", "open", "answer", "deliver")


@pytest.mark.parametrize(("role", "verbs"), WHO_MAY.items())
def test_who_may_do_what_with_an_opened_order(opened, karin, petra, role, verbs):
    unit = petra.unit_id if role in ("provider_manager", "provider_staff", "nurse") else karin.unit_id
    own = Actor("staff", karin.municipality_id, role, "Någon", user_id=0, unit_id=unit)
    other = Actor("staff", karin.municipality_id, role, "Någon", user_id=0, unit_id=uuid4())
    on_duty = role == "duty_officer"  # gets whatever waits for an answer, whoever ordered it
    for verb in VERBS:
        assert may(own, f"orders.{verb}", opened) is (verb in verbs.split())
        assert may(other, f"orders.{verb}", opened) is (on_duty and verb in verbs.split())


@pytest.mark.parametrize("stranger", ["sofia", "eva", "sara", "anders", "ola", "petra", "erik"])
def test_a_stranger_finds_no_order(sent, request, client_of, stranger):
    actor = request.getfixturevalue(stranger)
    for address in ("", "/provider", "/send", "/recall", "/end"):
        assert client_of(actor).get(f"/officer/orders/{sent.pk}{address}").status_code == 404
    if stranger == "erik":
        assert client_of(actor).get(f"/provider/orders/{sent.pk}").status_code == 404
    assert Order.objects.get(pk=sent.pk).state == "sent"
