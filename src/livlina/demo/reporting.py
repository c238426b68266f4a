"""Figures and files to the state: what the secretary and the nurse have made, checked and sent, and a year of figures."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from livlina.across.statistics import actions, counting
from livlina.across.statistics.layout import Layout, newest
from livlina.across.statistics.models import Delivery
from livlina.across.statistics.periods import Period
from livlina.authority.cases.models import Case, CaseFact
from livlina.authority.placements.actions import send_yearly_list
from livlina.authority.unexecuted import actions as unexecuted
from livlina.authority.unexecuted import queries
from livlina.authority.unexecuted.quarter import Quarter
from livlina.core.clock import SWEDEN, day_of
from livlina.core.ids7 import uuid7
from livlina.core.models import User
from livlina.demo import yearly
from livlina.demo.plan import Town
from livlina.demo.stage import Stage, as_application

Tell = Callable[[str, int, int], None]
SECRETARY, NURSE = "Eva Moberg", "Lena Falk"
MADE_MONTHS = 2
"""So many months of each file are made; all but the last are sent and received."""
ELSEWHERE, HELD = "sol_running", "aid_monthly"
"""Of the last month's files one is sent and nobody knows whether it came, and one has a row that is held."""


def tell_all(town: Town, now: datetime, tell: Tell) -> None:
    """Tell it in the town of Åsvalla: first what the files are about, then the files, then the figures."""
    stage, words = Stage(town.municipality_id, now), f"{town.name}: reports and figures"
    yearly.tell_all(stage, town)
    tell(words, 1, 3)
    with as_application():
        _forgets_why(stage)
        for layout in newest():
            _files(stage, layout)
        _inspectorate(stage)
        tell(words, 2, 3)
        stage.do(stage.system, counting.count, now=now)
    tell(words, 3, 3)


def _files(stage: Stage, layout: Layout) -> None:
    """The periods behind, the oldest first: received, but for the last, which waits for somebody."""
    period, periods = Period.of(day_of(stage.now), layout.period), list[Period]()
    for _ in range(MADE_MONTHS if layout.period == "month" else 1):
        period = period.before
        periods.insert(0, period)
    by = stage.who(SECRETARY if layout.side == "officer" else NURSE)
    for one in periods:
        at = min(
            datetime.combine(one.last + timedelta(days=6), time(10), SWEDEN), stage.now - timedelta(hours=1)
        )
        if day_of(at) <= one.last:
            continue
        made = stage.do(by, actions.make, layout.flow, one, now=at)
        waits = one == periods[-1] and layout.period == "month"
        if waits and layout.flow == HELD:
            continue
        stage.do(by, actions.check, made, without_held=True, now=at + timedelta(minutes=20))
        if not waits:
            _received(stage, made, layout, at + timedelta(minutes=40))
        elif layout.flow == ELSEWHERE:
            stage.do(
                by, actions.sent_by_hand, made, arrived=False, receipt="", now=at + timedelta(minutes=40)
            )


def _received(stage: Stage, made: Delivery, layout: Layout, at: datetime) -> None:
    by = stage.who(SECRETARY if layout.side == "officer" else NURSE)
    receipt = f"Demo {made.period}"
    stage.do(by, actions.sent_by_hand, made, arrived=True, receipt=receipt, now=at)


def _forgets_why(stage: Stage) -> None:
    """One household's worker has taken back why it needs aid, and not said anything else: its row is held."""

    def forget() -> None:
        last = yearly.ended_months(day_of(stage.now), 1)
        case = Case.objects.filter(months__month__in=last, months__state="decided").order_by("number").first()
        said = CaseFact.objects.filter(case=case, name="aid_reason").order_by("at", "pk").last()
        if said is None:
            return
        said.pk, said.value, said._state.adding = uuid7(), None, True
        CaseFact.objects.bulk_create([said])

    stage.look(forget)


def _inspectorate(stage: Stage) -> None:
    """What goes to IVO: the last quarter's decisions that are not carried out, with reasons, and last year's children."""
    eva, today = stage.who(SECRETARY), day_of(stage.now)
    quarter = Quarter.of(today).before
    at = datetime.combine(quarter.last + timedelta(days=5), time(9), SWEDEN)
    if at < stage.now:
        for line in stage.look(lambda: queries.lines(stage.who(SECRETARY), quarter, at)):
            if line.lacks_reason:
                _explained(stage, line.clock.case_id, at)
        if stage.look(lambda: queries.anything(quarter)):
            stage.do(eva, unexecuted.settle, quarter, now=at + timedelta(days=2))
    sent = datetime.combine(today.replace(month=1, day=20), time(9), SWEDEN)
    if sent < stage.now:
        stage.do(eva, send_yearly_list, today.year - 1, now=sent)


def _explained(stage: Stage, case_id: object, at: datetime) -> None:
    """The case's own worker says why."""
    case = stage.look(lambda: Case.objects.select_related("person", "unit").get(pk=case_id))
    user = case.responsible_id or 0
    name = stage.look(lambda: User.objects.filter(pk=user).values_list("name", flat=True).first())
    if name is None:
        return
    stage.do(
        stage.who(name), unexecuted.give_reason, case, cause="no_place", text="Ingen ledig plats hos utföraren.",
        now=at + timedelta(days=1),
    )  # fmt: skip
