"""What the authority stores of its case work. Every row lies in its branch's compartment: no provider sees any of it."""

from livlina.authority.cases.models.appeal import Appeal
from livlina.authority.cases.models.application import Application, ApplicationDraft
from livlina.authority.cases.models.base import AuthorityModel, AuthorityRecord, SignedRecord, signature
from livlina.authority.cases.models.case import Case, CaseCounter, CaseEvent, IntakeUnit
from livlina.authority.cases.models.closure import Closure, FollowUp
from livlina.authority.cases.models.communication import Communication
from livlina.authority.cases.models.deadline import Deadline
from livlina.authority.cases.models.decision import Decision, DecisionLine, DelegationRule
from livlina.authority.cases.models.desk import DeskHandOver, WorklistDefault
from livlina.authority.cases.models.document import Document, ServiceOfNotice
from livlina.authority.cases.models.draft import FormDraft
from livlina.authority.cases.models.fact import CaseFact
from livlina.authority.cases.models.length import OwnLength
from livlina.authority.cases.models.party import CaseParty
from livlina.authority.cases.models.report import ConcernReport, ReportedPerson

__all__ = [
    "Appeal",
    "Application",
    "ApplicationDraft",
    "AuthorityModel",
    "AuthorityRecord",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseFact",
    "CaseParty",
    "Closure",
    "Communication",
    "ConcernReport",
    "Deadline",
    "Decision",
    "DecisionLine",
    "DelegationRule",
    "DeskHandOver",
    "Document",
    "FollowUp",
    "FormDraft",
    "IntakeUnit",
    "OwnLength",
    "ReportedPerson",
    "ServiceOfNotice",
    "SignedRecord",
    "WorklistDefault",
    "signature",
]
