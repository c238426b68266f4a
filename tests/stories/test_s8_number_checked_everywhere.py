"""S8: a personal identity number was checked in two of three search places.

Here there is one type. The same wrong number meets the same answer wherever it is written, and the same right one is
understood however it is written. `tests/architecture/test_one_identity_number.py` finds a second check in the code.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from livlina.core.access import Actor
from livlina.registers.people.models import Person

WRONG = {
    "199006022398": "check digit",
    "190002292391": "no such day",
    "199013012380": "no such month",
    "209912312395": "not born yet",
    "１９９００６０２２３９７": "full-width digits",
}


def pages(browser: Any, number: str) -> dict[str, str]:
    """What each place where a number can be written answers."""
    searched = browser.post("/officer/people/search", {"q": number})
    registered = browser.post(
        "/officer/people/register", {"number": number, "given_names": "Prov", "family_name": "Prov"}
    )
    over_api = browser.post(
        "/api/v1/persons/search", json.dumps({"text": number}), content_type="application/json"
    )
    return {
        "search": searched.content.decode(),
        "register": registered.content.decode(),
        "api": json.dumps(over_api.json(), ensure_ascii=False),
    }


@pytest.mark.parametrize("number", WRONG)
def test_a_wrong_number_is_refused_in_every_place_and_repeated_in_no_address(
    karin: Actor, astrid: Person, client_of: Callable, number: str
) -> None:
    before = Person.objects.count()
    answers = pages(client_of(karin), number)
    assert Person.objects.count() == before
    for place, words in answers.items():
        assert "Lindqvist" not in words, place
    assert json.loads(answers["api"])["persons"] == []


@pytest.mark.parametrize("way", ["19380412{last}", "19380412-{last}", "380412-{last}"])
def test_a_right_number_is_understood_however_it_is_written(
    karin: Actor, astrid: Person, client_of: Callable, way: str
) -> None:
    stored = astrid.numbers.get().value.value
    written = way.replace("19380412", stored[:8]).replace("380412", stored[2:8]).format(last=stored[8:])
    answers = pages(client_of(karin), written)
    assert "Lindqvist" in answers["search"]
    assert [person["name"] for person in json.loads(answers["api"])["persons"]] == [astrid.name]
