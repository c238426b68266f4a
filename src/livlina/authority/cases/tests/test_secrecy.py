"""What goes along when somebody acts for somebody else: not the door, and not what was said of others in confidence."""

from collections.abc import Callable
from datetime import datetime

import pytest

from livlina.authority.cases import actions
from livlina.authority.cases.models import Application
from livlina.authority.cases.queries.applying import known_answers
from livlina.authority.cases.tests.fixtures import ANSWERS
from livlina.core.access import Actor
from livlina.registers.people.models import Person

SAID = {"contact_name": "Rut Vännäs", "contact_phone": "0999-471 10", "contact_relation": "granne"}
DOOR = "Kod 4711, ringklockan är trasig"


@pytest.fixture
def astrids_own(astrid_online: Actor, anna: Person, karin: Actor, now: datetime) -> Application:
    """Astrid has applied herself, and told of her door and of a neighbour."""
    draft = actions.begin_application("home_care", by=astrid_online, now=now)
    actions.save_answers(draft, {**ANSWERS, **SAID, "door_entry": DOOR}, by=astrid_online, now=now)
    return actions.send_application(draft.pk, by=astrid_online, now=now)


def receipt(client_of: Callable, actor: Actor, sent: Application) -> str:
    """The receipt as someone reads it."""
    return client_of(actor).get(f"/citizen/apply/begun/{sent.pk}/receipt/").content.decode()


def copy(client_of: Callable, actor: Actor, sent: Application) -> int:
    """What the bytes that were sent answer someone who asks for them."""
    return client_of(actor).get(f"/citizen/apply/begun/{sent.pk}/sent.json").status_code


def test_who_acts_for_astrid_reads_her_application_without_her_door_and_her_neighbour(
    astrids_own: Application, anna_online: Actor, client_of: Callable
) -> None:
    case = astrids_own.cases.get()
    pages = (receipt(client_of, anna_online, astrids_own),
             client_of(anna_online).get(f"/citizen/cases/{case.pk}/").content.decode())  # fmt: skip
    for page in pages:
        assert ANSWERS["help_in_own_words"] in page
        assert DOOR not in page
        assert "Rut Vännäs" not in page
    assert "sent.json" not in pages[0]
    assert copy(client_of, anna_online, astrids_own) == 404


def test_astrid_reads_all_that_she_said_herself(
    astrids_own: Application, astrid_online: Actor, client_of: Callable
) -> None:
    page = receipt(client_of, astrid_online, astrids_own)
    assert DOOR in page
    assert "Rut Vännäs" in page
    assert copy(client_of, astrid_online, astrids_own) == 200


def test_the_next_application_is_not_filled_in_with_what_who_writes_it_may_not_read(
    astrids_own: Application, astrid: Person, astrid_online: Actor, anna_online: Actor, now: datetime
) -> None:
    hidden = {"door_entry", *SAID}
    assert hidden <= set(known_answers(astrid_online, astrid, now))
    known = set(known_answers(anna_online, astrid, now))
    assert not hidden & known
    assert "help_in_own_words" in known
