"""The last place in a home: of two who take it at the same instant one gets it."""

import threading
from datetime import date, datetime

from django.db import connection

from livlina.authority.contractors import actions
from livlina.authority.contractors.actions import NoPlace
from livlina.authority.contractors.models import Listing, Stay
from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.core.tenancy import acting
from tests.people import ALL

DAY = date(2026, 3, 2)


def test_two_children_are_never_given_the_last_place(own_database: str, fatima: Actor, now: datetime) -> None:
    home_id = uuid7()
    with acting(fatima.municipality_id, ALL):
        Listing.objects.create(
            municipality_id=fatima.municipality_id, home_id=home_id, name="Familjen Sjögren", kinds=["foster_home"],
            place="Åsvalla", capacity=1, age_from=6, age_to=12, valid_from=DAY,
            extracts_until=DAY,
        )  # fmt: skip
    answers, ready = [], threading.Barrier(2)

    def take(number: int) -> None:
        ready.wait(10)
        try:
            with acting(fatima.municipality_id, fatima.compartments):
                actions.take_place(
                    home_id, kind="foster_home", age=8, source=f"placements.placement:{number}", begins_on=DAY,
                    by=fatima, now=now,
                )  # fmt: skip
            answers.append("got it")
        except NoPlace as full:
            answers.append(str(full))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["Hemmet har ingen ledig plats.", "got it"]
    with acting(fatima.municipality_id, ALL):
        assert Stay.objects.count() == 1
