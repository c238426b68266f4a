"""The watches the room raises, and what runs by the clock here."""

from datetime import datetime, timedelta

from django.conf import settings

from livlina.core import outbox
from livlina.core.access import system
from livlina.provider.doors.actions import vendors
from livlina.provider.doors.adapters.simulator import tell_street
from livlina.registers.watches.models import declare

MANAGER = "provider_manager"
declare(
    "doors.fit",
    "Ett lås ska monteras",
    "Er enhet har beställt ett digitalt lås till personen.",
    "Ni går med metallnyckel tills låset är monterat och provöppnat.",
    ladder=[(timedelta(days=2), MANAGER)],
    link="doors_provider:door",
)
declare(
    "doors.take_down",
    "Ett lås ska tas bort",
    "Ett samtycke till låset är återkallat.",
    "Låset sitter kvar på en dörr utan samtycke.",
    danger=True,
    ladder=[(timedelta(0), MANAGER)],
    link="doors_provider:door",
)
declare(
    "doors.faulty",
    "Ett lås fungerar inte",
    "Låset själv eller någon på enheten har sagt att det inte fungerar.",
    "Ni kommer bara in med metallnyckeln.",
    danger=True,
    ladder=[(timedelta(0), MANAGER)],
    link="doors_provider:door",
)
declare(
    "doors.hole",
    "Det saknas rader i ett lås logg",
    "Logg har hämtats, men numren hänger inte ihop eller kedjan är bruten.",
    "Någon kan ha öppnat utan att det syns. Hämta loggen igen från låset.",
    danger=True,
    ladder=[(timedelta(days=1), MANAGER)],
    link="doors_provider:door",
)
declare(
    "doors.stranger",
    "En okänd telefon har öppnat en dörr",
    "Låsets logg nämner en nyckel som inte finns bland dem som Livlina har gjort.",
    "Någon kan ha kommit in som inte skulle det.",
    danger=True,
    ladder=[(timedelta(hours=4), MANAGER)],
    link="doors_provider:door",
)
declare(
    "doors.emergency",
    "En nödöppning ska granskas",
    "En nödnyckel har använts. Den ska granskas inom ett dygn.",
    "En öppning som ingen har granskat kan dölja ett intrång.",
    danger=True,
    firm=True,
    ladder=[(timedelta(0), MANAGER)],
    link="doors_provider:review",
)
declare(
    "doors.unplanned",
    "En dörr öppnades utan planerat besök",
    "Öppningen hör inte till något besök som den som öppnade skulle göra.",
    "Den enskilde får inte veta varför någon kom in.",
    ladder=[(timedelta(days=1), MANAGER)],
    link="doors_provider:unplanned",
)
declare(
    "doors.key_lost",
    "En metallnyckel är förlorad",
    "Den som hade nyckeln har sagt att den är borta.",
    "Den som hittar nyckeln kan gå in, om den vet vart den går. Byt låscylinder.",
    danger=True,
    ladder=[(timedelta(0), MANAGER)],
    link="doors_provider:key",
)
declare(
    "doors.vendor",
    "Låsleverantören svarar inte",
    "Livlina har försökt flera gånger. Försöken fortsätter av sig själva.",
    "Nya nycklar, spärrar eller loggar når inte låset.",
    danger=True,
    ladder=[(timedelta(hours=4), MANAGER)],
    link="doors_provider:door",
)


def call_vendors(municipality_id: int, now: datetime) -> int:
    """Make the calls to vendors that are due."""
    return vendors.call_due(by=system(municipality_id), now=now)


def tell_simulator(event: outbox.Event) -> None:
    """Let the demo's simulated locks hear of a lock that was ordered, re-keyed or taken down."""
    tell_street(event.municipality_id, event.at)


if settings.DEMO:
    for name in ("door.ordered", "door.rekeyed", "door.removed"):
        outbox.subscribe(name)(tell_simulator)
