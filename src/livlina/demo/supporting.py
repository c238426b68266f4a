"""The support of Åsvalla: its cheat-sheets, and a told handful of tickets in every place one can be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from livlina.across.support import actions
from livlina.across.support.actions import Question
from livlina.across.support.actions.asking import first_sentence
from livlina.across.support.models import Sheet, Ticket
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.demo.ids import stream, uuid_at
from livlina.demo.lathundar import SHEETS
from livlina.demo.plan import Town
from livlina.demo.stage import Stage, as_application

Tell = Callable[[str, int, int], None]
FIRST, SECOND = "Anders Holm", "Ola Krantz"
REACHED = {"address": "support@asvalla.example", "phone": "08-465 004 40", "citizen_phone": "08-465 004 00"}
MINUTES = timedelta(minutes=1)
OFTEN = (
    (
        "Ali Hassan",
        "Telefonen säger att jag inte har någon nyckel, fast det är mitt besök.",
        "homecare_provider:own_day",
        "Telefonen öppnar inte dörren",
    ),
    (
        "Lena Falk",
        "Jag blev utloggad mitt i natten och kom inte in.",
        "portal_provider:start",
        "Jag kommer inte in: lösenord och passkey",
    ),
    ("Karin Ekdal", "Jag kan inte fatta beslut i mitt ärende.", "cases:case", "Hur fattar jag beslutet?"),
    ("Johan Brink", "Jag råkade skriva fel datum.", "journal:file", "Jag skrev fel i journalen"),
    (
        "Petra Nyström",
        "En enhet i lagret går inte att installera.",
        "alarms_provider:units",
        "Larmet går inte att koppla till personen",
    ),
)
"""Who asks what from where, and the cheat-sheet that answers it."""


def tell_all(town: Town, now: datetime, tell: Tell) -> None:
    """Tell it in the town of Åsvalla. The owner of the tables sets where the support is reached."""
    row = Municipality.objects.get(pk=town.municipality_id)
    row.parameters = row.parameters | {"support": REACHED}
    row.save(update_fields=["parameters"])
    stage, words, rng = (
        Stage(town.municipality_id, now),
        f"{town.name}: support",
        stream("support", town.name),
    )
    with as_application():
        ola = stage.who(SECOND)
        for wording in SHEETS:
            stage.do(ola, actions.write_sheet, wording, now=stage.at(60, 9))
        tell(words, 1, 3)
        for back in range(28, 1, -1):
            _an_ordinary_day(stage, rng, back)
        tell(words, 2, 3)
        _what_waits_now(stage, rng)
    tell(words, 3, 3)


def _an_ordinary_day(stage: Stage, rng: Random, back: int) -> None:
    """One or two questions, answered with a cheat-sheet, and a yes."""
    for place in range(rng.choice((0, 1, 1, 2))):
        name, text, page, title = rng.choice(OFTEN)
        came = stage.at(back, 8 + 3 * place, rng.randrange(60))
        ticket = _ask(stage, rng, name, text, page, came)
        anders, answered = stage.who(FIRST), came + rng.randrange(5, 90) * MINUTES
        sheet = stage.look(
            lambda title=title: Sheet.objects.get(municipality_id=stage.municipality_id, title=title)
        )
        stage.do(anders, actions.use_sheet, ticket, sheet.pk, now=answered)
        words = f"Hej! Gör så här: {sheet.title.lower()}. Steg för steg står det i lathunden under Få hjälp."
        stage.do(anders, actions.solve, ticket, words, client_id=_key(rng, answered), now=answered)
        stage.do(stage.who(name), actions.agree, ticket, now=answered + 30 * MINUTES)
        helped = rng.random() < 0.8
        stage.do(
            stage.who(name), actions.tell_if_helped, sheet.pk, helped, client_id=_key(rng, came), now=answered
        )


def _what_waits_now(stage: Stage, rng: Random) -> None:
    """Somebody at each place: new, waiting, with the second line, with the maker, solved; and a known fault."""
    now, hour = stage.now, 60 * MINUTES
    ask = partial(_ask, stage, rng)
    ask(
        "Ali Hassan",
        "Schemat för i morgon är tomt fast jag arbetar.",
        "homecare_provider:own_day",
        now - hour,
    )
    asked = ask(
        "Lena Falk", "Att ge i dag visar inte alla.", "homecare_provider:nursing_today", now - 3 * hour
    )
    solved = ask("Maria Lundell", "Vem är ersättare i augusti?", "watches:substitutes", stage.at(1, 10))
    anders = stage.who(FIRST)
    words = "Vilken enhet hade du valt när du såg listan?"
    stage.do(anders, actions.ask_back, asked, words, client_id=_key(rng, now), now=now - 2 * hour)
    words = "Öppna Ersättare från startsidan och bläddra till augusti."
    stage.do(anders, actions.solve, solved, words, client_id=_key(rng, now), now=stage.at(1, 11))
    _what_went_further(stage, rng)


def _what_went_further(stage: Stage, rng: Random) -> None:
    """One question with the second line, and one with the maker, with a fault that everybody sees."""
    anders, ola = stage.who(FIRST), stage.who(SECOND)
    slow = "Sidan med utredningen är långsam varje morgon."
    second = _ask(stage, rng, "Karin Ekdal", slow, "cases:investigation", stage.at(2, 8))
    words = "Tre har sagt samma sak. Lathunden om långsamma sidor hjälper inte."
    stage.do(anders, actions.set_line, second, 2, words, now=stage.at(2, 9))
    stage.do(ola, actions.take, second, now=stage.at(2, 10))
    short = "Utskriften av larmlistan saknar sista sidan."
    third = _ask(stage, rng, "Petra Nyström", short, "alarms_provider:state", stage.at(4, 13))
    stage.do(anders, actions.set_line, third, 2, "Samma i två webbläsare.", now=stage.at(4, 14))
    text = "Larmlistan för utskrift saknar sista sidan när enheterna är fler än fyrtio. Samma i Edge och Firefox."
    key = _key(rng, stage.at(3, 9))
    stage.do(ola, actions.send_out, third, "maker", text, client_id=key, now=stage.at(3, 9))
    stage.do(
        ola, actions.publish_fault, "Larmlistan saknar sista sidan vid utskrift",
        "Skriv ut som PDF i stället, under Enheter, Slutar snart. Leverantören rättar det.", ("alarms_provider:state",),
        client_id=key, ticket=third, now=stage.at(3, 10),
    )  # fmt: skip


def _ask(stage: Stage, rng: Random, name: str, text: str, page: str, at: datetime) -> Ticket:
    by: Actor = stage.who(name)
    question = Question(_key(rng, at), first_sentence(text), text, page=page, browser="Edge 141, Windows")
    return stage.do(by, actions.ask, question, now=at)


def _key(rng: Random, at: datetime) -> UUID:
    return UUID(str(uuid_at(rng, at)))
