"""What the room stores: documents that came in, what was handed out, and what was kept or destroyed."""

from livlina.across.records.models.disclosure import (
    DisclosureDecision,
    DisclosureItem,
    DisclosureRequest,
    HandedOut,
)
from livlina.across.records.models.received import ReceivedDocument
from livlina.across.records.models.retention import (
    DestructionCertificate,
    KeepMark,
    QuarantineCopy,
    RetentionApproval,
    RetentionItem,
    RetentionRun,
    RetentionStep,
)

__all__ = [
    "DestructionCertificate",
    "DisclosureDecision",
    "DisclosureItem",
    "DisclosureRequest",
    "HandedOut",
    "KeepMark",
    "QuarantineCopy",
    "ReceivedDocument",
    "RetentionApproval",
    "RetentionItem",
    "RetentionRun",
    "RetentionStep",
]
