"""Two events of the register: February's outage, told to its end, and a morning last week that is still worked on."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from livlina.across.quality import actions as quality
from livlina.across.quality.models import Affected, Incident
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.demo.plan import Town
from livlina.demo.stage import Stage, as_application

Tell = Callable[[str, int, int], None]
OPERATOR, MANAGER, CARE, SECRETARY = "Ola Krantz", "Maria Lundell", "Petra Nyström", "Eva Moberg"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_KEYS = UUID("a8f3b0de-5a4c-4d55-9a9e-0f4c9cf7b7f0")
BEFORE_LIVLINA = (
    "Den gemensamma lagringen blev full klockan 13 och reserven startade inte."
    " Ingen kunde logga in förrän nästa dag."
)


def tell_all(town: Town, now: datetime, tell: Tell) -> None:
    """Tell both in the town of Åsvalla."""
    stage, words = Stage(town.municipality_id, now), f"{town.name}: incidents"
    with as_application():
        _february(stage)
        tell(words, 1, 2)
        _last_week(stage)
    tell(words, 2, 2)


def _february(stage: Stage) -> None:
    """The outage before Livlina's reserve was in use: a day without journal, doors and sign-in."""
    begun = datetime.combine(day_of(stage.now).replace(month=2, day=13), time(13), SWEDEN)
    if begun + 20 * DAY > stage.now:
        begun = begun.replace(year=begun.year - 1)
    ola, maria, petra, eva = (stage.who(name) for name in (OPERATOR, MANAGER, CARE, SECRETARY))
    told = quality.Told(
        uuid5(_KEYS, "february"), "Lagringen full, reserven startade inte", BEFORE_LIVLINA, begun, begun + HOUR / 6,
        begun + 22 * HOUR, functions=("doors", "journal", "sign_in", "web"),
    )  # fmt: skip
    one = stage.do(ola, quality.register_incident, told, now=begun + 22 * HOUR)
    for by, text, hours in (
        (petra, "Personalen åkte efter förra veckans utskrift. Dörrarna öppnades med reservnycklar.", 1.0),
        (petra, "Två personer fick vänta på morgonbesöket eftersom nyckeln låg på kontoret.", 18.5),
        (maria, "Inga nya beslut kunde fattas. Ett muntligt jourbeslut skrevs på papper.", 3.0),
        (ola, "Volymen för databasen gick från 91 till 100 procent på två timmar. Inget larm gick.", 0.2),
        (ola, "Reserven låg på samma lagring och gick inte att starta.", 2.0),
    ):
        stage.do(by, quality.add_entry, one, text, at=begun + hours * HOUR, now=begun + 23 * HOUR)
    stage.do(
        ola, quality.add_entry, one, "Reserven delade lagring med huvudsystemet och hade aldrig provats.",
        at=begun + 22 * HOUR, kind="cause", now=begun + 9 * DAY,
    )  # fmt: skip
    _laws(stage, one, begun)
    _measures(stage, one, begun)
    stage.do(eva, quality.add_entry, one, "Redovisad för nämnden.", at=begun + 19 * DAY, now=begun + 19 * DAY)


def _laws(stage: Stage, one: Incident, begun: datetime) -> None:
    ola, petra = stage.who(OPERATOR), stage.who(CARE)
    nis2 = stage.do(ola, quality.open_track, one, "nis2", now=begun + 22 * HOUR)
    stage.do(
        ola,
        quality.judge_track,
        nis2,
        True,
        "Betydande: vård och omsorg stod utan system.",
        now=begun + 22 * HOUR,
    )
    for stage_code, text, after in (
        ("warned", "Tidig varning lämnad per telefon.", 23 * HOUR),
        ("reported", "Anmälan lämnad.", 2 * DAY),
        ("final", "Slutrapport lämnad.", 18 * DAY),
    ):
        stage.do(ola, quality.take_stage, nis2, stage_code, text, receipt="Demo 17", now=begun + after)
    stage.do(ola, quality.close_track, nis2, "Inga följdfrågor.", now=begun + 18 * DAY)
    sarah = stage.do(petra, quality.open_track, one, "lex_sarah", now=begun + DAY)
    stage.do(
        petra, quality.take_stage, sarah, "investigated", "Påtaglig risk: två personer väntade på hjälp.",
        outcome="serious", now=begun + 12 * DAY,
    )  # fmt: skip
    stage.do(
        petra,
        quality.take_stage,
        sarah,
        "reported",
        "Anmäld.",
        receipt="Demo 3.5",
        now=begun + 12 * DAY + HOUR,
    )
    stage.do(petra, quality.close_track, sarah, "Åtgärderna är beslutade.", now=begun + 13 * DAY)


def _measures(stage: Stage, one: Incident, begun: datetime) -> None:
    for place, (what, name) in enumerate(
        (
            ("Reserven flyttas till egen lagring och provas varje natt.", OPERATOR),
            ("Reservpaket på varje enhet, nytt var femtonde minut.", CARE),
        )
    ):
        owner = stage.look(lambda name=name: Assignment.objects.select_related("user").get(
            pk=stage.who(name).assignment_id))  # fmt: skip
        measure = stage.do(
            stage.who(MANAGER), quality.decide_measure, one, what, owner, day_of(begun + 19 * DAY),
            client_id=uuid5(_KEYS, f"measure {place}"), now=begun + 14 * DAY,
        )  # fmt: skip
        stage.do(stage.who(name), quality.measure_done, measure, "I drift.", now=begun + 18 * DAY)


def _last_week(stage: Stage) -> None:
    """A morning without mobile data: short, hit visits that are there, and is not closed yet."""
    begun = stage.at(4, 7, 5)
    ola, petra = stage.who(OPERATOR), stage.who(CARE)
    told = quality.Told(
        uuid5(_KEYS, "last week"), "Mobilnätet borta i norra området",
        "Telefonerna fick inte kontakt. Dörrar och anteckningar gick att använda ändå.", begun, begun + HOUR / 12,
        begun + 3 * HOUR, source="supplier", functions=("field",),
    )  # fmt: skip
    one = stage.do(ola, quality.register_incident, told, now=begun + 3 * HOUR)
    stage.do(
        petra, quality.add_entry, one, "Besöken gjordes efter packet i telefonen. Några blev sena.",
        at=begun + 2 * HOUR, now=begun + 4 * HOUR,
    )  # fmt: skip
    stage.do(petra, quality.collect_affected, one, now=begun + 4 * HOUR)
    first = stage.look(
        lambda: Affected.objects.filter(incident=one, unit_id=petra.unit_id).order_by("id").first()
    )
    if first is not None:
        stage.do(petra, quality.check_off, first, "Ringt upp. Allt var väl.", now=begun + 5 * HOUR)
    stage.do(petra, quality.open_track, one, "deviation", now=begun + 5 * HOUR)
