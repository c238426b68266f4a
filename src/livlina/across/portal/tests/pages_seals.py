"""What the pages of sealed keys can show: a part of the household of tests/browser."""

from collections.abc import Callable
from typing import Any

from livlina.across.portal import actions
from livlina.core.access import system
from livlina.core.models import User
from tests.people import staff


def fill(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """A key that was found broken, one that waits for Ola to make it, and one that Karin has opened."""
    now, ola, home = get("now"), get("ola"), get("asvalla")
    olga = staff(home, "Olga Berg", "administrator", "Förvaltning")
    made = actions.ask_seal("Kassaskåpet i kommunhuset", by=ola, now=now)
    actions.make_seal(made, by=olga, now=now)
    actions.check_seal(made, False, "Kuvertet är öppnat i ena hörnet.", by=ola, now=now)
    asked = actions.ask_seal("Brandstationen", by=olga, now=now)
    spent = actions.ask_seal("Larmcentralen", by=ola, now=now)
    code = actions.make_seal(spent, by=olga, now=now)
    email = User.objects.get(pk=get("karin").user_id).email
    tried = actions.Attempt(
        spent.number, code, email, "Kommunens inloggning är borta och jag har ingen passkey."
    )
    _, _, opening = actions.open_seal(home, tried, by=system(home.pk), now=now)
    return {"seal": made, "asked_seal": asked, "opening_of_seal": opening}
