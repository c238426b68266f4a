"""Which links a layout shows. Names come from settings.LIVLINA_UI, because core knows no room.

    LIVLINA_UI = {
        "officer": {
            "home": "portal:officer", "search": "people:search", "palette": "portal:palette",
            "help": "portal:help", "assignment": "portal:assignment", "reads": "portal:own_reads",
            "sign_out": "account_logout",
            "menu": [("Att göra", "portal:officer", None), ("Bevakningar", "watches:list", "watches.read")],
        },
        "citizen": {...}, "provider": {...}, "plain": {...},
    }

A menu row is (words, URL name, verb or None); a row whose verb the actor may not do is left out. A name that
is not mounted is left out too, so that a half-built house still stands.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from livlina.core.access import may

IN_THE_BAR, ON_A_TELEPHONE = 8, 3
"""So many places one sees at once; the rest of a longer menu lies under one word."""
NAMES = (
    "home",
    "ask",
    "search",
    "palette",
    "help",
    "assignment",
    "reads",
    "sign_out",
    "preferences",
    "language",
)


@dataclass
class MenuRow:
    """One link in the main menu."""

    label: str
    url: str
    current: bool = False


@dataclass
class Links:
    """What a layout needs: the address of each fixed place (or "") and the menu."""

    menu: list[MenuRow] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    @property
    def bar(self) -> list[MenuRow]:
        """The first of the menu, and the row where one is."""
        rest = self._rest()
        return [row for row in self.menu if row not in rest]

    @property
    def more(self) -> list[MenuRow]:
        """The others; nobody has to open a list of one."""
        return self._rest()

    @property
    def tucked(self) -> list[MenuRow]:
        """What a telephone has no line for, in a menu longer than two lines: it lies under the same word there."""
        long = len(self.menu) > 2 * ON_A_TELEPHONE
        return [row for row in self.bar[ON_A_TELEPHONE:] if not row.current] if long else []

    def _rest(self) -> list[MenuRow]:
        found = [row for row in self.menu[IN_THE_BAR:] if not row.current]
        return found if len(found) > 1 else []

    def __getattr__(self, name: str) -> str:
        if name in NAMES:
            return self.places.get(name, "")
        raise AttributeError(name)


def links_for(audience: str, request: HttpRequest | None) -> Links:
    """The links of an audience (`officer`, `citizen`, `provider`, `plain`) for this request."""
    wanted = _wanted(audience, request)
    defaults = {"preferences": "ui:preferences", "language": "set_language"}
    places = {name: _address(wanted.get(name, defaults.get(name))) for name in NAMES}
    path = request.path if request else ""
    rows = [
        MenuRow(label, _address(name)) for label, name, verb in wanted.get("menu", ()) if _open(request, verb)
    ]
    rows = [row for row in rows if row.url]
    inside = [
        row.url for row in rows if path == row.url or (path.startswith(row.url) and row.url != places["home"])
    ]
    current = max(inside, key=len, default=None)
    for row in rows:
        row.current = row.url == current
    return Links(rows, places)


def _wanted(audience: str, request: HttpRequest | None) -> dict[str, Any]:
    """What the settings say; those who only borrow a layout (operations) get the places of their own audience."""
    places: dict[str, Any] = getattr(settings, "LIVLINA_UI", {})
    role = getattr(getattr(request, "actor", None), "role", "")
    roles: dict[str, Any] = getattr(settings, "AUDIENCES", {})
    if role and role not in roles.get(audience, (role,)):
        audience = next((own for own in roles if role in roles[own] and own in places), audience)
    return places.get(audience, {})


def _address(name: str | None) -> str:
    if not name:
        return ""
    if name.startswith("/"):
        return name
    return _mounted(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=512)
def _mounted(name: str, urlconf: str, prefix: str) -> str:
    """The address of a route, looked up once: every page shows a dozen, and routes do not move while we run."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def _open(request: HttpRequest | None, verb: str | None) -> bool:
    if verb is None:
        return True
    actor = getattr(request, "actor", None)
    return actor is not None and may(actor, verb)
