"""What the room hears of the others: some things that go wrong report themselves."""

from livlina.across.quality import actions
from livlina.core import outbox
from livlina.core.access import Actor
from livlina.core.tenancy import EVERYTHING
from livlina.provider.doors.models import MetalKeyEvent
from livlina.provider.homecare.models import DoseSignature

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
