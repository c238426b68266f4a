"""At whose desk a duty of the room lies. Those who run the system have no desk of watches: the board's secretary has it."""

from datetime import date
from uuid import UUID

from livlina.core.models import Assignment
from livlina.registers.watches.actions import Owner

WITHOUT_DESK = ("support", "administrator")


def desk(role: str, unit_id: UUID, user_id: int | None, on: date) -> Owner:
    """Return the desk of somebody in a role; for the operations side that of the board's secretary, if there is one."""
    if role not in WITHOUT_DESK:
        return Owner(role, unit_id, user_id)
    secretary = Assignment.objects.filter(role="committee_secretary").valid(on).order_by("id").first()
    return Owner("committee_secretary", secretary.unit_id) if secretary else Owner("duty_officer", unit_id)
