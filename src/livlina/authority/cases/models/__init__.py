"""What the authority stores of its case work. Every row lies in compartment 1: no provider sees any of it."""

from livlina.authority.cases.models.appeal import Appeal
from livlina.authority.cases.models.application import Application, ApplicationDraft
from livlina.authority.cases.models.base import AUTHORITY, AuthorityModel, AuthorityRecord, signature
from livlina.authority.cases.models.case import Case, CaseCounter, CaseEvent, IntakeUnit
from livlina.authority.cases.models.closure import Closure, FollowUp
from livlina.authority.cases.models.communication import Communication
from livlina.authority.cases.models.deadline import Deadline
from livlina.authority.cases.models.decision import Decision, DecisionLine, DelegationRule
from livlina.authority.cases.models.document import Document, ServiceOfNotice
from livlina.authority.cases.models.draft import FormDraft
from livlina.authority.cases.models.fact import CaseFact

__all__ = [
    "AUTHORITY",
    "Appeal",
    "Application",
    "ApplicationDraft",
    "AuthorityModel",
    "AuthorityRecord",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseFact",
    "Closure",
    "Communication",
    "Deadline",
    "Decision",
    "DecisionLine",
    "DelegationRule",
    "Document",
    "FollowUp",
    "FormDraft",
    "IntakeUnit",
    "ServiceOfNotice",
    "signature",
]
