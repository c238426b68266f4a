"""What the room hears, and what it does by the clock."""

from datetime import datetime, timedelta
from time import monotonic

from livlina.authority.cases import engine
from livlina.authority.cases.actions import HandOverRefused, carry_out, record_execution
from livlina.authority.cases.actions.deadlines import BATCH, due_clocks, raise_due
from livlina.authority.cases.actions.desk import waiting_hand_overs
from livlina.authority.cases.models import DeskHandOver
from livlina.core import outbox
from livlina.core.access import Actor, system
from livlina.core.clock import day_of
from livlina.core.jobs import part
from livlina.core.tenancy import EVERYTHING
from livlina.registers.orders.models import SERVICES
from livlina.registers.watches.actions import Owner, close_for, raise_watch
from livlina.registers.watches.models.kinds import declare

DAY = timedelta(days=1)
LONGEST = timedelta(minutes=2)

WHY = {
    "information_awaited": "Utredningen väntar på uppgifter som skulle ha kommit.",
    "order_to_confirm": "En beställning är skickad och utföraren har inte bekräftat den.",
    "back_from_interruption": "Insatsen är avbruten och skulle återupptas.",
    "to_wind_up": "Insatsen upphör. Beställningar, nycklar och larm ska avslutas.",
    "appeal_to_handle": "Ett överklagande har kommit in och ska prövas skyndsamt (46 § förvaltningslagen).",
    "judgment_to_apply": "Domstolen har avgjort målet och domen ska genomföras.",
}


def declare_watches() -> None:
    """Declare a kind of watch for each one a process names, and for each clock, with its own ladder.

    An order says which service it is about by the process's name, which the orders room cannot know by itself.
    """
    for process in engine.load().all():
        SERVICES.setdefault(process.code, process.label)
        for name, watch in process.watches.items():
            link = "cases:appeal" if name in ("appeal_to_handle", "judgment_to_apply") else "cases:case"
            declare(
                f"cases.{name}",
                watch.label,
                WHY.get(name, "Ärendet väntar på en åtgärd."),
                "Ärendet blir liggande och den enskilde får vänta.",
                ladder=((7 * DAY, "unit_manager"),),
                link=link,
            )
    _declare_clocks()
    declare(
        "cases.hand_over_stuck",
        "Ett skrivbord kan inte lämnas över",
        "Den som skulle ta över arbetar inte längre i enheten, eller är inte namngiven för en skyddad person.",
        "Ärendena ligger kvar hos den som inte är där.",
    )
    declare(
        "cases.report_to_sort",
        "En orosanmälan väntar",
        "En anmälan om oro för ett barn har kommit in och ingen har tagit hand om den.",
        "Barnets behov av skydd ska bedömas samma dag (20 kap. 1 § socialtjänstlagen).",
        danger=True,
        ladder=((timedelta(), "unit_manager"), (timedelta(hours=2), "duty_officer")),
        link="cases:report",
    )


def _declare_clocks() -> None:
    declare(
        "cases.deadline",
        "En frist i ett ärende",
        "En frist som lag eller rutin sätter löper ut snart eller har löpt ut.",
        "Den enskildes rätt till ett beslut i tid.",
        ladder=((DAY, "unit_manager"), (3 * DAY, "duty_officer")),
        link="cases:deadline",
    )
    for kind in ("cases.lapsing", "cases.lapsing_own"):
        declare(
            kind,
            "En frist som inte får missas",
            "När fristen har gått ut upphör beslutet enligt lag.",
            "Beslutet upphör, och den det skyddar står utan skydd.",
            danger=True,
            firm=True,
            ladder=((timedelta(), "unit_manager"),),
            link="cases:deadline" if kind == "cases.lapsing_own" else "court:clock",
        )


declare_watches()


def mark_deadlines(municipality_id: int, now: datetime, longest: timedelta = LONGEST) -> int:
    """Raise a watch for each clock whose day of telling someone has come. Return how many.

    A thousand at a time, each thousand in a transaction of its own; those not reached within `longest` come in the
    next run, and so does what another worker holds or what broke.
    """
    by, began, told = system(municipality_id, EVERYTHING), monotonic(), 0
    with part(municipality_id, LONGEST):
        waiting = due_clocks(by=by, now=now)
    for place in range(0, len(waiting), BATCH):
        with part(municipality_id, LONGEST):
            told += raise_due(by=by, now=now, among=waiting[place : place + BATCH])
        if monotonic() - began > longest.total_seconds():
            break
    return told


def hand_over_desks(municipality_id: int, now: datetime) -> int:
    """Hand over each desk whose day has come; where it cannot be done the unit's manager is told. Return how many."""
    by = system(municipality_id, EVERYTHING)
    return sum(_handed_over(row, by, now) for row in waiting_hand_overs(municipality_id, day_of(now)))


def _handed_over(row: DeskHandOver, by: Actor, now: datetime) -> int:
    try:
        carry_out(row, by=by, now=now)
    except HandOverRefused:
        owner = Owner("unit_manager", row.unit_id)
        raise_watch(
            "cases.hand_over_stuck", ("cases.hand_over", row.pk), owner=owner, due_at=now, by=by, now=now
        )
        return 0
    close_for(("cases.hand_over", row.pk), why="Överlämnat", by=by, now=now)
    return 1


@outbox.subscribe("order.delivered_first")
def service_has_begun(event: outbox.Event) -> None:
    """The provider reports the first delivery: the case runs, and the three months of SoL 34:1 stop."""
    from livlina.authority.cases.actions.execution import case_of_order

    case = case_of_order(event.object_id)
    if case is not None:
        record_execution(case, by=system(event.municipality_id, EVERYTHING), now=event.at)
