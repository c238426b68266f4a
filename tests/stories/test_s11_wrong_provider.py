"""S11. An order went to the wrong provider.

Here the choice is confirmed twice with the name shown, and until it is opened the order can be recalled, with no
trace of what it says at the wrong provider: not on a page, not at an address, not in a row.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from livlina.core import clock, tenancy
from livlina.registers.orders.models import Order
from livlina.registers.orders.tests.fixtures import NEEDS

TABLES = [
    *("orders_order", "orders_orderversion", "orders_orderevent", "orders_delivery"),
    *("watches_watch", "watches_watchdesk", "watches_watchevent"),
]
"""Everything that came to be because of the order."""


@pytest.fixture(autouse=True)
def _nine_oclock(monkeypatch: pytest.MonkeyPatch, now) -> None:
    """It is nine o'clock for the pages too."""
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def post(client_of) -> Callable[..., object]:
    """Return a function that sends a form as someone."""
    return lambda actor, address, **data: client_of(actor).post(
        address, data | {"submission_key": str(uuid4())}
    )


@pytest.fixture
def sent_wrong(draft: Order, norrgarden, karin, post) -> Order:
    """Home care for Astrid, sent to Norrgårdens hemtjänst although Norra hemtjänsten was meant."""
    post(karin, f"/officer/orders/{draft.pk}/provider", provider=str(norrgarden.pk))
    post(karin, f"/officer/orders/{draft.pk}/send", repeated_name=norrgarden.name)
    draft.refresh_from_db()
    assert draft.state == "sent"
    return draft


def readable(actor, table: str) -> int:
    """How many rows of a table the actor's side can read past the application, about their own unit where it says."""
    with tenancy.acting(actor.municipality_id, actor.compartments), connection.cursor() as cursor:
        where = f" WHERE unit_id = '{actor.unit_id}'" if table == "people_reach" else ""
        cursor.execute(f"SELECT count(*) FROM {table}{where}")
        return int(cursor.fetchone()[0])


def mentions(actor, *words: str) -> list[str]:
    """Which of TABLES have a row, readable at the actor's side past the application, that holds one of `words`."""
    found = []
    with tenancy.acting(actor.municipality_id, actor.compartments), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(row)::text FROM {table} row")
            if any(word in text for (text,) in cursor.fetchall() for word in words):
                found.append(table)
    return found


def test_the_page_before_sending_repeats_the_name_and_says_what_it_is_not(
    draft, norra, norrgarden, karin, client_of, post
):
    post(karin, f"/officer/orders/{draft.pk}/provider", provider=str(norrgarden.pk))
    page = client_of(karin).get(f"/officer/orders/{draft.pk}/send").content.decode()
    assert "<b>Norrgårdens hemtjänst</b>, <strong>inte</strong> Norra hemtjänsten AB" in page
    assert "Inte i beställningens område" in page
    assert "checked" not in page.split("stop-title")[-1]


def test_a_name_that_differs_from_the_choice_sends_nothing(draft, norra, norrgarden, karin, post):
    post(karin, f"/officer/orders/{draft.pk}/provider", provider=str(norrgarden.pk))
    for data in ({"repeated_name": norra.name}, {}):
        answer = post(karin, f"/officer/orders/{draft.pk}/send", **data)
        assert answer.status_code == 422
        assert "<title>Fel: " in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_before_opening_the_wrong_provider_sees_kind_area_and_time_only(sent_wrong, erik, astrid, client_of):
    for address in ("/provider/orders", "/provider/orders/piece", f"/provider/orders/{sent_wrong.pk}"):
        page = client_of(erik).get(address).content.decode()
        assert "Hemtjänst, Centrum" in page
        assert "Astrid" not in page
        assert "förflyttning" not in page
    assert client_of(erik).get(f"/provider/people/{astrid.pk}").status_code == 404


def test_a_recalled_order_leaves_no_trace_at_the_wrong_provider(
    sent_wrong, erik, karin, astrid, client_of, post
):
    case = str(sent_wrong.versions.get().source_id)
    post(karin, f"/officer/orders/{sent_wrong.pk}/recall", reason="wrong_provider")
    browser = client_of(erik)
    assert "Inkorgen är tom" in browser.get("/provider/orders").content.decode()
    for address in ("", "/deliver"):
        assert browser.get(f"/provider/orders/{sent_wrong.pk}{address}").status_code == 404
    for verb in ("open", "confirm", "decline", "recall"):
        assert post(erik, f"/provider/orders/{sent_wrong.pk}/{verb}").status_code == 404
    assert client_of(erik).get(f"/provider/people/{astrid.pk}").status_code == 404
    assert readable(erik, "orders_orderversion") == 0
    assert readable(erik, "people_reach") == 0
    assert mentions(erik, str(astrid.pk), "förflyttning", case) == []
    assert "orders_orderversion" in mentions(
        karin, str(astrid.pk)
    )  # the control: the same question at our side


def test_the_right_provider_then_opens_it_and_only_that_one_can_read(
    sent_wrong, norra, erik, petra, karin, client_of, post
):
    post(karin, f"/officer/orders/{sent_wrong.pk}/recall", reason="wrong_provider")
    answer = post(karin, f"/officer/orders/{sent_wrong.pk}/again")
    new = answer["Location"].split("/")[-2]
    assert post(karin, f"/officer/orders/{new}/provider", provider=str(norra.pk))["Location"].endswith(
        "/send"
    )
    assert post(karin, f"/officer/orders/{new}/send", repeated_name=norra.name).status_code == 302
    post(petra, f"/provider/orders/{new}/open")
    page = client_of(petra).get(f"/provider/orders/{new}").content.decode()
    assert "Astrid Lindqvist" in page
    assert NEEDS in page
    assert readable(petra, "orders_orderversion") == 1  # the positive control of the test above
    assert client_of(erik).get(f"/provider/orders/{new}").status_code == 404
    ours = client_of(karin).get(f"/officer/orders/{new}").content.decode()
    assert "av Petra Nyström" in ours
    assert "Begär att få återkalla" in ours
