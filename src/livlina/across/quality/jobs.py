"""What the room hears of the others: some things that go wrong report themselves; and the clocks that are watches."""

from datetime import datetime, timedelta

from django.conf import settings

from livlina.across.quality import actions, monitoring
from livlina.across.quality.actions.track import watch_type
from livlina.across.quality.models import CitizenReport, Incident
from livlina.across.quality.tracks import KINDS
from livlina.core import outbox
from livlina.core.access import Actor, system
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.core.tenancy import EVERYTHING, acting
from livlina.provider.alarms.models import CallRound
from livlina.provider.doors.models import MetalKeyEvent
from livlina.provider.homecare.models import DoseSignature
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import declare
from livlina.registers.watches.queries import desk_of_the_house

for _kind in KINDS.values():
    for _stage in _kind.stages:
        declare(
            watch_type(_kind.code, _stage.code),
            f"{_kind.words}: {_stage.inside}",
            f"Du ansvarar för spåret {_kind.words} i en händelse.",
            f"Tiden enligt {_stage.law} går ut.",
            danger=True,
            ladder=[(timedelta(0), "duty_officer")],
            link="quality:track" if "unit_manager" in _kind.roles or "committee_secretary" in _kind.roles
            else "quality_provider:track",
        )  # fmt: skip
declare(
    "quality.measure_due", "En åtgärd efter en händelse", "Du har tagit på dig åtgärden.",
    "Det som hände kan hända igen.",
)  # fmt: skip
declare(
    "quality.measure_effect", "Hjälpte åtgärden?", "Åtgärden är gjord för tre månader sedan.",
    "Ingen vet om det som hände kan hända igen.",
)  # fmt: skip
declare(
    "quality.draft", "Övervakningen har märkt en störning", "Någon behöver bedöma utkastet.",
    "Händelsen registreras inte, och lagens tider börjar inte bevakas.", danger=True,
    ladder=[(timedelta(hours=4), "duty_officer")], link="quality:incident",
    closes_on=("incident.confirmed", "incident.dismissed"),
)  # fmt: skip

for _side, _link in (("", "quality:incident"), ("_provider", "quality_provider:incident")):
    declare(
        f"quality.citizen_report{_side}", "En enskild har berättat om något som gått fel",
        "Det ligger på ditt bord att läsa och bedöma.", "Den som berättade får inget svar, och felet kan hända igen.",
        link=_link, closes_on=("incident.confirmed", "incident.dismissed"),
    )  # fmt: skip
declare(
    "quality.citizen_danger", "En enskild berättar att någon är i fara", "Läs det nu. Personen är bedd att ringa 112.",
    "Någon kan fara illa medan det ligger oläst.", danger=True, ladder=[(timedelta(0), "duty_officer")],
    link="quality:incident", closes_on=("incident.confirmed", "incident.dismissed"),
)  # fmt: skip
declare(
    "quality.citizen_unjudged", "En enskild har berättat något som ingen har bedömt",
    "Det har legat i en vecka på bordet hos den som tog emot det. Vad som skrevs läser bara den.",
    "Den som berättade får inget svar, och felet kan hända igen.",
    link="quality:incident", closes_on=("incident.confirmed", "incident.dismissed"),
)  # fmt: skip
OF_CITIZENS = ("quality.citizen_report", "quality.citizen_report_provider", "quality.citizen_danger")
TO_READ = timedelta(days=3)
"""How long a citizen's telling may lie before it is late."""
UNJUDGED = timedelta(days=7)
"""And before somebody else is told that it lies there."""

GIVEN_TWICE = (
    "En dos inom hemsjukvården är signerad som given två gånger. Sjuksköterskan ser vad och för vem."
)


@outbox.subscribe("dose.double")
def given_twice(event: outbox.Event) -> None:
    """A dose given twice is a deviation, told by whoever signed last. It says nothing of the nursing book (PDL 4:1)."""
    signed = DoseSignature.objects.select_related("task").get(pk=event.object_id)
    by = Actor(
        "staff", signed.municipality_id, "nurse" if signed.delegation_id is None else "provider_staff", signed.by_name,
        user_id=signed.by_id, unit_id=signed.task.unit_id, title=signed.by_title, compartments=EVERYTHING,
    )  # fmt: skip
    actions.report_deviation(
        client_id=signed.pk, what=GIVEN_TWICE, track="health", happened_at=min(signed.at, event.at),
        measure="Enhetens sjuksköterskor fick en varning genast.", by=by, now=event.at,
    )  # fmt: skip


@outbox.subscribe("door.key_lost")
def key_lost(event: outbox.Event) -> None:
    """A metal key that is gone is a deviation, told by whoever said so."""
    told = MetalKeyEvent.objects.select_related("key").get(pk=event.object_id)
    by = Actor(
        "staff", told.municipality_id, "provider_staff", told.by_name, user_id=told.by_id, unit_id=told.key.unit_id,
        compartments=EVERYTHING,
    )  # fmt: skip
    actions.report_deviation(
        client_id=told.pk, what=f"Metallnyckel {told.key.number} är förlorad. {told.note}".strip(), track="social",
        happened_at=told.at, measure="Enhetschefen fick veta det genast.", person_id=told.key.person_id, by=by,
        now=event.at,
    )  # fmt: skip


def hear_monitoring(municipality_id: int, now: datetime) -> int:
    """Draft an event of what has stood still too long, and end one that is over. Safe to miss, double or restart."""
    return monitoring.hear(settings.STATE_DIR, by=system(municipality_id), now=now)


@outbox.subscribe("alarms.round_opened")
def round_opened(event: outbox.Event) -> None:
    """A mass silence with a call round is an event by itself, drafted with its measured times."""
    found = CallRound.objects.select_related("silence").get(pk=event.object_id)
    if found.silence is not None:
        monitoring.draft_silence(found.silence, by=system(event.municipality_id), now=event.at)


@outbox.subscribe("incident.drafted")
def wait_for_a_person(event: outbox.Event) -> None:
    """A draft waits on a desk until somebody has judged it. What a citizen told lies on a desk of its own."""
    draft = Incident.objects.get(pk=event.object_id)
    if draft.source == "citizen":
        return
    watches.raise_watch(
        "quality.draft", ("quality.incident", draft.pk), owner=desk_of_the_house(day_of(event.at)),
        due_at=event.at + timedelta(hours=1), by=system(event.municipality_id), now=event.at, about=draft.title,
    )  # fmt: skip


@outbox.subscribe("citizen_report.sent")
def another_is_told_in_a_week(event: outbox.Event) -> None:
    """Unless it is judged before. It may lie on the other side of the wall, where no ladder of its own watch leads."""
    with acting(event.municipality_id, EVERYTHING):
        report = CitizenReport.objects.get(pk=event.object_id)
        over = Assignment.objects.filter(role__in=("committee_secretary", "duty_officer"))
        held = over.exclude(role=report.role).valid(day_of(event.at)).order_by("role", "id").first()
    if held is None:
        return
    late = event.at + UNJUDGED
    watches.raise_watch(
        "quality.citizen_unjudged", ("quality.incident", report.incident_id),
        owner=watches.Owner(held.role, held.unit_id), due_at=late, shown_from=late,
        by=system(event.municipality_id, EVERYTHING), now=event.at,
    )  # fmt: skip


@outbox.subscribe("citizen_report.sent")
@outbox.subscribe("citizen_report.given")
def wait_on_its_desk(event: outbox.Event) -> None:
    """What a citizen told waits where it lies until it has been judged; handed on, it leaves the desk before."""
    by = system(event.municipality_id, EVERYTHING)
    with acting(event.municipality_id, EVERYTHING):
        report = CitizenReport.objects.select_related("incident").get(pk=event.object_id)
        judged = report.incident.entries.filter(kind__in=("confirmed", "dismissed")).exists()
    source, types = ("quality.incident", report.incident_id), OF_CITIZENS
    watches.close_for(source, types=types, why=event.name, by=by, now=event.at)
    if judged:
        return
    danger, provider = report.hurt == "danger", report.role == "provider_manager"
    code, due = types[provider], event.at if danger else event.at + TO_READ
    if danger and not provider:
        code = types[2]
    owner = watches.Owner(report.role, report.unit_id, compartment=report.compartment)
    watches.raise_watch(code, source, owner=owner, due_at=due, by=by, now=event.at)
