"""The browser tests' own ground: a real server over a database of the test's own."""

import threading

import pytest
from django.db import connection, connections, transaction

from livlina.core.models import Unit, User
from tests.browser.look import check_axe, check_fits, screenshot


def test_a_page_is_shown_by_a_real_server(live, browser_page) -> None:
    browser_page.goto("/ui/gallery")
    assert "Galleri" in browser_page.title()


def test_someone_signed_in_is_known_by_the_server(as_actor, karin) -> None:
    page = as_actor(karin)
    page.goto("/ui/gallery?layout=officer")
    assert "Karin Ekdal" in page.get_by_role("banner").inner_text()


def test_a_page_nobody_has_is_answered_as_missing(live, browser_page) -> None:
    assert browser_page.goto("/nothing-here").status == 404


def test_what_one_connection_writes_another_sees(own_database, asvalla, karin) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(User.objects.count())
        connections.close_all()

    other = threading.Thread(target=look)
    other.start()
    other.join()
    assert seen == [1]


@pytest.mark.parametrize("turn", [1, 2])
def test_nothing_is_left_for_the_next_test(own_database, asvalla, turn: int) -> None:
    assert not Unit.objects.exists()
    with transaction.atomic():
        Unit.objects.create(municipality=asvalla, name="Bara här", side="authority")


@pytest.mark.django_db(transaction=True)
def test_a_test_of_several_transactions_has_a_database_of_its_own(karin) -> None:
    assert not connection.in_atomic_block
    assert Unit.objects.get().name == karin.unit_name


def test_an_ordinary_test_stays_in_one_transaction(asvalla) -> None:
    assert connection.in_atomic_block


def test_a_picture_and_an_accessibility_check_can_be_taken(live, browser_page) -> None:
    browser_page.goto("/ui/gallery")
    check_axe(browser_page)
    check_fits(browser_page)
    assert all(picture.stat().st_size > 1000 for picture in screenshot(browser_page, "gallery"))


def test_the_queue_is_worked_off(work) -> None:
    work()
