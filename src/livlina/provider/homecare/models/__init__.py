"""What is stored about how care is carried out: plans, staff, visits, nursing, and the phones that carry them."""

from livlina.provider.homecare.models.nursing import (
    Delegation,
    Dose,
    DoseSignature,
    NarcoticCount,
    NursingTask,
)
from livlina.provider.homecare.models.paper import PaperPage
from livlina.provider.homecare.models.phone import FieldEvent, Pack, Phone
from livlina.provider.homecare.models.plan import OUTCOMES, TIMES, CarePlan, PlannedTask, PlanReview
from livlina.provider.homecare.models.staff import Shift, Skill
from livlina.provider.homecare.models.visit import Visit, VisitCarer, VisitEvent, VisitSeries

__all__ = [
    "OUTCOMES",
    "TIMES",
    "CarePlan",
    "Delegation",
    "Dose",
    "DoseSignature",
    "FieldEvent",
    "NarcoticCount",
    "NursingTask",
    "Pack",
    "PaperPage",
    "Phone",
    "PlanReview",
    "PlannedTask",
    "Shift",
    "Skill",
    "Visit",
    "VisitCarer",
    "VisitEvent",
    "VisitSeries",
]
