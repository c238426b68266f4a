"""What the ground stores: the municipality, its units and staff, sessions, and the record of what happened."""

from livlina.core.models.audit import AuditEvent
from livlina.core.models.base import PermanentModel, PermanentRow, TenantForeignKey, TenantModel
from livlina.core.models.hold import Hold
from livlina.core.models.keypair import KeyPair
from livlina.core.models.organisation import Assignment, Municipality, Unit, User
from livlina.core.models.recurring import RecurringRun
from livlina.core.models.session import Session
from livlina.core.models.submission import Submission

__all__ = [
    "Assignment",
    "AuditEvent",
    "Hold",
    "KeyPair",
    "Municipality",
    "PermanentModel",
    "PermanentRow",
    "RecurringRun",
    "Session",
    "Submission",
    "TenantForeignKey",
    "TenantModel",
    "Unit",
    "User",
]
